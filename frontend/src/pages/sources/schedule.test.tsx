import { screen, waitFor } from "@testing-library/react";
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
  backend.on({ "Sync.SetSchedule": () => refuse("invalid", "That is not a time of day.", { field: "at", more }) });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("That is not a time of day.")).toBeTruthy();
  expect(screen.getByText("There is no such time zone.")).toBeTruthy();
  expect(document.activeElement).toBe(time);

  backend.on({ "Sync.SetSchedule": (schedule: object) => ({ ...schedule, nextAt: "" }) });
  await user.click(screen.getByRole("radio", { name: "Only by hand" }));
  expect(screen.queryByText("That is not a time of day.")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.callsOf("Sync.SetSchedule").at(-1)).toEqual([
    expect.objectContaining({ sourceId: "src-1", mode: "off" }),
  ]);
  expect(await screen.findByText("only by hand")).toBeTruthy();
});

test("syncs of changes by schedule stand beside the next full sync", async () => {
  const rule = { sourceId: "src-1", mode: "off", hours: 24, at: "05:30", zone: "", nextAt: "", lastAt: "" };
  installBackend({
    "App.Info": () => info,
    "Sources.List": () => [source],
    "Sync.Schedule": () => ({ ...rule, changesMinutes: 60 }),
  });
  open("/sources");
  expect(await screen.findByText("changes every 1 hour")).toBeTruthy();
});
