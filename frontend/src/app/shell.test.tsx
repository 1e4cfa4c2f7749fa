import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { info, source, sync } from "../test/data";
import { installBackend, refuse } from "../test/fakeBackend";
import { open, violations } from "../test/open";
import { LONGEST_INPUT } from "../ui/theme";
import { pages } from "./pages";

const routes = pages.filter((p) => !p.path.includes("$")).map((p) => p.path);

describe.each(["light", "dark"])("in %s", (theme) => {
  test.each(routes)("%s has no accessibility violation", async (path) => {
    window.localStorage.setItem("seatkeeper-theme", theme);
    installBackend({ "App.Info": () => ({ ...info, theme }) });
    open(path);
    await screen.findAllByRole("heading", { level: 1 });
    await waitFor(() => expect(screen.queryByText("Reading the local copy")).toBeNull());
    expect(document.documentElement.getAttribute("data-mantine-color-scheme")).toBe(theme);
    expect(await violations()).toEqual([]);
  });
});

test.each(routes)("no field of %s takes a megabyte", async (path) => {
  installBackend();
  open(path);
  await screen.findAllByRole("heading", { level: 1 });
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].filter(
    (f) => !["checkbox", "radio", "color", "hidden"].includes(f.type),
  );
  expect(fields.filter((f) => f.maxLength < 1).map((f) => f.outerHTML)).toEqual([]);
});

test("a megabyte in the search is cut to what is refused in words", async () => {
  const words = "The search is too long: at most 1,000 characters are allowed.";
  installBackend({ "People.Query": () => refuse("invalid", words) });
  const { user } = open("/people");
  const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Search people" });
  await user.click(field);
  await user.paste("a ".repeat(1 << 19));
  expect(field.value.length).toBe(LONGEST_INPUT);
  expect(await screen.findByText(words)).toBeTruthy();
});

test("while a damaged copy is built again every page says so", async () => {
  installBackend({ "App.Info": () => ({ ...info, rebuilding: true }) });
  open("/people");
  expect((await screen.findByRole("alert")).textContent).toMatch(
    /^The local copy was damaged and is being built again\./,
  );
});

test("a problem of the program is shown instead of everything, with code, sentence and hint", async () => {
  installBackend({
    "App.Info": () => ({
      ...info,
      ready: false,
      problem: {
        code: "conflict",
        reason: "second_instance",
        message: "Another Seatkeeper has this data folder open.",
        hint: "Close it first.",
        field: "",
      },
    }),
  });
  open("/people");
  expect(await screen.findByText("Another Seatkeeper has this data folder open.")).toBeTruthy();
  expect(screen.getByText("Close it first.")).toBeTruthy();
  expect(screen.getByText("conflict / second_instance")).toBeTruthy();
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a failing start is a problem page too, and can be tried again", async () => {
  const backend = installBackend({ "App.Info": () => refuse("internal", "The disk is full.") });
  const { user } = open("/people");
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  backend.on({ "App.Info": () => info });
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { level: 1, name: "People" })).toBeTruthy();
});

test("the demo is said in words and by the window's edge", async () => {
  installBackend({ "App.Info": () => ({ ...info, demo: true }) });
  open("/settings");
  expect(await screen.findByText("Demo: nothing here is real")).toBeTruthy();
  expect(screen.getByTestId("window-edge")).toBeTruthy();
});

test("the sync pill follows events, and its popover cancels", async () => {
  const backend = installBackend();
  const { user } = open("/settings");
  await screen.findByRole("button", { name: /^Local copy: Synced/ });
  backend.emit("sync", { ...sync, state: "running", step: "People", peopleDone: 50, peopleTotal: 200 });
  const pill = await screen.findByRole("button", { name: "Local copy: Syncing 25%" });
  await user.click(pill);
  await user.click(await screen.findByRole("button", { name: "Cancel sync" }));
  expect(backend.callsOf("Sync.Cancel")).toEqual([["src-1"]]);
  backend.on({ "Sync.State": () => ({ ...sync, state: "cancelled" }) });
  backend.emit("sync", { ...sync, state: "cancelled" });
  await screen.findByRole("button", { name: /^Local copy: Synced/ });
});

const fullSync = /^(Full sync|Sync now|Sync)$/;
test("Escape closes the popover of the sync when the button that was pressed is gone", async () => {
  const backend = installBackend();
  const { user } = open("/settings");
  await user.click(await screen.findByRole("button", { name: /^Local copy: Synced/ }));
  await user.click(await screen.findByRole("button", { name: fullSync }));
  backend.emit("sync", { ...sync, state: "running", step: "People", peopleDone: 50, peopleTotal: 200 });
  await screen.findByRole("button", { name: "Cancel sync" });
  backend.emit("sync", sync);
  await screen.findByRole("button", { name: fullSync });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("button", { name: fullSync })).toBeNull());
  expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Local copy/);
});

test("while a sync runs the local copy is as old and as large as it is", async () => {
  const backend = installBackend();
  const { user } = open("/settings");
  await screen.findByRole("button", { name: /^Local copy: Synced/ });
  // A running sync's event knows nothing of the copy; groups are few and soon there, and are not half of the work.
  const event = { ...sync, state: "running", revision: 0, completeAt: "", people: 0, groups: 0, added: 0 };
  backend.emit("sync", { ...event, peopleDone: 100, peopleTotal: 1900, groupsDone: 100, groupsTotal: 100 });
  await user.click(await screen.findByRole("button", { name: "Local copy: Syncing 10%" }));
  await screen.findByText("Last complete sync");
  expect(screen.queryByText("never")).toBeNull();
  expect(screen.getByText("450")).toBeTruthy();
  expect(screen.queryByText("Changes found")).toBeNull();
  backend.emit("sync", sync); // the next test begins with what this one leaves
  await screen.findByText("Changes found");
});

test("the event that ends a sync has the age of the local copy read again", async () => {
  const backend = installBackend();
  const { user } = open("/settings");
  await screen.findByRole("button", { name: /^Local copy: Synced/ });
  const before = backend.callsOf("Sync.State").length;
  backend.emit("sync", { ...sync, state: "done", completeAt: "", finishedAt: "" });
  await waitFor(() => expect(backend.callsOf("Sync.State").length).toBeGreaterThan(before));
  const pill = await screen.findByRole("button", { name: /^Local copy: Synced (?!never)/ });
  await user.click(pill);
  await screen.findByText("Last complete sync");
  expect(screen.queryByText("never")).toBeNull();
});

test("offline is a state, not an obstacle", async () => {
  installBackend({
    "Sync.State": () => ({
      ...sync,
      state: "failed",
      problem: { code: "unreachable", reason: "", message: "No network.", hint: "", field: "" },
    }),
  });
  open("/people");
  expect(await screen.findByRole("button", { name: /^Local copy: Offline/ })).toBeTruthy();
  expect(await screen.findByText("Person 0")).toBeTruthy();
});

test("menu events and the palette run the same commands", async () => {
  const backend = installBackend();
  const { user } = open("/settings");
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  backend.emit("menu", "go.sources");
  await screen.findByRole("heading", { level: 1, name: "Sources" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("textbox", { name: "Search commands and pages" }), "sync now");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(backend.callsOf("Sync.Start")).toEqual([["src-1"]]));
  backend.emit("menu", "shortcuts");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeTruthy();
});

test("a chosen theme stays chosen, and is kept", async () => {
  const backend = installBackend({ "App.Info": () => ({ ...info, theme: "auto" }) });
  const { user } = open("/settings");
  for (const [label, theme] of [
    ["Dark", "dark"],
    ["Light", "light"],
    ["Dark", "dark"],
  ] as const) {
    await user.click(await screen.findByRole("radio", { name: label }));
    await waitFor(() => expect(backend.callsOf("App.SetTheme").at(-1)).toEqual([theme]));
    expect(screen.getByRole("radio", { name: label })).toHaveProperty("checked", true);
    expect(document.documentElement.getAttribute("data-mantine-color-scheme")).toBe(theme);
  }
  expect(document.querySelector("[data-mantine-disable-transition]")).toBeNull();
});

test("another source is chosen at the top right", async () => {
  const other = { ...source, id: "src-2", name: "Beta", color: "orange" };
  const backend = installBackend({ "Sources.List": () => [source, other] });
  const { user } = open("/settings");
  await user.click(await screen.findByRole("button", { name: "Source: Acme. Change source" }));
  await user.click(await screen.findByRole("menuitem", { name: "Beta" }));
  expect(backend.callsOf("App.SetActiveSource")).toEqual([["src-2"]]);
});

test("the rail names the current page and collapses to icons that keep their names", async () => {
  installBackend();
  const { user } = open("/settings");
  const rail = await screen.findByRole("navigation", { name: "Pages" });
  expect(within(rail).getByRole("link", { name: "Settings" }).getAttribute("aria-current")).toBe("page");
  await user.click(within(rail).getByRole("button", { name: "Show icons only" }));
  expect(within(rail).getByRole("link", { name: "Settings" }).textContent).toBe("");
});

test("a click on a notification of the desktop opens the window at its place", async () => {
  const backend = installBackend();
  open("/people");
  await screen.findByRole("heading", { level: 1, name: "People" });
  backend.emit("open", { page: "sources", sourceId: "src-1", runId: "" });
  expect(await screen.findByRole("dialog", { name: /^Replace the key of / })).toBeTruthy();
  backend.emit("open", { page: "runs", sourceId: "", runId: "" });
  expect(await screen.findByRole("heading", { level: 1, name: "Run logs" })).toBeTruthy();
});

test("notifications can be switched off, and a desktop without any is said", async () => {
  const backend = installBackend();
  backend.on({ "App.SetNotifications": () => backend.on({ "App.Info": () => ({ ...info, notifications: "off" }) }) });
  const { user } = open("/settings");
  const switched = await screen.findByRole("switch", { name: /^Notify me when a key expires soon/ });
  expect((switched as HTMLInputElement).checked).toBe(true);
  await user.click(switched);
  await waitFor(() => expect((switched as HTMLInputElement).checked).toBe(false));
  expect(backend.callsOf("App.SetNotifications")).toEqual([[false]]);
  backend.on({ "App.Info": () => ({ ...info, notifications: "unavailable" }) });
  backend.emit("settings");
  expect(await screen.findByText(/^This desktop shows no notifications/)).toBeTruthy();
});
