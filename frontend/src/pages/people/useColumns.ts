import { useLocalStorage } from "@mantine/hooks";
import {
  type ColumnOrderState,
  type ColumnSizingState,
  type ColumnVisibilityState,
  columnOrderingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  type Updater,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { PersonRow } from "../../api/people";
import { COLUMN_BY_ID, COLUMNS, type Column, columnFor } from "./columns";

export type Density = 28 | 32 | 40;

function isDensity(n: number): n is Density {
  return n === 28 || n === 32 || n === 40;
}

interface Saved {
  order: ColumnOrderState;
  hidden: string[];
  sizes: ColumnSizingState;
  density: Density;
}

/** How wide a column may be, in pixels at the usual size. */
const NARROWEST = 64;
/** Who somebody is stays readable beside the end of the account id. */
const NARROWEST_FIXED = 150;
const WIDEST = 640;

const features = tableFeatures({
  columnOrderingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
});

const initial: Saved = {
  order: COLUMNS.map((c) => c.id),
  hidden: COLUMNS.filter((c) => !c.shown).map((c) => c.id),
  sizes: {},
  density: 32,
};

const definitions = COLUMNS.map((c) => ({
  id: c.id,
  accessorFn: () => undefined,
  size: c.size,
  minSize: c.fixed ? NARROWEST_FIXED : NARROWEST,
  maxSize: WIDEST,
  enableHiding: !c.fixed,
  enableSorting: c.sort !== undefined,
}));

const noRows: PersonRow[] = [];

/** Whether the operator has it shown. A column that there was not yet when the columns were kept is as at first. */
function isShown(column: Column, saved: Saved): boolean {
  return saved.order.includes(column.id) ? !saved.hidden.includes(column.id) : column.shown;
}

function resolve<T>(updater: Updater<T>, old: T): T {
  return typeof updater === "function" ? (updater as (old: T) => T)(old) : updater;
}

/** A visible column, and how wide it is. */
export interface Shown {
  column: Column;
  width: number;
  /** The operator gave it this width. */
  sized: boolean;
}

/** The columns with spare pixels given to those that grow and have no width from the operator, up to twice their own. */
export function stretch(columns: Shown[], spare: number): Shown[] {
  const growing = columns.filter((c) => c.column.grows && !c.sized);
  const each = Math.floor(Math.max(0, spare) / Math.max(1, growing.length));
  return columns.map((c) => (growing.includes(c) ? { ...c, width: c.width + Math.min(each, c.width) } : c));
}

/**
 * The state of the columns: order, visibility, size and sort, kept from start to start. TanStack Table holds it without
 * any rows; the rows are drawn from the compiled list `shown`.
 */
export function useColumns(
  kind: string,
  sort: { id: string; desc: boolean } | undefined,
  onSort: (s: SortingState) => void,
) {
  const [saved, setSaved] = useLocalStorage<Saved>({
    key: "seatkeeper-people-columns",
    defaultValue: initial,
    getInitialValueInEffect: false,
  });
  const order = useMemo(() => {
    const known = saved.order.filter((id) => COLUMN_BY_ID.has(id));
    const fixed = COLUMNS.filter((c) => c.fixed).map((c) => c.id);
    const added = COLUMNS.map((c) => c.id).filter((id) => !known.includes(id));
    return [...fixed, ...[...known, ...added].filter((id) => !fixed.includes(id))];
  }, [saved.order]);
  const visibility = useMemo<ColumnVisibilityState>(
    () => Object.fromEntries(COLUMNS.map((c) => [c.id, c.fixed || isShown(c, saved)])),
    [saved],
  );
  const sorting = useMemo<SortingState>(() => (sort ? [sort] : []), [sort]);

  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    manualSorting: true,
    state: { columnOrder: order, columnVisibility: visibility, columnSizing: saved.sizes, sorting },
    onColumnOrderChange: (u) => setSaved((s) => ({ ...s, order: resolve(u, order) })),
    onColumnVisibilityChange: (u) => {
      const next = resolve(u, visibility);
      setSaved((s) => ({ ...s, order, hidden: COLUMNS.map((c) => c.id).filter((id) => next[id] === false) }));
    },
    onColumnSizingChange: (u) => setSaved((s) => ({ ...s, sizes: resolve(u, s.sizes) })),
    onSortingChange: (u) => onSort(resolve(u, sorting)),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table reads exactly these
  const shown = useMemo<Shown[]>(
    () =>
      table.getVisibleLeafColumns().flatMap((c) => {
        const column = columnFor(c.id, kind);
        return column ? [{ column, width: c.getSize(), sized: c.id in saved.sizes }] : [];
      }),
    [kind, order, visibility, saved.sizes],
  );

  return {
    table,
    shown,
    order,
    density: saved.density,
    setDensity: (density: Density) => setSaved((s) => ({ ...s, density })),
    /** Gives a column a width in pixels at the usual size, within bounds. */
    resize: (id: string, width: number) => {
      const least = definitions.find((d) => d.id === id)?.minSize ?? NARROWEST;
      setSaved((s) => ({ ...s, sizes: { ...s.sizes, [id]: Math.round(Math.max(least, Math.min(WIDEST, width))) } }));
    },
    /** Moves a column one place; the fixed ones stay first. */
    move: (id: string, by: -1 | 1) => {
      const at = order.indexOf(id);
      const to = at + by;
      const other = order[to];
      if (other === undefined || COLUMN_BY_ID.get(other)?.fixed) {
        return;
      }
      const next = [...order];
      next[at] = other;
      next[to] = id;
      setSaved((s) => ({ ...s, order: next }));
    },
    /** Shows exactly these columns, in this order, and this height; unknown columns are left out, none leaves them as they are. */
    apply: (ids: readonly string[], density: number) => {
      const known = ids.filter((id) => COLUMN_BY_ID.has(id));
      setSaved((s) => ({
        ...s,
        ...(known.length > 0
          ? {
              order: [...known, ...order.filter((id) => !known.includes(id))],
              hidden: COLUMNS.filter((c) => !c.fixed && !known.includes(c.id)).map((c) => c.id),
            }
          : {}),
        ...(isDensity(density) ? { density } : {}),
      }));
    },
    reset: () => setSaved(initial),
  };
}

export type Columns = ReturnType<typeof useColumns>;
