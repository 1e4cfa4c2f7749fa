import { Button, Skeleton } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

export interface TableColumn<T> {
  name: string;
  /** The header's text; "" for a column of controls, which is named by `label`. */
  title: string;
  label?: string;
  width?: number | string;
  /** Stands at the right, as numbers do. */
  right?: boolean;
  cell: (row: T) => ReactNode;
}

/** A table of one page of rows. While the first page loads it shows rows of the final height. */
export function DataTable<T>({
  label,
  columns,
  rows,
  rowKey,
  empty,
  newer,
  onOpen,
}: {
  label: string;
  columns: TableColumn<T>[];
  /** undefined while loading. */
  rows: T[] | undefined;
  rowKey: (row: T) => string | number;
  empty: ReactNode;
  /** Shows newer rows that wait until the pointer leaves these; undefined: none wait. */
  newer?: (() => void) | undefined;
  /** A click anywhere on a row; the row must also have a control for the keyboard. */
  onOpen?: (row: T) => void;
}) {
  return (
    <div className={classes.wrap}>
      {newer ? (
        <Button
          className={classes.newer}
          size="compact-xs"
          variant="light"
          leftSection={<IconRefresh size={12} aria-hidden />}
          onClick={newer}
        >
          Changed – refresh
        </Button>
      ) : null}
      <table className={classes.table} aria-label={label} aria-busy={rows === undefined}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.name} scope="col" style={{ width: c.width }} data-right={c.right}>
                {c.title === "" ? <span className="sr-only">{c.label ?? c.name}</span> : c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined
            ? [1, 2, 3, 4, 5, 6].map((i) => (
                <tr key={i}>
                  {columns.map((c) => (
                    <td key={c.name}>
                      <Skeleton height={12} my={4} animate={false} />
                    </td>
                  ))}
                </tr>
              ))
            : rows.map((row) => (
                // The click is a shortcut for the mouse; each row has its own control for the keyboard.
                <tr key={rowKey(row)} data-link={onOpen ? true : undefined} onClick={onOpen && (() => onOpen(row))}>
                  {columns.map((c) => (
                    <td key={c.name} data-right={c.right}>
                      {c.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
          {rows?.length === 0 ? (
            <tr>
              <td colSpan={columns.length} className={classes.empty}>
                {empty}
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

/** Second line of a cell. */
export function SubLine({ children }: { children: ReactNode }) {
  return <span className={classes.sub}>{children}</span>;
}
