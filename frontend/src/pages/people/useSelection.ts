import { useCallback, useEffect, useState } from "react";
import { clearSelection, type SelectOp, select, selectionCount } from "../../api/people";
import { toProblem } from "../../api/problem";
import { toastProblem } from "../../ui/toast";
import { patchSelected } from "./selection";
import type { PeopleList } from "./usePeopleList";

export interface Selection {
  count: number;
  /** Everybody in this list is selected, as far as the page knows. */
  all: boolean;
  /** Answers whether it was carried out; what was not is shown. */
  change(op: SelectOp, from: number, to: number): Promise<boolean>;
  clear(): void;
}

/**
 * The selection. It lives in the backend and survives another filter; the page tells it ranges of rows and marks the
 * rows that it holds.
 */
export function useSelection(sourceId: string, list: PeopleList | undefined): Selection {
  const [count, setCount] = useState(0);
  const [allOf, setAllOf] = useState("");

  useEffect(() => {
    let current = true;
    selectionCount(sourceId).then(
      (n) => current && setCount(n),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
    return () => {
      current = false;
    };
  }, [sourceId]);

  const change = useCallback(
    async (op: SelectOp, from: number, to: number) => {
      if (!list) {
        return false;
      }
      // Shown at once; when the backend says no, the rows are read again.
      list.rows.patch(patchSelected(op, from, to));
      try {
        setCount(await select(list.snapshot.id, op, from, to));
        setAllOf(op === "all" ? list.snapshot.id : "");
        return true;
      } catch (cause) {
        list.rows.forget();
        toastProblem(toProblem(cause));
        return false;
      }
    },
    [list],
  );

  const clear = useCallback(() => {
    list?.rows.patch(patchSelected("none", 0, 0));
    setAllOf("");
    clearSelection(sourceId).then(
      () => setCount(0),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  }, [list, sourceId]);

  return { count, all: allOf !== "" && allOf === list?.snapshot.id, change, clear };
}
