import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { PeopleQuery } from "../../api/people";
import { person, source } from "../../test/data";
import { installBackend } from "../../test/fakeBackend";
import { open } from "../../test/open";
import { zoom } from "../../ui/zoom";
import { COLUMNS, type Column, columnFor } from "./columns";
import { asLines, safeCell } from "./copy";

const grid = async () => {
  await screen.findByText("Person 0");
  return screen.getByRole("grid", { name: "People" });
};

afterEach(() => zoom.set(100));

function clipboard() {
  const written: string[] = [];
  Object.assign((window as unknown as { runtime: object }).runtime, {
    ClipboardSetText: async (text: string) => written.push(text) > 0,
  });
  return written;
}

test("the menu of a row by key: open, select, copy, act; Esc gives the focus back to the list", async () => {
  const backend = installBackend();
  const written = clipboard();
  const { user, history } = open("/people");
  const list = await grid();
  list.focus();
  await user.keyboard("j");
  fireEvent.keyDown(list, { key: "F10", shiftKey: true });
  let menu = await screen.findByRole("menu");
  await user.click(within(menu).getByRole("menuitem", { name: "Copy e-mail" }));
  await waitFor(() => expect(written).toEqual(["person1@example.com"]));
  await waitFor(() => expect(document.activeElement).toBe(list));

  fireEvent.keyDown(list, { key: "ContextMenu" });
  menu = await screen.findByRole("menu");
  await user.click(within(menu).getByRole("menuitem", { name: "Add to the selection" }));
  expect(await screen.findByText("1", { selector: "strong span" })).toBeTruthy();

  // Another row: an action there is for that person alone, and the menu says so.
  await user.keyboard("j");
  fireEvent.keyDown(list, { key: "ContextMenu" });
  menu = await screen.findByRole("menu");
  expect(within(menu).getByText("For this person alone; ends the selection of 1")).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  expect(document.activeElement).toBe(list);
  fireEvent.keyDown(list, { key: "ContextMenu" });
  await user.click(within(await screen.findByRole("menu")).getByRole("menuitem", { name: "Suspend access…" }));
  await waitFor(() => expect(history.location.href).toBe("/bulk?action=user.suspend"));
  expect(backend.callsOf("People.Select").pop()).toEqual([{ snapshot: "list-1", op: "only", from: 2, to: 3 }]);
});

test("the menu of a cell narrows the filter by its value, as a tree", async () => {
  const backend = installBackend({
    "People.Parse": (_source: string, text: string) => ({
      canonical: text,
      explain: "",
      tree: text ? '{"where":{"kind":"condition","field":"name","op":"~","values":[{"kind":"text","text":"p"}]}}' : "",
      error: null,
    }),
    "People.Format": (tree: string) => ({ canonical: `formatted ${tree.length}`, explain: "", tree, error: null }),
  });
  const { user, history } = open("/people?filter=x");
  const list = await grid();
  const head = screen.getByRole("columnheader", { name: "Status" }).getAttribute("aria-colindex");
  const cell = list.querySelector(`[aria-rowindex="3"] [aria-colindex="${head}"]`);
  fireEvent.contextMenu(cell as Element);
  await user.click(within(await screen.findByRole("menu")).getByRole("menuitem", { name: /^Status: / }));
  await waitFor(() => expect(String(history.location.href)).toContain("formatted"));
  const sent = JSON.parse(backend.callsOf("People.Format").pop()?.[0] as string);
  expect(sent.where.kind).toBe("and");
  expect(sent.where.nodes.map((n: { field: string }) => n.field)).toEqual(["name", "status"]);
});

test("Ctrl+C copies the row, and the whole selection when there is one", async () => {
  installBackend();
  const written = clipboard();
  const { user } = open("/people");
  const list = await grid();
  list.focus();
  await user.keyboard("{Control>}c{/Control}");
  await waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).not.toContain("\n");
  await user.keyboard("jx{Shift>}{ArrowDown}{/Shift}");
  await screen.findByText("2", { selector: "strong span" });
  await user.keyboard("{Control>}c{/Control}");
  await waitFor(() => expect(written).toHaveLength(2));
  expect(written[1]?.split("\n").map((l) => l.split("\t")[0])).toEqual(["Name", "Person 1", "Person 2"]);
});

test("what is copied is no formula of a spreadsheet and breaks no line", () => {
  expect(safeCell('=HYPERLINK("x")')).toBe('\'=HYPERLINK("x")');
  expect(safeCell("  @sum")).toBe("'  @sum");
  expect(safeCell("a\tb\r\nc")).toBe("a b c");
  expect(safeCell("1-2")).toBe("1-2");
  const name = COLUMNS.filter((c) => c.id === "name");
  expect(asLines([{ ...person(0), name: "-1" }], name)).toBe("'-1");
});

test("what is copied is what is shown: nobody pastes the words of a program", () => {
  const row = { ...person(0), activity: "none", addedAt: "", readAt: "" };
  const copied = (more: Partial<typeof row>, kind: string) =>
    COLUMNS.map((c) => asLines([{ ...row, ...more }], [columnFor(c.id, kind) as Column]));
  const as = (kind: string) => Object.fromEntries(COLUMNS.map((c, i) => [c.id, copied({}, kind)[i]]));
  const shown = { managed: "Yes", mfa: "Not known", billable: "Not known", addedAt: "Not known", readAt: "Not known" };
  expect(as("atlassian_org")).toMatchObject({ ...shown, lastActive: "No app" });
  // A Jira site does not know of Confluence.
  expect(as("jira_cloud")).toMatchObject({ ...shown, lastActive: "No Jira app" });
  expect(copied({ activity: "never" }, "jira_cloud")).toContain("Never");
  expect(copied({ activity: "unknown" }, "jira_cloud")[3]).toBe("Not known");
  expect(copied({ activity: "active", lastActive: "2026-10-01T00:00:00Z" }, "jira_cloud")).toContain("2026-10-01");
});

test("a Jira site does not say that somebody has no app", async () => {
  installBackend({
    "Sources.List": () => [{ ...source, kind: "jira_cloud" }],
    "People.Rows": () => [{ ...person(0), activity: "none" }],
  });
  open("/people");
  expect((await grid()).textContent).toContain("No Jira app");
});

test("the address of a person shows that person, and the list goes there", async () => {
  installBackend();
  const { user, history } = open("/people?person=1100");
  const drawer = await screen.findByRole("complementary", { name: "Person" });
  expect(await within(drawer).findByRole("heading", { name: "Person 100" })).toBeTruthy();
  const list = await screen.findByRole("grid", { name: "People" });
  await waitFor(() => expect(list.getAttribute("aria-rowcount")).toBe("451"));
  await waitFor(() => expect(list.dataset.active).toBe("100"));
  expect(history.location.href).toBe("/people?person=1100");
  list.focus();
  await user.keyboard("j");
  await waitFor(() => expect(history.location.href).toBe("/people?person=1101"));
});

test("a changed local copy says how much has changed", async () => {
  const backend = installBackend();
  open("/people");
  await grid();
  backend.emit("people", { sourceId: "src-1" });
  expect(await screen.findByRole("button", { name: "37 changes – refresh" })).toBeTruthy();
});

test("the order in the filter's text is the head's, and a click there changes the text", async () => {
  const backend = installBackend({
    "People.Query": (q: PeopleQuery) => ({
      id: "a",
      total: 1,
      filter: q.filter,
      partial: false,
      stale: false,
      all: 1,
      sort: "department",
      desc: true,
      error: null,
    }),
    "People.Rows": () => [person(0)],
    "People.Parse": (_source: string, text: string) => ({
      canonical: text,
      explain: "",
      tree: '{"order":[{"field":"department","desc":true}]}',
      error: null,
    }),
    "People.Format": (tree: string) => ({ canonical: "other", explain: "", tree, error: null }),
  });
  const { user, history } = open("/people?filter=ORDER%20BY%20department%20DESC");
  await grid();
  const head = await screen.findByRole("columnheader", { name: "Department" });
  expect(head.getAttribute("aria-sort")).toBe("descending");
  await user.click(screen.getByRole("button", { name: "Status" }));
  await waitFor(() => expect(history.location.href).toBe("/people?filter=other"));
  expect(JSON.parse(backend.callsOf("People.Format").pop()?.[0] as string).order).toEqual([
    { field: "status", desc: false },
  ]);
});

test("the size of the page follows the keys, also from a field, and is kept", async () => {
  installBackend();
  const { user } = open("/people");
  await grid();
  await user.click(screen.getByRole("textbox", { name: "Search people" }));
  await user.keyboard("{Control>}={/Control}");
  expect(document.documentElement.style.fontSize).toBe("110%");
  expect(window.localStorage.getItem("seatkeeper-zoom")).toBe("110");
  await waitFor(() => expect(screen.getAllByRole("row")[1]?.style.height).toBe("35px"));
  await user.keyboard("{Control>}-{/Control}{Control>}-{/Control}");
  expect(document.documentElement.style.fontSize).toBe("90%");
  await user.keyboard("{Control>}0{/Control}");
  expect(document.documentElement.style.fontSize).toBe("");
});

test("columns become wider and narrower by buttons", async () => {
  installBackend();
  const { user } = open("/people");
  await grid();
  const width = () => screen.getByRole("columnheader", { name: "Name" }).style.width;
  expect(width()).toBe("240px");
  await user.click(screen.getByRole("button", { name: "Columns" }));
  await user.click(await screen.findByRole("button", { name: "Make Name wider" }));
  expect(width()).toBe("264px");
  await user.click(screen.getByRole("button", { name: "Make Name narrower" }));
  expect(width()).toBe("240px");
  vi.restoreAllMocks();
});
