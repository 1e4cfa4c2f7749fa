/** Stands in the page as `still`: every place at which the rows of a list were drawn since `begin`. */
export interface Still {
  begin(rows: string): void;
  end(): Record<string, number[]>;
}

/** Puts `still` into the page. It goes there as text, and so uses nothing from outside of itself. */
export function putStill() {
  let seen: Record<string, number[]> = {};
  let running = 0;
  Object.assign(globalThis, {
    still: {
      begin(rows: string) {
        seen = {};
        cancelAnimationFrame(running);
        const look = () => {
          for (const row of document.querySelectorAll(rows)) {
            // The name is the person or the group, wherever its row is drawn.
            const name = row.querySelector("[aria-label]")?.getAttribute("aria-label");
            if (!name) continue; // it is still read
            const top = Math.round(row.getBoundingClientRect().top);
            const tops = seen[name] ?? [];
            seen[name] = tops.includes(top) ? tops : [...tops, top];
          }
          running = requestAnimationFrame(look);
        };
        look();
      },
      end() {
        cancelAnimationFrame(running);
        return seen;
      },
    } satisfies Still,
  });
}

/** The rows that were drawn at more than one place. */
export function moved(seen: Record<string, number[]>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(seen).filter(([, tops]) => tops.length > 1));
}
