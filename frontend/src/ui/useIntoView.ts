import { type RefObject, useEffect, useRef } from "react";

/** Brings what appears at the end of a form into sight, once: a way out that is below the window's edge helps nobody. */
export function useIntoView(there = true): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (there) {
      place.current?.scrollIntoView({ block: "nearest" });
    }
  }, [there]);
  return place;
}
