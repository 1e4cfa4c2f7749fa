import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";

/** Rows drawn beyond the visible ones, on either side. */
export const OVERSCAN = 10;

/** Which rows are drawn, and where. Rows of another height, by density or zoom, leave the row at the top where it is. */
export function useRowWindow(scroller: RefObject<HTMLDivElement | null>, count: number, height: number, zoom: number) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollPaddingStart: Math.round(32 * zoom),
    initialRect: { width: 1024, height: 640 },
  });
  const drawnHeight = useRef(height);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height is every row's
  useEffect(() => {
    const top = Math.round((virtual.scrollOffset ?? 0) / drawnHeight.current);
    virtual.measure();
    if (drawnHeight.current !== height) {
      drawnHeight.current = height;
      virtual.scrollToOffset(top * height);
    }
  }, [height]);
  return virtual;
}
