import { useLocalStorage } from "@mantine/hooks";
import { useMemo } from "react";
import { COLUMN_BY_ID, COLUMNS, type Column, columnFor } from "./columns";

export type Density = 28 | 32 | 40;

function isDensity(n: number): n is Density {
  return n === 28 || n === 32 || n === 40;
}

interface Saved {
  order: string[];
  hidden: string[];
  /** Widths that the operator gave, by column. */
  sizes: Record<string, number>;
  density: Density;
}

/** How wide a column may be, in pixels at the usual size. */
const NARROWEST = 64;
/** Who somebody is stays readable beside the end of the account id. */
const NARROWEST_FIXED = 150;
const WIDEST = 640;

const initial: Saved = {
  order: COLUMNS.map((c) => c.id),
  hidden: COLUMNS.filter((c) => !c.shown).map((c) => c.id),
  sizes: {},
  density: 32,
};

/** Whether the operator has it shown. A column that there was not yet when the columns were kept is as at first. */
function isShown(column: Column, saved: Saved): boolean {
  if (column.fixed) {
    return true;
  }
  return saved.order.includes(column.id) ? !saved.hidden.includes(column.id) : column.shown;
}

/** A width within the bounds of a column. */
function within(column: Column, width: number): number {
  return Math.max(column.fixed ? NARROWEST_FIXED : NARROWEST, Math.min(WIDEST, width));
}

function widthIn(saved: Saved, column: Column): number {
  return within(column, saved.sizes[column.id] ?? column.size);
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

/** By which column a list is sorted. */
export interface Sort {
  id: string;
  desc: boolean;
}

/** The state of the columns: order, visibility, size and sort, kept from start to start. Rows are drawn from the list `shown`. */
export function useColumns(kind: string, sort: Sort | undefined, onSort: (s: Sort) => void) {
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
  const shown = useMemo<Shown[]>(
    () =>
      order.flatMap((id) => {
        const column = columnFor(id, kind);
        return column && isShown(column, saved)
          ? [{ column, width: widthIn(saved, column), sized: id in saved.sizes }]
          : [];
      }),
    [kind, order, saved],
  );
  return {
    shown,
    order,
    /** How the list is sorted by a column, if it is. */
    sorted: (id: string) => (sort?.id !== id ? undefined : sort.desc ? "desc" : "asc"),
    /** Sorts by a column, or turns its order around. */
    toggleSort: (id: string) => onSort({ id, desc: sort?.id === id && !sort.desc }),
    isShown: (column: Column) => isShown(column, saved),
    widthOf: (column: Column) => widthIn(saved, column),
    /** Shows or hides a column that is not fixed. */
    toggle: (id: string) =>
      setSaved((s) => {
        const now = COLUMNS.filter((c) => !isShown(c, s)).map((c) => c.id);
        return { ...s, order, hidden: now.includes(id) ? now.filter((h) => h !== id) : [...now, id] };
      }),
    density: saved.density,
    setDensity: (density: Density) => setSaved((s) => ({ ...s, density })),
    /** Gives a column a width in pixels at the usual size, within bounds. */
    resize: (id: string, width: number) => {
      const column = COLUMN_BY_ID.get(id);
      if (column) {
        setSaved((s) => ({ ...s, sizes: { ...s.sizes, [id]: Math.round(within(column, width)) } }));
      }
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
