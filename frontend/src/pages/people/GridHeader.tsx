// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be windowed; this is the grid pattern of ARIA
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus, rows come and go
import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { count } from "../../util/format";
import classes from "./Grid.module.css";
import type { Columns } from "./useColumns";
import type { Selection } from "./useSelection";

/** The head of the list: a box for everybody, and for each column its name, its sort and its edge to resize. */
export function GridHeader({ columns, selection, total }: { columns: Columns; selection: Selection; total: number }) {
  const { table, shown } = columns;
  const headers = new Map(table.getFlatHeaders().map((h) => [h.column.id, h]));
  return (
    <div role="rowgroup" tabIndex={-1} className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        <div role="columnheader" aria-colindex={1} className={classes.boxCell}>
          <Checkbox
            size="xs"
            aria-label={`Select all ${count(total)} in this list`}
            checked={selection.all}
            indeterminate={selection.count > 0 && !selection.all}
            disabled={total === 0}
            onChange={() => selection.change(selection.all ? "remove" : "all", 0, total)}
          />
        </div>
        {shown.map(({ column, width }, i) => {
          const header = headers.get(column.id);
          const sorted = header?.column.getIsSorted() ?? false;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={i + 2}
              aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
              className={classes.headCell}
              data-align={column.align}
              style={{ width }}
            >
              {column.sort ? (
                <button
                  type="button"
                  className={classes.sort}
                  onClick={() => header?.column.toggleSorting(sorted === "asc", false)}
                >
                  {column.title}
                  {sorted === "asc" ? <IconArrowUp size={13} aria-hidden /> : null}
                  {sorted === "desc" ? <IconArrowDown size={13} aria-hidden /> : null}
                </button>
              ) : (
                <span className={classes.unsorted}>{column.title}</span>
              )}
              <span
                className={classes.resize}
                aria-hidden
                onMouseDown={header?.getResizeHandler()}
                onTouchStart={header?.getResizeHandler()}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
