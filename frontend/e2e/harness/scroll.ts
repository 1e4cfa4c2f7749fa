/** What was seen of the list of people while it was scrolled. */
export interface Seen {
  frames: number;
  milliseconds: number;
  /** Frames that took longer than 50 ms, and the longest. */
  late: number;
  longest: number;
  /** Places for rows in sight over all frames, and how many of them showed nobody yet. */
  places: number;
  blank: number;
}

/** Stands in the page as `watch`. */
export interface Watch {
  /** Places for rows in sight now, and how many of them show nobody. */
  look(): { places: number; blank: number };
  /** Begins to look at each frame. */
  begin(): void;
  end(): Seen;
}

export type Watched = typeof globalThis & { watch: Watch };

/** Puts `watch` into the page. It goes there as text, and so uses nothing from outside of itself. */
export function putWatch() {
  const nothing: Seen = { frames: 0, milliseconds: 0, late: 0, longest: 0, places: 0, blank: 0 };
  let seen = { ...nothing };
  let running = 0;
  let last: number | undefined;
  const look = () => {
    const grid = document.querySelector("[role=grid]");
    const row = grid?.querySelector("[id^=person-row-]");
    const head = grid?.querySelector("[role=columnheader]");
    if (!grid || !row || !head) throw new Error("no list of people");
    const top = head.getBoundingClientRect().bottom;
    const bottom = grid.getBoundingClientRect().top + grid.clientTop + grid.clientHeight;
    const places = Math.floor((bottom - top) / row.getBoundingClientRect().height);
    let there = 0;
    for (const row of grid.querySelectorAll("[id^=person-row-]")) {
      const at = row.getBoundingClientRect();
      if (at.bottom > top + 1 && at.top < bottom - 1 && row.querySelector("[role=checkbox]")) there++;
    }
    return { places, blank: Math.max(0, places - there) };
  };
  const frame = (now: number) => {
    if (last !== undefined) {
      const took = now - last;
      const { places, blank } = look();
      seen.frames++;
      seen.milliseconds += took;
      seen.longest = Math.max(seen.longest, took);
      if (took > 50) seen.late++;
      seen.places += places;
      seen.blank += blank;
    }
    last = now;
    running = requestAnimationFrame(frame);
  };
  const watch: Watch = {
    look,
    begin() {
      seen = { ...nothing };
      last = undefined;
      running = requestAnimationFrame(frame);
    },
    end() {
      cancelAnimationFrame(running);
      return seen;
    },
  };
  Object.assign(globalThis, { watch });
}

/** What was seen, in words. `cpu` is the milliseconds that the page computed meanwhile. */
export function inWords(how: string, seen: Seen, cpu: number): string {
  const rate = Math.round((1000 * seen.frames) / seen.milliseconds);
  return (
    `${how}: ${seen.frames} frames, ${rate} a second, the longest ${Math.round(seen.longest)} ms, ${seen.late} over 50 ms; ` +
    `${(cpu / seen.frames).toFixed(1)} ms of CPU a frame; ${seen.blank} of ${seen.places} rows blank when first in sight`
  );
}

/** What was seen, as figures for `bench`. */
export function figuresOf(seen: Seen, cpu: number): Record<string, number> {
  return {
    "frames/s": (1000 * seen.frames) / seen.milliseconds,
    "CPU-ms/frame": cpu / seen.frames,
    "blank-%": (100 * seen.blank) / seen.places,
  };
}
