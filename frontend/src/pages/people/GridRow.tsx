// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be windowed; this is the grid pattern of ARIA
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus, rows come and go
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid handles the keys
import { memo } from "react";
import type { PersonRow } from "../../api/people";
import { idTail } from "../../util/format";
import { plainMarks } from "../../util/marks";
import classes from "./Grid.module.css";
import type { Shown } from "./useColumns";

/** The element id of a row, for aria-activedescendant. */
export function rowId(index: number): string {
  return `person-row-${index}`;
}

interface GridRowProps {
  index: number;
  /** undefined while it is read: the row keeps its height and shows bars. */
  row: PersonRow | undefined;
  columns: Shown[];
  height: number;
  active: boolean;
  onPress(index: number, what: "box" | "row" | "double", shift: boolean): void;
}

/** One person. Drawn again only when the row, its place or the columns are others. */
export const GridRow = memo(function GridRow({ index, row, columns, height, active, onPress }: GridRowProps) {
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={row?.selected ?? false}
      className={classes.row}
      data-active={active || undefined}
      style={{ height }}
      onClick={(e) => onPress(index, "row", e.shiftKey)}
      onDoubleClick={() => onPress(index, "double", false)}
    >
      <div
        role="gridcell"
        aria-colindex={1}
        className={classes.boxCell}
        onClick={(e) => {
          e.stopPropagation();
          onPress(index, "box", e.shiftKey);
        }}
      >
        {row ? (
          <span
            role="checkbox"
            aria-checked={row.selected}
            aria-label={`Select ${plainMarks(row.name)}, ${idTail(row.accountId)}`}
            className={classes.box}
          />
        ) : null}
      </div>
      {columns.map(({ column, width }, i) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={i + 2}
          className={classes.cell}
          data-align={column.align}
          style={{ width }}
        >
          {row ? (
            column.cell(row)
          ) : (
            <span className={classes.bar} style={{ width: `${45 + ((index * 7 + i * 13) % 40)}%` }} />
          )}
        </div>
      ))}
    </div>
  );
});
