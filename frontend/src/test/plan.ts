import type { ActionView, ChangeView, PlanView } from "../api/bulk";
import { actions, source } from "./data";
import { installBackend, type Methods, refuse } from "./fakeBackend";

export const [suspend] = actions as [ActionView, ...ActionView[]];

export function plan(more: Partial<PlanView> = {}): PlanView {
  return {
    id: "plan-1",
    hash: "hash-1",
    sourceId: source.id,
    sourceName: source.name,
    action: suspend,
    params: {},
    trigger: "manual",
    selection: "3 people",
    note: "",
    undoOf: "",
    createdAt: "2026-11-21T08:00:00Z",
    expiresAt: "2026-11-21T09:00:00Z",
    sentence: "Suspend access of 2 people in Acme.",
    guard: [],
    counts: { change: 2, protected: 1 },
    total: 3,
    people: 2,
    changes: 2,
    blocked: false,
    mustType: false,
    words: "",
    buttonLabel: "Suspend 2 people",
    key: "reading",
    asksKey: false,
    outside: { count: 0, of: 3, names: [] },
    ...more,
  } as PlanView;
}

export const changes: ChangeView[] = [
  {
    seq: 1,
    accountId: "712020:aaaaaaaa-0001",
    name: '<img src=x onerror="alert(1)">',
    email: "a@acme.example",
    group: "",
    role: "",
    verdict: "change",
    reason: "",
    used: "Confluence (acme), 12 Nov 2026",
    diffs: [{ field: "Access", before: "active", after: "suspended" }],
  },
  {
    seq: 2,
    accountId: "712020:aaaaaaaa-0002",
    name: "Boss",
    email: "boss@acme.example",
    group: "",
    role: "",
    verdict: "protected",
    reason: "Organization admins are never changed.",
    used: "",
    diffs: [],
  },
];

export function backend(more: Methods = {}) {
  return installBackend({
    "People.SelectionCount": () => 3,
    "Bulk.Preview": () => plan(),
    "Bulk.Plan": () => plan(),
    "Bulk.Changes": () => ({ changes, total: 2 }),
    "Bulk.Discard": () => undefined,
    "Bulk.Confirm": () => refuse("stale", "This preview has expired.", { hint: "Make it again." }),
    ...more,
  });
}
