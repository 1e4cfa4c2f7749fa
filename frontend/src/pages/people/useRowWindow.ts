import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** Rows drawn beyond the visible ones, on either side, at least. */
const OVERSCAN = 8;

/** Rows come and go by so many at once: most frames of a scroll then change nothing but the place. */
export const BLOCK = 4;

/** The height of the head in pixels at the usual size. It stands over the rows, so that as much less of them is in sight. */
const HEAD = 32;

interface Drawn {
  first: number;
  end: number;
}

/** Which rows are drawn, and how to go to others. */
export interface RowWindow {
  /** The rows [first, end) are drawn; first begins a block. */
  first: number;
  end: number;
  /** Whole rows that fit into the window now. */
  page(): number;
  /** Brings a row into sight, if it is not, or into the middle. */
  scrollTo(index: number, where: "nearest" | "middle"): void;
}

function drawnAt(top: number, tall: number, height: number, total: number): Drawn {
  const block = BLOCK * height;
  const first = Math.max(0, Math.floor((top - OVERSCAN * height) / block) * BLOCK);
  return { first, end: Math.min(total, Math.ceil((top + tall + OVERSCAN * height) / block) * BLOCK) };
}

/**
 * The rows of a list that the scroller has in sight, all of one height. Rows of another height, by density or zoom,
 * leave the row at the top where it is.
 */
export function useRowWindow(
  scroller: RefObject<HTMLDivElement | null>,
  total: number,
  height: number,
  zoom: number,
): RowWindow {
  const [drawn, setDrawn] = useState(() => drawnAt(0, 640, height, total));
  const latest = useRef(drawn);
  const look = useCallback(() => {
    const el = scroller.current;
    const now = el ? drawnAt(el.scrollTop, el.clientHeight, height, total) : latest.current;
    if (now.first === latest.current.first && now.end === latest.current.end) {
      return false;
    }
    latest.current = now;
    return true;
  }, [scroller, height, total]);

  const drawnHeight = useRef(height);
  useLayoutEffect(() => {
    const el = scroller.current;
    if (!el) {
      return;
    }
    if (drawnHeight.current !== height) {
      el.scrollTop = Math.round(el.scrollTop / drawnHeight.current) * height;
      drawnHeight.current = height;
    }
    const show = () => setDrawn(latest.current);
    if (look()) {
      show();
    }
    // In the frame that shows the new place, not in the one after.
    const follow = () => look() && flushSync(show);
    el.addEventListener("scroll", follow, { passive: true });
    const resized = new ResizeObserver(follow);
    resized.observe(el);
    return () => {
      el.removeEventListener("scroll", follow);
      resized.disconnect();
    };
  }, [scroller, height, look]);

  const head = Math.round(HEAD * zoom);
  const page = useCallback(
    () => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - head) / height)),
    [scroller, head, height],
  );
  const scrollTo = useCallback(
    (index: number, where: "nearest" | "middle") => {
      const el = scroller.current;
      if (!el) {
        return;
      }
      const top = index * height;
      const bottom = top + height + head - el.clientHeight;
      if (where === "middle") {
        el.scrollTop = (top + bottom) / 2;
      } else if (top < el.scrollTop) {
        el.scrollTop = top;
      } else if (bottom > el.scrollTop) {
        el.scrollTop = bottom;
      }
    },
    [scroller, head, height],
  );
  // A list that became shorter has no rows beyond its end, whatever was in sight before.
  return { first: Math.min(drawn.first, total), end: Math.min(drawn.end, total), page, scrollTo };
}

/** The numbers from one up to another, in steps. */
export function span(from: number, to: number, step = 1): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
}
