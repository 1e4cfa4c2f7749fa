import type { SelectOp } from "../../api/people";

interface Selectable {
  selected: boolean;
}

/** What an operation of the selection means for one row; the same rule as in the backend. */
export function selectedAfter(op: SelectOp | "none", inRange: boolean, was: boolean): boolean {
  switch (op) {
    case "add":
      return was || inRange;
    case "remove":
      return was && !inRange;
    case "toggle":
      return inRange ? !was : was;
    case "only":
      return inRange;
    case "all":
      return true;
    case "here":
    case "keep": // who of those stands in this list is read
      return was;
    case "none":
      return false;
  }
}

/** A change for WindowCache.patch: rows that stay as they are keep their identity. */
export function patchSelected<T extends Selectable>(op: SelectOp | "none", from: number, to: number) {
  return (row: T, index: number): T => {
    const selected = selectedAfter(op, index >= from && index < to, row.selected);
    return selected === row.selected ? row : { ...row, selected };
  };
}

/** The rows [from, to) between two rows, in either direction, both included. */
export function rangeOf(a: number, b: number): [from: number, to: number] {
  return a <= b ? [a, b + 1] : [b, a + 1];
}
