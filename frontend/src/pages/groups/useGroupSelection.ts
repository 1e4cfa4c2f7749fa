import { useState } from "react";
import type { NamedId } from "../../api/groups";

/** The groups that are chosen, over all pages of the list: names by id. */
export interface GroupSelection {
  ids: ReadonlyMap<string, string>;
  set: (groups: NamedId[], on: boolean) => void;
  clear: () => void;
}

export function useGroupSelection(): GroupSelection {
  const [ids, setIds] = useState<ReadonlyMap<string, string>>(new Map());
  return {
    ids,
    set: (groups, on) =>
      setIds((before) => {
        const next = new Map(before);
        for (const g of groups) {
          if (on) {
            next.set(g.id, g.name);
          } else {
            next.delete(g.id);
          }
        }
        return next;
      }),
    clear: () => setIds(new Map()),
  };
}
