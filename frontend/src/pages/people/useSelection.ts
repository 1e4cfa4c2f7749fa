import { useCallback, useEffect, useState } from "react";
import { clearSelection, type SelectOp, select, selectedIn, selectionCount } from "../../api/people";
import { toProblem } from "../../api/problem";
import { toastProblem } from "../../ui/toast";
import { patchSelected } from "./selection";
import type { PeopleList } from "./usePeopleList";

export interface Selection {
  count: number;
  /** How many of them are not in this list: the selection survives another filter. */
  outside: number;
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
  const [selected, setSelected] = useState({ count: 0 });
  const [allOf, setAllOf] = useState("");
  const [elsewhere, setElsewhere] = useState({ list: "", count: 0 });

  useEffect(() => {
    let current = true;
    selectionCount(sourceId).then(
      (count) => current && setSelected({ count }),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
    return () => {
      current = false;
    };
  }, [sourceId]);

  const listId = list?.snapshot.id ?? "";
  useEffect(() => {
    if (selected.count === 0 || listId === "") {
      return;
    }
    let current = true;
    selectedIn(listId).then(
      (here) => current && setElsewhere({ list: listId, count: selected.count - here }),
      // The list is gone: the next one will tell.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [listId, selected]);

  const change = useCallback(
    async (op: SelectOp, from: number, to: number) => {
      if (!list) {
        return false;
      }
      // Shown at once; when the backend says no, the rows are read again.
      list.rows.patch(patchSelected(op, from, to));
      try {
        setSelected({ count: await select(list.snapshot.id, op, from, to) });
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
      () => setSelected({ count: 0 }),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  }, [list, sourceId]);

  const { count } = selected;
  const outside = elsewhere.list === listId ? Math.min(elsewhere.count, count) : 0;
  return { count, outside, all: allOf !== "" && allOf === list?.snapshot.id, change, clear };
}
