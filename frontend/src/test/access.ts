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

/** An app with one group that grants it. */
export const jiraAccess: AccessView = {
  app: "Jira",
  site: "acme",
  siteUrl: "https://acme.atlassian.net",
  lastActive: "2026-10-01T00:00:00Z",
  activity: "active",
  via: ["jira-users"],
  paths: [accessPath("jira-users", { default: true })],
  known: true,
  direct: "unknown",
  inferred: false,
  seat: "yes",
  idle: "",
};
