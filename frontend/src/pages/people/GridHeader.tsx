// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be windowed; this is the grid pattern of ARIA
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus, rows come and go
import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { memo, type PointerEvent } from "react";
import { count } from "../../util/format";
import classes from "./Grid.module.css";
import type { Columns, Shown } from "./useColumns";
import type { Selection } from "./useSelection";

interface GridHeaderProps {
  columns: Columns;
  /** The columns with their widths as they are drawn. */
  drawn: Shown[];
  zoom: number;
  selection: Selection;
  total: number;
}

/**
 * The head of the list: a box for everybody, and for each column its name, its sort and its edge to resize. Scrolling does
 * not draw it again.
 */
export const GridHeader = memo(function GridHeader({ columns, drawn, zoom, selection, total }: GridHeaderProps) {
  return (
    <div role="rowgroup" tabIndex={-1} className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        <div role="columnheader" aria-colindex={1} className={classes.boxCell}>
          <Checkbox
            size="xs"
            aria-label={`Select all ${count(total)} in this list`}
            checked={selection.all}
            indeterminate={selection.some && !selection.all}
            disabled={total === 0}
            onChange={() => void selection.change(selection.all ? "remove" : "all", 0, total)}
          />
        </div>
        {drawn.map(({ column, width }, i) => {
          const sorted = columns.sorted(column.id);
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
                <button type="button" className={classes.sort} onClick={() => columns.toggleSort(column.id)}>
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
                onPointerDown={(e) => follow(e, (by) => columns.resize(column.id, (width + by) / zoom))}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
});

/** Calls `drag` with how far the pointer is from where it went down, until it goes up. Keys do the same in the menu of columns. */
function follow(down: PointerEvent<HTMLElement>, drag: (by: number) => void) {
  const edge = down.currentTarget;
  down.preventDefault();
  edge.setPointerCapture(down.pointerId);
  const end = new AbortController();
  edge.addEventListener("pointermove", (e) => drag((e as globalThis.PointerEvent).clientX - down.clientX), {
    signal: end.signal,
  });
  for (const name of ["pointerup", "pointercancel"]) {
    edge.addEventListener(name, () => end.abort(), { signal: end.signal });
  }
}
