import { type RefObject, useLayoutEffect, useState } from "react";

/** How wide an element is inside, as long as it is there. */
export function useRoom(element: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const el = element.current;
    if (!el) {
      return;
    }
    const look = () => setRoom(el.clientWidth);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(el);
    return () => watch.disconnect();
  }, [element]);
  return room;
}
