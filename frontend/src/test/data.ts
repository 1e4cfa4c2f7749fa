import type { AppInfo } from "../api/app";
import type { ActionView } from "../api/bulk";
import type { FilterField, PersonRow, PersonView } from "../api/people";
import type { SourceKindView, SourceView, TestView } from "../api/sources";
import type { SyncView } from "../api/sync";
import { jiraAccess } from "./access";

/** Views as the backend gives them; tests change what they are about. */

export const info: AppInfo = {
  version: "0.0.0-test",
  platform: "linux",
  dataDir: "/home/ada/.local/share/seatkeeper",
  ready: true,
  demo: false,
  simulator: false,
  tray: true,
  notifications: "on",
  keyring: { backend: "keyring", ready: true, reason: "", message: "", hint: "", fileMade: false },
  theme: "auto",
  activeSource: "src-1",
  rebuilding: false,
  quit: { state: "", runs: [] },
};

export const sync: SyncView = {
  sourceId: "src-1",
  state: "done",
  startedAt: "2026-11-21T12:00:00Z",
  finishedAt: "2026-11-21T12:05:00Z",
  step: "",
  peopleDone: 0,
  peopleTotal: -1,
  groupsDone: 0,
  groupsTotal: -1,
  requests: 12,
  waitingMs: 0,
  silentMs: 0,
  party: "",
  added: 3,
  changed: 2,
  removed: 1,
  drift: "",
  kind: "full",
  note: "",
  resumed: false,
  resumable: false,
  changesAt: "",
  canFollow: false,
  revision: 4,
  completeAt: "2026-11-21T12:05:00Z",
  partial: false,
  stale: false,
  people: 450,
  groups: 12,
};

export const source: SourceView = {
  id: "src-1",
  kind: "atlassian_org",
  kindTitle: "Atlassian organization",
  name: "Acme",
  color: "teal",
  settings: { org_id: "org-1" },
  paused: false,
  demo: false,
  keyExpires: "",
  key: { phase: "unknown", expires: "", days: 0, words: "" },
  keys: {
    canAdd: true,
    changes: { keeping: "", key: { phase: "unknown", expires: "", days: 0, words: "" }, testedAt: "" },
    capabilities: [],
  } as unknown as SourceView["keys"],
  createdAt: "2026-11-01T00:00:00Z",
  testedAt: "2026-11-20T00:00:00Z",
  sync,
};

export const kinds: SourceKindView[] = [
  {
    kind: "atlassian_org",
    title: "Atlassian organization",
    summary: "Everybody in the organization, with apps and last activity.",
    supports: [],
    fields: [
      field("org_id", "Organization ID", "text", true, {
        docsUrl: "https://admin.atlassian.com",
        docsLabel: "Open Atlassian Administration",
      }),
      field("api_key", "API key", "password", true),
      field("my_account", "Your own Atlassian account", "text", false),
    ],
  },
  {
    kind: "jira_cloud",
    title: "Jira Cloud site",
    summary: "The people and groups of one site.",
    supports: [],
    fields: [
      field("site_url", "Site URL", "url", true),
      field("email", "E-mail", "email", true),
      field("api_token", "API token", "password", true),
    ],
  },
];

export function field(name: string, label: string, type: string, required: boolean, more: object = {}) {
  return {
    name,
    label,
    type,
    required,
    help: `Help for ${label}.`,
    placeholder: "",
    choices: [],
    min: 0,
    max: 0,
    most: 0,
    longest: 4000,
    of: "",
    docsUrl: "",
    docsLabel: "",
    ...more,
  };
}

export const goodTest: TestView = {
  ok: true,
  name: "Acme",
  findings: [
    { check: "reach", title: "Reach Atlassian", state: "ok", message: "Answered.", hint: "", reason: "" },
    {
      check: "expiry",
      title: "Key expiry",
      state: "warning",
      message: "Expires in 9 days.",
      hint: "Make a new key.",
      reason: "",
    },
  ],
  capabilities: [],
  operatorName: "Ada",
  keyExpires: "",
  testedAt: "2026-11-21T12:00:00Z",
};

export const badTest: TestView = {
  ...goodTest,
  ok: false,
  name: "",
  findings: [
    { check: "reach", title: "Reach Atlassian", state: "ok", message: "Answered.", hint: "", reason: "" },
    {
      check: "auth",
      title: "API key",
      state: "failed",
      message: "Atlassian does not know this key.",
      hint: "Copy it again.",
      reason: "credential",
    },
    { check: "people", title: "Read people", state: "skipped", message: "", hint: "", reason: "" },
  ],
};

export const actions: ActionView[] = [
  action("user.suspend", "Suspend access", true, ""),
  action("user.restore", "Restore access", true, ""),
  action("group.add_member", "Add to groups", false, "The key may not change groups."),
  {
    ...action("group.create", "Create groups", true, ""),
    groups: true,
    risk: "low",
    params: [
      field("names", "Names", "lines", false, { longest: 64_000 }),
      field("description", "Description", "text", false, { longest: 1000 }),
    ],
  },
  { ...action("group.delete", "Delete groups", true, ""), groups: true },
];

function action(kind: string, title: string, supported: boolean, reason: string): ActionView {
  return {
    kind,
    groups: false,
    title,
    verb: title.split(" ")[0] ?? "",
    effect: "They lose access at once.",
    undo: "Restore gives it back.",
    docs: "",
    risk: "high",
    reversible: true,
    params: [],
    supported,
    reason,
    needsKey: false,
  };
}

/** One person of the list; number 7 is hostile. */
export function person(i: number): PersonRow {
  return {
    id: 1000 + i,
    accountId: `712020:0000-${String(i).padStart(6, "0")}`,
    name: i === 7 ? '<img src=x onerror="alert(1)">\u202eevil' : `Person ${i}`,
    email: `person${i}@example.com`,
    status: i % 5 === 0 ? "suspended" : "active",
    managed: "yes",
    origin: "invited",
    apps: ["Jira (acme)"],
    lastActive: i % 3 === 0 ? "" : "2026-10-01T00:00:00Z",
    activity: i % 3 === 0 ? "never" : "active",
    groups: 3,
    roles: i === 2 ? ["atlassian/org-admin"] : [],
    department: "Research",
    jobTitle: "",
    location: "",
    addedAt: "2024-01-01T00:00:00Z",
    mfa: "unknown",
    billable: "unknown",
    type: "atlassian",
    userName: "",
    policy: "",
    readAt: "2026-11-20T08:00:00Z",
    selected: false,
  };
}

export function personView(row: PersonRow): PersonView {
  return {
    row,
    nickname: "",
    emailVerified: "yes",
    organization: "",
    timeZone: "Europe/Vienna",
    deactivatedAt: "",
    directories: [{ name: "Main directory", status: "active" }],
    access: [jiraAccess],
    groupList: [
      {
        groupId: "g1",
        name: "jira-users",
        description: "",
        synced: "no",
        locked: "",
        members: 412,
        filter: 'group = "jira-users"',
      },
      {
        groupId: "g2",
        name: "<b>evil</b>",
        description: "",
        synced: "yes",
        locked: "Comes from the identity provider.",
        members: -1,
        filter: 'group = "g2"',
      },
    ],
    protected: row.roles.length > 0 ? "Organization admin." : "",
    runs: [
      {
        runId: "run-1",
        seq: 3,
        action: "Suspend access",
        state: "done",
        reason: "",
        at: "2026-11-02T10:00:00Z",
        note: "Left the company",
        by: "ada",
        undo: false,
        group: "",
      },
    ],
    runsTotal: 1,
    history: [
      { at: "2026-11-03T05:30:00Z", kind: "left", group: "<i>old</i>", status: "" },
      { at: "2026-09-01T05:30:00Z", kind: "listed", group: "", status: "" },
    ],
  };
}

export const filterFields: FilterField[] = [
  filterField("status", "Status", "choice", ["=", "!=", "in", "not in"], ["active", "suspended", "invited"]),
  filterField("lastActive", "Last active", "date", ["<", ">=", "is empty"], [], "app"),
  filterField("department", "Department", "text", ["=", "~", "is empty"], []),
];

function filterField(
  name: string,
  label: string,
  type: string,
  operators: string[],
  values: string[],
  argument = "",
): FilterField {
  return { name, label, docs: "", type, operators, values, dynamic: false, argument, example: "" };
}
