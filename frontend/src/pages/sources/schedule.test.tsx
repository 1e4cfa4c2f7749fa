import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { info, source } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open } from "../../test/open";

test("the schedule of the sync is shown and changed; all that is wrong is said at once, each at its field", async () => {
  const backend = installBackend({ "App.Info": () => info, "Sources.List": () => [source] });
  const { user } = open("/sources");
  expect((await screen.findAllByText(/Nov 22, 2026/)).length).toBeGreaterThan(0);
  await user.click(screen.getByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sync schedule" }));
  const time = await screen.findByRole("textbox", { name: "Time" });
  await user.clear(time);
  await user.type(time, "late");
  await user.type(screen.getByRole("textbox", { name: "Time zone" }), "Mars");
  const more = [{ field: "zone", message: "There is no such time zone." }];
  backend.on({ "Tasks.Set": () => refuse("invalid", "That is not a time of day.", { field: "at", more }) });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("That is not a time of day.")).toBeTruthy();
  expect(screen.getByText("There is no such time zone.")).toBeTruthy();
  expect(document.activeElement).toBe(time);

  backend.on({ "Tasks.Set": (task: object) => ({ ...task, nextAt: "" }) });
  await user.click(screen.getByRole("combobox", { name: "Between full syncs, read only what has changed" }));
  await user.click(await screen.findByRole("option", { name: "Every hour" }));
  await user.click(screen.getByRole("radio", { name: "Only by hand" }));
  expect(screen.queryByText("That is not a time of day.")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.callsOf("Tasks.Set").at(-1)).toEqual([
    expect.objectContaining({ sourceId: "src-1", mode: "off", params: { changesMinutes: "60" } }),
  ]);
  expect(await screen.findByText("changes every 1 hour")).toBeTruthy();
});

test("syncs of changes by schedule stand beside the next full sync", async () => {
  const rule = { id: "t", sourceId: "src-1", mode: "off", hours: 24, at: "05:30", zone: "", nextAt: "", lastAt: "" };
  installBackend({
    "App.Info": () => info,
    "Sources.List": () => [source],
    "Tasks.OfSource": () => ({ ...rule, params: { changesMinutes: "60" } }),
  });
  open("/sources");
  expect(await screen.findByText("changes every 1 hour")).toBeTruthy();
});

test("the last syncs by schedule stand below it: when, what and how they ended; a new one comes by itself", async () => {
  const run = { startedAt: "", finishedAt: "", attempts: 1, what: "Full sync" };
  const missed = {
    ...run,
    id: 1,
    dueAt: "2026-11-20T04:30:00Z",
    outcome: "missed",
    result: "Missed: the keys were locked",
  };
  const backend = installBackend({
    "App.Info": () => info,
    "Sources.List": () => [source],
    "Tasks.Runs": () => [missed],
  });
  const { user } = open("/sources");
  await user.click(await screen.findByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sync schedule" }));
  const table = await screen.findByRole("table", { name: "Last syncs by schedule" });
  expect(within(table).getByText("Missed: the keys were locked")).toBeTruthy();
  expect(table.querySelector("time")?.dateTime).toBe(missed.dueAt);
  expect(backend.callsOf("Tasks.Runs").at(-1)).toEqual(["sync-src-1", 0, 5]);

  const startedAt = "2026-11-21T04:31:00Z";
  const done = { ...run, id: 2, dueAt: missed.dueAt, startedAt, outcome: "done", result: "Done", attempts: 2 };
  backend.on({ "Tasks.Runs": () => [done, missed] });
  backend.emit("tasks", { sourceId: "src-1" });
  expect(await within(table).findByText("Done (attempt 2)")).toBeTruthy();
  expect(table.querySelector("time")?.dateTime).toBe(startedAt);
});
