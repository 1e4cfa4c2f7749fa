import type { AccessView } from "../api/people";

type AccessPath = AccessView["paths"][number];

/** One group that grants an app. */
export function accessPath(group: string, more: Partial<AccessPath> = {}): AccessPath {
  return {
    groupId: `id-${group}`,
    group,
    roles: ["user"],
    default: false,
    synced: "no",
    seat: true,
    effect: "frees_unless",
    others: [],
    also: [],
    ...more,
  };
}
