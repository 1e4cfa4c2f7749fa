import type { PeopleQuery, PersonRow } from "../api/people";
import type { TaskView } from "../api/tasks";
import { actions, field, filterFields, goodTest, info, kinds, person, personView, source, sync } from "./data";
import { domains, setUpDone } from "./getStarted";

/** The sync that a source has until the admin says otherwise. */
function daily(sourceId: string): TaskView {
  return {
    id: `sync-${sourceId}`,
    kind: "sync",
    sourceId,
    active: true,
    mode: "daily",
    hours: 24,
    at: "05:30",
    zone: "",
    params: {},
    fields: [
      field("changesMinutes", "Between full syncs, read only what has changed", "choice", false, {
        choices: [
          { id: "0", name: "Never" },
          { id: "60", name: "Every hour" },
        ],
      }),
    ],
    nextAt: "2026-11-22T04:30:00Z",
    lastAt: "",
  };
}

type Method = (...args: never[]) => unknown;

/** The bound methods by "Struct.Method", as the window's bridge gives them. */
export type Methods = Record<string, Method>;

export interface FakeBackend {
  /** Every call so far: name and arguments. */
  calls: { method: string; args: unknown[] }[];
  callsOf(method: string): unknown[][];
  /** Replaces methods. */
  on(methods: Methods): void;
  /** Sends an event of the backend. */
  emit(event: string, payload?: unknown): void;
}

/** Rejects like the bridge: an Error whose message is the backend's JSON text. */
export function refuse(code: string, message: string, more: object = {}): Promise<never> {
  return Promise.reject(new Error(JSON.stringify({ code, reason: "", message, hint: "", field: "", ...more })));
}

/** A small people service: search by name, rows by position, a selection that stays. */
function peopleService(all: PersonRow[]): Methods {
  const lists = new Map<string, PersonRow[]>();
  const selected = new Set<number>();
  const aside = new Set<number>();
  const seenFrom = (id: string) => {
    const rows = lists.get(id) ?? [];
    const here = rows.filter((p) => selected.has(p.id)).length;
    return { count: selected.size, here, all: here > 0 && here === rows.length, aside: aside.size };
  };
  let next = 1;
  return {
    "People.Query": (q: PeopleQuery) => {
      const found = all.filter((p) => p.name.toLowerCase().includes(q.search.toLowerCase()));
      const rows = q.selected ? found.filter((p) => selected.has(p.id)) : found;
      if (q.desc) {
        rows.reverse();
      }
      const id = `list-${next++}`;
      lists.set(id, rows);
      return {
        id,
        total: rows.length,
        filter: q.filter,
        partial: false,
        stale: false,
        all: all.length,
        sort: q.sort,
        desc: q.desc,
        error: null,
      };
    },
    "People.Rows": (id: string, from: number, count: number) => {
      const rows = lists.get(id);
      return rows
        ? rows.slice(from, from + count).map((p) => ({ ...p, selected: selected.has(p.id) }))
        : refuse("stale", "This list is no longer kept.");
    },
    "People.Drift": () => ({ stale: true, changes: 37, total: all.length }),
    "People.Place": (id: string, person: number) => (lists.get(id) ?? []).findIndex((p) => p.id === person),
    "People.Person": (_source: string, id: number) => personView(all.find((p) => p.id === id) ?? person(0)),
    "People.Select": (req: { snapshot: string; op: string; from: number; to: number }) => {
      const rows = lists.get(req.snapshot) ?? [];
      if (req.op === "all" || req.op === "only" || req.op === "here") {
        const wanted = new Set((req.op === "only" ? rows.slice(req.from, req.to) : rows).map((p) => p.id));
        const out = [...selected].filter((id) => !wanted.has(id));
        if (out.length > 0) {
          aside.clear();
          for (const id of out) {
            aside.add(id);
            selected.delete(id);
          }
        }
      }
      if (req.op === "keep") {
        for (const id of aside) {
          selected.add(id);
        }
        aside.clear();
      }
      const range = req.op === "all" ? rows : req.op === "here" ? [] : rows.slice(req.from, req.to);
      for (const p of range) {
        if (req.op === "remove" || (req.op === "toggle" && selected.has(p.id))) {
          selected.delete(p.id);
        } else {
          selected.add(p.id);
        }
      }
      return seenFrom(req.snapshot);
    },
    "People.ClearSelection": () => {
      selected.clear();
      aside.clear();
    },
    "People.SelectionCount": () => selected.size,
    "People.SelectedIn": seenFrom,
    "People.Fields": () => filterFields,
    "People.Complete": () => [],
    "People.Groups": () => ({ groups: [], total: 0 }),
    "People.Apps": () => [],
    "People.Overview": () => [],
    "People.Parse": (_source: string, text: string) => ({ canonical: text, explain: "", tree: "{}", error: null }),
    "People.Format": () => ({ canonical: "", explain: "", tree: "{}", error: null }),
  };
}

function defaults(): Methods {
  return {
    "App.Info": () => info,
    "App.SetTheme": () => undefined,
    "App.SetActiveSource": () => undefined,
    "App.EnterDemo": () => undefined,
    "App.LeaveDemo": () => undefined,
    "App.OpenLink": () => undefined,
    "App.ReportError": () => undefined,
    "App.UnlockKeyFile": () => info.keyring,
    "App.RetryKeyring": () => info.keyring,
    "App.Quit": () => undefined,
    "App.AnswerQuit": () => undefined,
    "Sources.Kinds": () => kinds,
    "Sources.List": () => [source],
    "Sources.Test": () => goodTest,
    "Sources.Add": () => ({ source, test: goodTest }),
    "Sources.Update": () => ({ source, test: goodTest }),
    "Sources.Rename": () => undefined,
    "Sources.SetPaused": () => undefined,
    "Sources.Remove": () => undefined,
    "Sources.Reminders": () => [],
    "Onboarding.State": () => setUpDone,
    "Onboarding.Skip": () => undefined,
    "Onboarding.Look": () => undefined,
    "Onboarding.Finish": () => undefined,
    "Onboarding.Welcomed": () => undefined,
    "Onboarding.Domains": () => domains,
    "Sync.Start": () => ({ ...sync, state: "running" }),
    "Sync.StartChanges": () => ({ ...sync, state: "running", kind: "changes" }),
    "Bulk.Recheck": () => ({ plan: {}, changed: 0, names: [], checked: 3, skipped: "" }),
    "Bulk.CancelRecheck": () => undefined,
    "Sync.Cancel": () => undefined,
    "Sync.State": () => sync,
    "Tasks.OfSource": (sourceId: string) => daily(sourceId),
    "Tasks.Set": (task: TaskView) => ({ ...task, nextAt: "2026-11-23T04:30:00Z" }),
    "Tasks.Runs": () => [],
    "Bulk.Actions": () => actions,
    "Saved.List": () => [],
    "Overview.Days": () => ({ days: 90, steps: [30, 60, 90, 180, 365] }),
    "Overview.SetDays": () => undefined,
    "Overview.GoneApps": () => [],
    "Overview.PutAside": () => undefined,
    "Overview.Attention": () => ({ items: [], hidden: [] }),
    "Overview.Trend": () => ({ series: [], points: [], step: 90, summary: "", zone: "", zones: 0 }),
    "People.ExportFormats": () => [{ name: "csv", title: "CSV", columns: 20 }],
    "Imports.List": () => [],
    "Imports.Forget": () => undefined,
    "Lists.List": () => [],
    "Groups.Outside": () => [],
    "Groups.ByID": () => [],
    "Runs.List": () => ({ runs: [], total: 0 }),
    ...peopleService(Array.from({ length: 450 }, (_, i) => person(i))),
  };
}

/** Puts a backend behind the page, at the very edge: window.go and window.runtime. */
export function installBackend(own: Methods = {}): FakeBackend {
  const methods: Methods = { ...defaults(), ...own };
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const fake: FakeBackend = {
    calls: [],
    callsOf: (method) => fake.calls.filter((c) => c.method === method).map((c) => c.args),
    on: (more) => Object.assign(methods, more),
    emit: (event, payload) => {
      for (const listener of listeners.get(event) ?? []) {
        listener(payload);
      }
    },
  };
  const struct = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_target, method: string) =>
          async (...args: unknown[]) => {
            const full = `${name}.${method}`;
            fake.calls.push({ method: full, args });
            const run = methods[full];
            if (!run) {
              throw new Error(`the test backend has no ${full}`);
            }
            return run(...(args as never[]));
          },
      },
    );
  const bindings = new Proxy({}, { get: (_target, name: string) => struct(name) });
  Object.assign(window, {
    go: { bindings },
    runtime: {
      EventsOnMultiple: (event: string, listener: (payload: unknown) => void) => {
        const set = listeners.get(event) ?? new Set();
        listeners.set(event, set.add(listener));
        return () => set.delete(listener);
      },
      ClipboardSetText: async () => true,
    },
  });
  return fake;
}
