import type { Tone } from "../ui/State";

const statuses: Record<string, { tone: Tone; word: string }> = {
  active: { tone: "good", word: "Active" },
  suspended: { tone: "paused", word: "Suspended" },
  deactivated: { tone: "off", word: "Deactivated" },
  invited: { tone: "idle", word: "Invited" },
  no_directory: { tone: "off", word: "In no directory" },
  for_deletion: { tone: "bad", word: "To be deleted" },
  unknown: { tone: "idle", word: "Not known" },
};

/** The state of an account as Atlassian's own screens name it. */
export function statusWords(status: string): { tone: Tone; word: string } {
  return statuses[status] ?? { tone: "idle", word: status };
}

/** That there is no app, as far as a kind of source tells of apps: a Jira site does not know of Confluence. */
export function noApp(kind: string): string {
  return kind === "jira_cloud" ? "No Jira app" : "No app";
}

/** "yes", "no" or unknown, which is never shown as no. */
export function triWord(value: string): string {
  return value === "yes" ? "Yes" : value === "no" ? "No" : "Not known";
}

const roles: Record<string, string> = {
  "org-admin": "Organization admin",
  "site-admin": "Site admin",
  "user-access-admin": "User access admin",
};

/** The name of a platform role. */
export function roleName(role: string): string {
  return roles[role.replace(/^atlassian\//, "")] ?? role;
}
