import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { person, source, sync } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

const grid = async () => {
  await screen.findByText("Person 0");
  return screen.getByRole("grid", { name: "People" });
};
const row = (name: string) => {
  const found = screen.getByText(name).closest('[role="row"]');
  if (!(found instanceof HTMLElement)) {
    throw new Error(`no row of ${name}`);
  }
  return found;
};

test("the list is windowed, and says how long it is", async () => {
  installBackend();
  open("/people");
  const list = await grid();
  expect(list.getAttribute("aria-rowcount")).toBe("451");
  expect(within(list).getAllByRole("row").length).toBeLessThan(60);
  expect(screen.getByText("450")).toBeTruthy();
});

test("a list of a million keeps few rows on the page, wherever it is scrolled, and says where it is", async () => {
  const million = 1_000_000;
  const someone = (i: number) => ({ ...person(0), id: i + 1, name: `Person ${i}`, accountId: `id:${i}` });
  installBackend({
    "People.Query": () => ({
      id: "list-1",
      total: million,
      all: million,
      filter: "",
      partial: false,
      stale: false,
      sort: "",
      desc: false,
      error: null,
    }),
    "People.Rows": (_: string, from: number, count: number) =>
      Array.from({ length: Math.min(count, million - from) }, (_, i) => someone(from + i)),
  });
  open("/people");
  const list = await grid();
  expect(list.getAttribute("aria-rowcount")).toBe("1000001");
  const tallest = million * 32;
  for (const part of [0.1, 0.11, 0.5, 0.9, 0.3]) {
    list.scrollTop = part * tallest;
    fireEvent.scroll(list);
    const top = Math.floor(list.scrollTop / 32);
    expect((await within(list).findByText(`Person ${top}`)).closest("[role=row]")?.getAttribute("aria-rowindex")).toBe(
      String(top + 2),
    );
    expect(within(list).getAllByRole("row").length).toBeLessThan(60);
  }
  list.focus();
  fireEvent.keyDown(list, { key: "End" });
  fireEvent.scroll(list); // which a browser says by itself
  expect(await within(list).findByText(`Person ${million - 1}`)).toBeTruthy();
  expect(list.getAttribute("aria-activedescendant")).toBe(`person-row-${million - 1}`);
  expect(within(list).getAllByRole("row").length).toBeLessThan(60);
});

test("a hostile name is text: no element of it, direction isolated, controls visible, id and e-mail beside it", async () => {
  installBackend();
  open("/people");
  await grid();
  const name = screen.getByText(/onerror/);
  expect(name.tagName).toBe("BDI");
  expect(name.textContent).toBe('<img src=x onerror="alert(1)">U+202Eevil');
  const hostile = name.closest('[role="row"]');
  expect(hostile?.querySelector("img")).toBeNull();
  expect(hostile?.textContent).toContain("…000007");
  expect(hostile?.textContent).toContain("person7@example.com");
  expect(
    within(hostile as HTMLElement)
      .getByRole("checkbox")
      .getAttribute("aria-label"),
  ).toContain("⟨U+202E⟩");
});

test("keyboard: move, quick look that walks, select, extend, select all, clear", async () => {
  const backend = installBackend();
  const { user } = open("/people");
  const list = await grid();
  list.focus();
  await user.keyboard("jj");
  expect(list.getAttribute("aria-activedescendant")).toBe("person-row-2");
  await user.keyboard(" ");
  const drawer = await screen.findByRole("complementary", { name: "Person" });
  expect(await within(drawer).findByRole("heading", { name: "Person 2" })).toBeTruthy();
  expect(document.activeElement).toBe(list);
  await user.keyboard("{ArrowDown}");
  expect(await within(drawer).findByRole("heading", { name: "Person 3" })).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());

  await user.keyboard("x");
  expect(await screen.findByText("1", { selector: "strong span" })).toBeTruthy();
  expect(row("Person 3").getAttribute("aria-selected")).toBe("true");
  await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
  expect(await screen.findByText("3", { selector: "strong span" })).toBeTruthy();
  await user.keyboard("{Control>}a{/Control}");
  expect(await screen.findByText("450", { selector: "strong span" })).toBeTruthy();
  expect((screen.getByRole("checkbox", { name: "Select all 450 in this list" }) as HTMLInputElement).checked).toBe(
    true,
  );
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("region", { name: "Selected people" })).toBeNull());
  expect(backend.callsOf("People.ClearSelection")).toEqual([["src-1"]]);
  expect(row("Person 3").getAttribute("aria-selected")).toBe("false");
});

test("after a click on a row the keys go on from there", async () => {
  installBackend();
  const { user } = open("/people");
  const list = await grid();
  await user.click(screen.getByText("Person 2"));
  expect(document.activeElement).toBe(list);
  await user.keyboard("{ArrowDown}{Enter}");
  const drawer = await screen.findByRole("complementary", { name: "Person" });
  expect(await within(drawer).findByRole("heading", { name: "Person 3" })).toBeTruthy();
});

test("boxes select one, Shift selects up to there, and the selection outlives another search", async () => {
  const backend = installBackend();
  const { user } = open("/people");
  await grid();
  await user.click(screen.getByRole("checkbox", { name: /^Select Person 1,/ }));
  fireEvent.click(screen.getByRole("checkbox", { name: /^Select Person 4,/ }), { shiftKey: true });
  expect(await screen.findByText("4", { selector: "strong span" })).toBeTruthy();
  expect(backend.callsOf("People.Select").map(([q]) => q)).toEqual([
    { snapshot: "list-1", op: "toggle", from: 1, to: 2 },
    { snapshot: "list-1", op: "add", from: 1, to: 5 },
  ]);
  await user.type(screen.getByRole("textbox", { name: "Search people" }), "person 44");
  expect(await screen.findByText("Person 449")).toBeTruthy();
  expect(screen.getByText("4", { selector: "strong span" })).toBeTruthy();
});

test("the action bar leads to the bulk page; what the source cannot do says why", async () => {
  installBackend();
  const { user, history } = open("/people");
  await grid();
  await user.click(screen.getByRole("checkbox", { name: /^Select Person 1,/ }));
  const bar = await screen.findByRole("region", { name: "Selected people" });
  const cannot = within(bar).getByRole("button", { name: "Add to groups" });
  expect(cannot.getAttribute("aria-disabled")).toBe("true");
  await user.click(cannot);
  expect(history.location.pathname).toBe("/people");
  expect(await screen.findByText("The key may not change groups.")).toBeTruthy();
  await user.click(within(bar).getByRole("button", { name: "Suspend access" }));
  await waitFor(() => expect(history.location.href).toBe("/bulk?action=user.suspend"));
});

test("a selection that is refused is taken back on the page", async () => {
  installBackend({ "People.Select": () => refuse("stale", "This list is no longer kept.") });
  const { user } = open("/people");
  await grid();
  await user.click(screen.getByRole("checkbox", { name: /^Select Person 1,/ }));
  expect(await screen.findByText("This list is no longer kept.")).toBeTruthy();
  await waitFor(() => expect(row("Person 1").getAttribute("aria-selected")).toBe("false"));
});

test("a header sorts, and the address remembers", async () => {
  const backend = installBackend();
  const { user, history } = open("/people");
  await grid();
  await user.click(screen.getByRole("button", { name: "Last active" }));
  await waitFor(() =>
    expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ sort: "lastActive", desc: false }),
  );
  await user.click(screen.getByRole("button", { name: "Last active" }));
  await waitFor(() =>
    expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ sort: "lastActive", desc: true }),
  );
  expect(history.location.href).toBe("/people?sort=lastActive&desc=true");
  expect(screen.getByRole("columnheader", { name: "Last active" }).getAttribute("aria-sort")).toBe("descending");
});

test("columns are hidden and moved without dragging; name and e-mail stay", async () => {
  installBackend();
  const { user } = open("/people");
  await grid();
  await user.click(screen.getByRole("button", { name: "Columns" }));
  const menu = await screen.findByRole("dialog", { name: "Columns" });
  expect((within(menu).getByRole("checkbox", { name: "E-mail" }) as HTMLInputElement).disabled).toBe(true);
  await user.click(within(menu).getByRole("checkbox", { name: "Apps" }));
  await user.click(within(menu).getByRole("button", { name: "Move Last active left" }));
  const heads = screen.getAllByRole("columnheader").map((h) => h.textContent);
  expect(heads.slice(1, 5)).toEqual(["Name", "E-mail", "Last active", "Status"]);
  expect(heads).not.toContain("Apps");
});

test("a changed local copy is offered, not forced", async () => {
  const backend = installBackend();
  const { user } = open("/people");
  await grid();
  const asked = backend.callsOf("People.Query").length;
  backend.emit("people", { sourceId: "src-1" });
  await user.click(await screen.findByRole("button", { name: /The local copy has changed/ }));
  await waitFor(() => expect(backend.callsOf("People.Query")).toHaveLength(asked + 1));
  await waitFor(() => expect(screen.queryByRole("button", { name: /The local copy has changed/ })).toBeNull());
});

test("a list that the backend no longer keeps is made again", async () => {
  const backend = installBackend();
  let gone = true;
  const rows = { "People.Rows": () => refuse("stale", "This list is no longer kept.") };
  backend.on({
    ...rows,
    "People.Query": (q: { filter: string }) => {
      const id = gone ? "old" : "new";
      gone = false;
      if (id === "new") {
        backend.on({ "People.Rows": () => [] });
      }
      return { id, total: 3, filter: q.filter, partial: false, stale: false, all: 3, error: null };
    },
  });
  open("/people");
  await waitFor(() => expect(backend.callsOf("People.Rows").pop()?.[0]).toBe("new"));
});

test("a first sync is marked as partial", async () => {
  const partial = { ...sync, state: "running", revision: 0, completeAt: "", partial: true };
  installBackend({
    "Sources.List": () => [{ ...source, sync: partial }],
    "Sync.State": () => partial,
    "People.Query": () => ({ id: "p", total: 1, filter: "", partial: true, stale: false, all: 1, error: null }),
    "People.Rows": () => [],
  });
  open("/people");
  expect(await screen.findByText(/the first sync is not complete, so more people will come/)).toBeTruthy();
});

test("nobody matches: why, and one step back", async () => {
  installBackend();
  const { user } = open("/people?search=nobody");
  expect(await screen.findByRole("heading", { name: "Nobody matches" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Clear search and filter" }));
  await grid();
});

test("not synced yet: one step", async () => {
  const never = { ...sync, state: "never", revision: 0, people: 0, completeAt: "" };
  const backend = installBackend({
    "Sources.List": () => [{ ...source, sync: never }],
    "Sync.State": () => never,
    "People.Query": () => ({ id: "p", total: 0, filter: "", partial: false, stale: false, all: 0, error: null }),
  });
  const { user } = open("/people");
  await user.click(await screen.findByRole("button", { name: "Sync now" }));
  expect(backend.callsOf("Sync.Start")).toEqual([["src-1"]]);
});

test("a list that cannot be made says why, and can be tried again", async () => {
  const backend = installBackend();
  backend.on({ "People.Query": () => refuse("internal", "The database is damaged.") });
  open("/people");
  expect(await screen.findByText("The database is damaged.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

test("the name of a group in the drawer leads to its members, by key too, and nothing else narrows that list", async () => {
  const backend = installBackend();
  const { user, history } = open("/people?search=Person&filter=x&saved=f1&sort=email");
  const list = await screen.findByRole("grid", { name: "People" });
  await screen.findByText("Person 2");
  list.focus();
  await user.keyboard("jj{Enter}");
  const drawer = await screen.findByRole("complementary", { name: "Person" });
  const group = await within(drawer).findByRole("button", { name: "Show the members of <b>evil</b>" });
  group.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
  expect(history.location.pathname).toBe("/people");
  expect(Object.fromEntries(new URLSearchParams(history.location.search))).toEqual({
    filter: 'group = "g2"',
    sort: "email",
  });
  await waitFor(() =>
    expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ filter: 'group = "g2"', search: "" }),
  );
  expect((screen.getByRole("textbox", { name: "Search people" }) as HTMLInputElement).value).toBe("");
  expect(document.activeElement?.getAttribute("role")).toBe("grid");
});

test("the drawer: protected, access and why, groups as text, history that leads to the run", async () => {
  installBackend();
  const { user, history } = open("/people?person=1002");
  const drawer = await screen.findByRole("complementary", { name: "Person" });
  expect(await within(drawer).findByText("Organization admin.")).toBeTruthy();
  expect(within(drawer).getByText("Takes a seat")).toBeTruthy();
  expect(within(drawer).getByText(/^Via/).textContent).toBe("Via jira-users: user · default group");
  expect(within(drawer).getByText(/^Removing from/).textContent).toBe(
    "Removing from jira-users frees the seat, unless access was also given in another way. A default group may get the person back with the next invitation.",
  );
  expect(within(drawer).getByText("<b>evil</b>").tagName).toBe("BDI");
  expect(within(drawer).getByText("Comes from the identity provider.")).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(within(drawer).getByRole("button", { name: "Suspend access: Done" }));
  await waitFor(() => expect(history.location.href).toBe("/runs?run=run-1&item=3"));
});

test("while the filter has a mistake, the list says that it is the one before", async () => {
  installBackend({
    "People.Rows": () => [0, 1, 2].map(person),
    "People.Query": (q: { filter: string }) => {
      const wrong = q.filter !== "";
      const error = wrong ? { start: 0, end: 3, message: "no field", expected: [], suggestion: "" } : null;
      return { id: wrong ? "" : "l", total: 3, filter: q.filter, partial: false, stale: false, all: 3, error };
    },
  });
  const { user } = open("/people");
  await grid();
  const marked = () => screen.queryByText("Still the list before the mistake in the filter");
  expect(marked()).toBeNull();
  await user.type(screen.getByRole("textbox", { name: "Filter" }), "oops{Enter}");
  await waitFor(() => expect(marked()).toBeTruthy());
  expect(screen.getByText("Person 0")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Clear the filter" }));
  await waitFor(() => expect(marked()).toBeNull());
});

test("a selection that survives another filter says how much of it is not in the list", async () => {
  installBackend();
  const { user } = open("/people");
  await grid();
  await user.click(within(row("Person 0")).getByRole("checkbox"));
  await user.click(within(row("Person 2")).getByRole("checkbox"));
  const bar = screen.getByRole("region", { name: "Selected people" });
  await within(bar).findByText("2");
  expect(within(bar).queryByText(/not in this list/)).toBeNull();
  const search = screen.getByRole("textbox", { name: "Search people" });
  await user.type(search, "Person 2");
  await within(bar).findByText("1 of them not in this list");
  await user.clear(search);
  await waitFor(() => expect(within(bar).queryByText(/not in this list/)).toBeNull());
});
