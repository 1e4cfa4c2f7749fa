import { useState } from "react";

/** What is chosen in a list that comes in pages: names by id. */
export interface Chosen {
  ids: ReadonlyMap<string, string>;
  /** How many the choice of a whole list took out; `keep` brings them back. */
  aside: number;
  /** Chooses single ones, or no longer. */
  set: (some: Named[], on: boolean) => void;
  /** Chooses these and nobody else. */
  only: (all: Named[]) => void;
  keep: () => void;
  clear: () => void;
}

interface Named {
  id: string;
  name: string;
}

const none: ReadonlyMap<string, string> = new Map();

/** A choice by the rule of the people's selection: "all" means what is seen, and what else was chosen stays only when asked for. */
export function useChosen(): Chosen {
  const [{ ids, aside }, change] = useState({ ids: none, aside: none });
  return {
    ids,
    aside: aside.size,
    set: (some, on) =>
      change((before) => {
        const next = new Map(before.ids);
        const rest = new Map(before.aside);
        for (const { id, name } of some) {
          if (on) {
            next.set(id, name);
            rest.delete(id);
          } else {
            next.delete(id);
          }
        }
        return { ids: next, aside: rest };
      }),
    only: (all) =>
      change((before) => {
        const next = new Map(all.map((one) => [one.id, one.name]));
        const out = [...before.ids].filter(([id]) => !next.has(id));
        const rest = out.length > 0 ? out : [...before.aside].filter(([id]) => !next.has(id));
        return { ids: next, aside: new Map(rest) };
      }),
    keep: () => change((before) => ({ ids: new Map([...before.aside, ...before.ids]), aside: none })),
    clear: () => change({ ids: none, aside: none }),
  };
}
