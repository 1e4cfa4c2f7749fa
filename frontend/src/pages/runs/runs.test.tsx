import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ItemView, RunView } from "../../api/runs";
import { source } from "../../test/data";
import { installBackend, type Methods, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";
import { dayStart, parseRunsView, runQuery } from "./view";

function run(more: Partial<RunView> = {}): RunView {
  return {
    id: "run-1",
    planId: "plan-1",
    sourceId: source.id,
    sourceName: source.name,
    action: "user.suspend",
    groups: false,
    actionTitle: "Suspend access",
    params: {},
    trigger: "manual",
    operator: "ada",
    selection: "3 people",
    note: "left the company",
    undoOf: "",
    undoneBy: "",
    state: "done",
    pauseReason: "",
    createdAt: "2026-11-21T08:00:00Z",
    finishedAt: "2026-11-21T08:01:00Z",
    total: 3,
    raised: undefined,
    counts: { done: 2, refused: 1 },
    finished: 3,
    canUndo: true,
    undoReason: "",
    ...more,
  };
}

const item: ItemView = {
  seq: 1,
  accountId: "712020:aaaaaaaa-0001",
  name: "Ada",
  email: "ada@acme.example",
  group: "",
  state: "done",
  reason: "",
  evidence: "answer",
  diffs: [{ field: "Access", before: "active", after: "suspended" }],
  finishedAt: "2026-11-21T08:00:30Z",
};

function backend(more: Methods = {}) {
  return installBackend({
    "Runs.List": () => ({
      runs: [run(), run({ id: "run-2", state: "running", finished: 1, counts: { done: 1, planned: 2 } })],
      total: 2,
    }),
    "Runs.Run": () => run(),
    "Runs.Items": () => ({ items: [item], total: 1 }),
    "Runs.Item": () => ({
      item,
      attempts: 1,
      called: true,
      method: "POST",
      url: "https://api.atlassian.com/admin/v2/orgs/o/directories/d/users/a/suspend",
      body: "{}",
      status: 204,
      answer: "",
      requestId: "trace-7",
      sentAt: "2026-11-21T08:00:29Z",
      tookMs: 81,
    }),
    ...more,
  });
}

test("the list says what was done, how it went, where, when and by whom", async () => {
  backend();
  open("/runs");
  const table = await screen.findByRole("table", { name: "Runs" });
  expect(await within(table).findByText("2 done, 1 refused")).toBeTruthy();
  expect(within(table).getAllByText("left the company")).toHaveLength(2);
  expect(within(table).getByText("Running")).toBeTruthy();
  expect(await violations()).toEqual([]);
});

test("deleting asks first, and a run that goes on cannot be chosen", async () => {
  const fake = backend({ "Runs.Delete": () => 1 });
  const { user } = open("/runs");
  const table = await screen.findByRole("table", { name: "Runs" });
  const boxes = await within(table).findAllByRole("checkbox");
  expect(boxes.map((b) => (b as HTMLInputElement).disabled)).toEqual([false, true]);
  await user.click(boxes[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "Delete 1 run log" }));
  const dialog = await screen.findByRole("dialog");
  expect(fake.callsOf("Runs.Delete")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));
  expect(fake.callsOf("Runs.Delete")).toEqual([[["run-1"]]]);
});

test("one run: everybody's result, details with request and answer, export, undo", async () => {
  const fake = backend({
    "Runs.Export": () => ({ path: "/home/ada/run.csv", rows: 3 }),
    "Bulk.PreviewUndo": () => ({ id: "plan-2" }),
  });
  const { user } = open("/runs?run=run-1");
  const table = await screen.findByRole("table", { name: "Results" });
  await user.click(await within(table).findByRole("button", { name: "Details" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText(/POST https:\/\/api\.atlassian\.com.*suspend/)).toBeTruthy();
  expect(within(dialog).getByText("HTTP 204")).toBeTruthy();
  expect(within(dialog).getByText("trace-7")).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Close details" }));
  await user.click(screen.getByRole("button", { name: "Export" }));
  await user.click(await screen.findByRole("menuitem", { name: /CSV/ }));
  expect(fake.callsOf("Runs.Export")).toEqual([["run-1", "csv"]]);
  await user.click(screen.getByRole("button", { name: "Undo…" }));
  expect(fake.callsOf("Bulk.PreviewUndo")).toEqual([["run-1"]]);
});

test("caps that were raised for a run stand in its log, with words and reason", async () => {
  const raised = {
    caps: ["This plan stops: it would suspend access of 43 of 50 people (86 %)."],
    words: "suspend 43 of 50 people",
    reason: "<b>it closes</b>",
  };
  backend({ "Runs.Run": () => run({ raised }) });
  open("/runs?run=run-1");
  expect(await screen.findByText("The cap was raised for this run.")).toBeTruthy();
  for (const said of [raised.caps[0] ?? "", raised.words, raised.reason]) {
    expect(screen.getByText(said)).toBeTruthy();
  }
});

test("a running run can be paused, a paused one says why and can be resumed", async () => {
  const running = run({ state: "running", counts: { done: 1, planned: 2 }, finished: 1 });
  const fake = backend({ "Runs.Run": () => running, "Bulk.Pause": () => undefined, "Bulk.Resume": () => undefined });
  const { user } = open("/runs?run=run-1");
  expect(await screen.findByText("1 of 3")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Pause" }));
  expect(fake.callsOf("Bulk.Pause")).toEqual([["run-1"]]);
  fake.on({ "Runs.Run": () => ({ ...running, state: "paused", pauseReason: "The key has expired." }) });
  fake.emit("runs", {});
  fake.emit("run", { ...running, state: "paused", pauseReason: "The key has expired." });
  expect(await screen.findByText("The key has expired.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Resume" }));
  expect(fake.callsOf("Bulk.Resume")).toEqual([["run-1", ""]]);
});

test("results that are not known are said, and can be tried again as a new preview", async () => {
  const fake = backend({
    "Runs.Run": () => run({ counts: { done: 1, unknown: 2 } }),
    "Bulk.PreviewRetry": () => ({ id: "plan-3" }),
  });
  const { user } = open("/runs?run=run-1");
  expect(await screen.findByText("2 results are not known.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Try 2 again…" }));
  expect(fake.callsOf("Bulk.PreviewRetry")).toEqual([["run-1"]]);
});

test("days become the operator's own midnights, the last day included", () => {
  const q = runQuery(parseRunsView({ from: "2026-11-01", to: "2026-11-30", state: "done" }));
  expect(q.from).toBe(new Date(2026, 10, 1).toISOString());
  expect(q.to).toBe(new Date(2026, 11, 1).toISOString());
  expect(q.states).toEqual(["done"]);
  expect(dayStart("yesterday")).toBe("");
});

test("a paused run whose key is not stored asks for it; a refused one is said in the dialog", async () => {
  const paused = run({
    state: "paused",
    pauseReason: "The key for changes is not stored: type the key to go on.",
    counts: { done: 1, planned: 2 },
    finished: 1,
  });
  const asking = {
    ...source,
    keys: { ...source.keys, changes: { ...source.keys.changes, keeping: "asked" } },
  } as typeof source;
  const fake = backend({
    "Sources.List": () => [asking],
    "Runs.Run": () => paused,
    "Bulk.Resume": () => refuse("auth_failed", "The key for changes cannot be used.", { field: "key" }),
  });
  const { user } = open("/runs?run=run-1");
  expect(await screen.findByText(/type the key to go on/)).toBeTruthy();
  await user.click(await screen.findByRole("button", { name: "Resume…" }));
  const dialog = await screen.findByRole("dialog", { name: "Type the key to go on" });
  await user.type(within(dialog).getByLabelText("Key for changes", { selector: "input" }), "wrong");
  await user.click(within(dialog).getByRole("button", { name: "Resume" }));
  expect(await within(dialog).findByText("The key for changes cannot be used.")).toBeTruthy();
  expect(await violations()).toEqual([]);
  fake.on({ "Bulk.Resume": () => undefined });
  await user.click(within(dialog).getByRole("button", { name: "Resume" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(fake.callsOf("Bulk.Resume")).toEqual([
    ["run-1", "wrong"],
    ["run-1", "wrong"],
  ]);
});
