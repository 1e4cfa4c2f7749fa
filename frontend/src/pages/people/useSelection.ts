import { useCallback, useEffect, useRef, useState } from "react";
import { clearSelection, type SelectionView, type SelectOp, select, selectedIn } from "../../api/people";
import { toProblem } from "../../api/problem";
import { toastProblem } from "../../ui/toast";
import { patchSelected } from "./selection";
import type { PeopleList } from "./usePeopleList";

export interface Selection {
  count: number;
  /** How many of them are not in this list: the selection survives another filter. */
  outside: number;
  /** How many the choice of this whole list took out of the selection; they can be kept too. */
  aside: number;
  /** Some in this list are selected, or everybody. */
  some: boolean;
  all: boolean;
  /** Answers whether it was carried out; what was not is shown. */
  change(op: SelectOp, from?: number, to?: number): Promise<boolean>;
  clear(): void;
}

const nobody: SelectionView = { count: 0, here: 0, all: false, aside: 0 };

/**
 * The selection. It lives in the backend and survives another filter; the page tells it ranges of rows and marks the
 * rows that it holds.
 */
export function useSelection(sourceId: string, list: PeopleList | undefined): Selection {
  const [seen, setSeen] = useState({ from: "", ...nobody });
  const listId = list?.snapshot.id ?? "";
  const here = useRef(0);
  here.current = seen.from === listId ? seen.here : 0;
  // Only the newest answer counts.
  const asked = useRef(0);

  useEffect(() => {
    if (listId === "") {
      return;
    }
    const mine = ++asked.current;
    selectedIn(listId).then(
      (view) => mine === asked.current && setSeen({ from: listId, ...view }),
      // The list is gone: the next one will tell.
      () => undefined,
    );
  }, [listId]);

  const change = useCallback(
    async (op: SelectOp, from = 0, to = 0) => {
      if (!list) {
        return false;
      }
      const { id } = list.snapshot;
      const mine = ++asked.current;
      // Shown at once; when the backend says no, the rows are read again.
      const answer = select(id, op, from, to);
      list.rows.patch(patchSelected(op, from, to), answer);
      try {
        const view = await answer;
        if (mine === asked.current) {
          setSeen({ from: id, ...view });
        }
        if (op === "keep" && view.here !== here.current) {
          list.rows.forget();
        }
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
    const mine = ++asked.current;
    const answer = clearSelection(sourceId);
    list?.rows.patch(patchSelected("none", 0, 0), answer);
    answer.then(
      () => mine === asked.current && setSeen({ from: listId, ...nobody }),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  }, [list, listId, sourceId]);

  // Until the backend has said how it looks from another list, nothing is said about that.
  const known = seen.from === listId;
  return {
    count: seen.count,
    outside: known ? seen.count - seen.here : 0,
    aside: known ? seen.aside : 0,
    some: known && seen.here > 0,
    all: known && seen.all,
    change,
    clear,
  };
}
