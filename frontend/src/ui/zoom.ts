import { useSyncExternalStore } from "react";

/** The sizes of the page in percent. */
const STEPS = [80, 90, 100, 110, 125, 150, 175, 200];

// The same key as in public/theme.js, which sets the size before the first paint.
const KEY = "seatkeeper-zoom";

const listeners = new Set<() => void>();

function read(): number {
  try {
    const kept = Number(window.localStorage.getItem(KEY));
    return STEPS.includes(kept) ? kept : 100;
  } catch {
    return 100; // no storage
  }
}

let percent = read();

/** The size of everything on the page, in percent. All lengths of the page are multiples of the root's font size. */
export const zoom = {
  get: () => percent,
  set: (to: number) => {
    percent = to;
    document.documentElement.style.fontSize = to === 100 ? "" : `${to}%`;
    try {
      window.localStorage.setItem(KEY, String(to));
    } catch {
      // No storage: it lasts until the window is closed.
    }
    for (const listener of listeners) {
      listener();
    }
  },
  /** One step larger or smaller, as far as there is one. */
  step: (by: 1 | -1) => {
    const to = STEPS[STEPS.indexOf(percent) + by];
    if (to !== undefined) {
      zoom.set(to);
    }
  },
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};

/** By what lengths in pixels that are set by code must be multiplied. */
export function useZoom(): number {
  return useSyncExternalStore(zoom.subscribe, zoom.get) / 100;
}
