import { useEffect, useReducer, useRef } from "react";

/** What a list shows, and whether something newer waits for the pointer to leave it. */
export interface Still<T> {
  shown: T;
  waiting: boolean;
  /** Shows what waits. */
  take(): void;
}

/**
 * Keeps what stands in or above a list as it is while the pointer is on the list: what arrives by itself must not put
 * another row under it. Another question is answered at once, and so is the same one when nothing would move.
 *
 * `question` is undefined while `fresh` still answers the one before; `list` finds the list's element.
 */
export function useStill<T>(
  fresh: T,
  question: string | undefined,
  shape: (value: T) => string,
  list: string,
): Still<T> {
  const kept = useRef({ question, value: fresh });
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const used = () => document.querySelector(list)?.matches(":hover") ?? false;
  const { current } = kept;
  // What is shown for the first time takes the place of nothing.
  const moves =
    current.value !== undefined &&
    question !== undefined &&
    question === current.question &&
    shape(fresh) !== shape(current.value);
  if (!moves || !used()) {
    kept.current = { question: question ?? current.question, value: fresh };
  }
  const waiting = kept.current.value !== fresh;
  useEffect(() => {
    if (!waiting) {
      return;
    }
    document.addEventListener("pointerover", draw);
    return () => document.removeEventListener("pointerover", draw);
  }, [waiting]);
  return {
    shown: kept.current.value,
    waiting,
    take: () => {
      kept.current = { ...kept.current, value: fresh };
      draw();
    },
  };
}
