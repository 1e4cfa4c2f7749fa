// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be windowed; this is the grid pattern of ARIA
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus, rows come and go
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid handles the keys
import { type CSSProperties, type MouseEvent, memo } from "react";
import type { PersonRow } from "../../api/people";
import { idTail } from "../../util/format";
import { plainMarks } from "../../util/marks";
import classes from "./Grid.module.css";
import type { Shown } from "./useColumns";

/** The element id of a row, for aria-activedescendant. */
export function rowId(index: number): string {
  return `person-row-${index}`;
}

/** The width of the column with the boxes, in pixels at the usual size. */
export const BOX_WIDTH = 40;

/** Bars where the columns are, for the rows below an element with this style that are still read: one picture for each row. */
export function barsOf(columns: Shown[], zoom: number): CSSProperties {
  let at = BOX_WIDTH * zoom;
  const bars = columns.map(({ width }) => {
    const bar = `transparent 0 ${at + 10}px, var(--sk-line) 0 ${at + width * 0.65}px`;
    at += width;
    return bar;
  });
  return { "--bars": `linear-gradient(90deg, ${bars.join(", ")}, transparent 0)` } as CSSProperties;
}

/**
 * A double click and a click with Shift are about rows: they mark no words. Dragging still does. What is prevented would
 * also give the focus.
 */
function markNothing(e: MouseEvent) {
  if (e.button === 0 && (e.detail > 1 || e.shiftKey)) {
    e.preventDefault();
    e.currentTarget.closest<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
  }
}

interface GridRowProps {
  index: number;
  /** undefined while it is read: the row keeps its height and shows bars, without a single cell to make. */
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
      onMouseDown={markNothing}
      onClick={(e) => onPress(index, "row", e.shiftKey)}
      onDoubleClick={() => onPress(index, "double", false)}
    >
      {row ? (
        <>
          <div
            role="gridcell"
            aria-colindex={1}
            className={classes.boxCell}
            onClick={(e) => {
              e.stopPropagation();
              onPress(index, "box", e.shiftKey);
            }}
            // Two clicks on a box are two clicks: they open nothing.
            onDoubleClick={(e) => e.stopPropagation()}
          >
            <span
              role="checkbox"
              aria-checked={row.selected}
              aria-label={`Select ${plainMarks(row.name)}, ${idTail(row.accountId)}`}
              className={classes.box}
            />
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
              {column.cell(row)}
            </div>
          ))}
        </>
      ) : (
        <div role="gridcell" aria-colindex={1} aria-colspan={columns.length + 1} className={classes.bars} />
      )}
    </div>
  );
});
