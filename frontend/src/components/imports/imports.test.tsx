import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { kinds, source } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";
import { withList } from "../filter/withList";

const preview = {
  id: "p1",
  fileName: "export-users.csv",
  kind: "users",
  title: "Export of users",
  asOf: "2026-11-20T00:00:00Z",
  rows: 12,
  matched: 10,
  twice: 0,
  activity: 8,
  apps: [{ name: "Jira", site: "beta", means: "" }],
  unknown: ["Shoe size"],
  unmatched: [{ line: 4, accountId: "", email: "nobody@else.org", name: "<b>x</b>", reason: "Nobody of this source." }],
  misses: 1,
  bad: [{ line: 7, reason: "The row is longer than 1 MB.", whole: true }],
  badCount: 1,
  replaces: null,
  notes: [],
};
const match = { matched: 2, people: 2, unmatched: ["x@else.org"], unmatchedCount: 1, ambiguous: [], ambiguousCount: 0 };
const list = { id: "l1", name: "Leavers", entries: 3, updatedAt: "", filter: 'list = "Leavers"', match };

test("a file is shown before it is kept, with what is left out", async () => {
  const backend = installBackend({
    "Imports.Choose": () => preview,
    "Imports.Keep": () => ({ ...preview, importedAt: "2026-11-21T00:00:00Z", activity: true }),
  });
  const { user } = open("/sources");
  await user.click(await screen.findByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Import an Atlassian export" }));
  const dialog = await screen.findByRole("dialog", { name: "Import into Acme" });
  expect(dialog.textContent).toContain("10 people, by a file of 12 rows");
  expect(dialog.textContent).toContain("Shoe size");
  expect(dialog.textContent).toContain("no app of this source");
  expect(dialog.textContent).toContain("nobody@else.org");
  expect(dialog.textContent).toContain("The row is left out.");
  expect(backend.callsOf("Imports.Keep")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Import" }));
  expect(await screen.findByText("Export of users: 10 people of Acme.")).toBeTruthy();
  expect(backend.callsOf("Imports.Keep")).toEqual([["p1"]]);
});

test("a cancelled dialog shows nothing; a file that is none says so; a closed preview is forgotten", async () => {
  const answers = [() => ({ ...preview, id: "" }), () => refuse("invalid", "The file is empty."), () => preview];
  const backend = installBackend({ "Imports.Choose": () => answers.shift()?.() });
  const { user } = open("/sources");
  const choose = async () => {
    await user.click(await screen.findByRole("button", { name: "More for Acme" }));
    await user.click(await screen.findByRole("menuitem", { name: "Import an Atlassian export" }));
  };
  await choose();
  expect(screen.queryByRole("dialog")).toBeNull();
  await choose();
  expect(await screen.findByText("The file is empty.")).toBeTruthy();
  await choose();
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
  expect(backend.callsOf("Imports.Forget")).toEqual([["p1"]]);
});

test("where the source tells no activity, People offers the import, and then says of which file it is", async () => {
  const silent = kinds.map((k) => ({
    ...k,
    supports: [{ capability: "read_activity", supported: false, reason: "" }],
  }));
  const backend = installBackend({ "Sources.Kinds": () => silent, "Sources.List": () => [source] });
  open("/people");
  expect(await screen.findByRole("button", { name: /^Last activity is not known/ })).toBeTruthy();
  backend.on({ "Imports.List": () => [{ ...preview, importedAt: "", activity: true }] });
  backend.emit("people", { sourceId: source.id });
  expect(await screen.findByText(/^activity from the file of/)).toBeTruthy();
});

test("a pasted list is checked, named and used in the filter", async () => {
  const columns = [{ number: 2, title: "Mail", people: 3, sample: ["mia@example.com", "jo@example.com"] }];
  const read = { rows: 3, column: "“Mail” (column 2)", choice: 2, columns };
  const draft = { id: "d1", name: "", ...read, entries: 3, twice: 0, bad: [], badCount: 0, match };
  const backend = installBackend({ "Lists.Paste": () => draft, "Lists.Save": () => list, "Lists.List": () => [] });
  const { user } = open("/people");
  await user.click(await screen.findByRole("button", { name: "Lists" }));
  await user.type(await screen.findByRole("textbox", { name: "New list" }), "mia@example.com");
  await user.click(screen.getByRole("button", { name: "Check the text" }));
  const dialog = await screen.findByRole("dialog", { name: "Save the list" });
  expect(dialog.textContent).toContain("Taken from “Mail” (column 2): mia@example.com, jo@example.com, …");
  expect(dialog.textContent).toContain("2 of 3 entries match a person here. 3 rows were read.");
  expect(dialog.textContent).toContain("x@else.org");
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Leavers");
  await user.click(within(dialog).getByRole("button", { name: "Save and show" }));
  expect(await screen.findByDisplayValue('list = "Leavers"')).toBeTruthy();
  expect(backend.callsOf("Lists.Save")).toEqual([["src-1", "d1", "Leavers", false]]);
});

test("where several columns have people, none is taken before one is chosen", async () => {
  const columns = [
    { number: 1, title: "Manager\u202e", people: 3, sample: ["boss@example.com"] },
    { number: 3, title: "", people: 2, sample: ["mia@example.com", "jo@example.com"] },
  ];
  const none = { matched: 0, people: 0, unmatched: [], unmatchedCount: 0, ambiguous: [], ambiguousCount: 0 };
  const asked = { id: "d1", name: "leavers", rows: 0, column: "", choice: 0, columns, entries: 0, twice: 0, bad: [] };
  const backend = installBackend({
    "Lists.Choose": () => ({ ...asked, badCount: 0, match: none }),
    "Lists.Column": (_: string, choice: number) => ({
      ...asked,
      id: "d2",
      choice,
      rows: 3,
      column: "column 3",
      entries: 3,
      badCount: 0,
      match,
    }),
    "Lists.Save": () => list,
    "Lists.List": () => [],
  });
  const { user } = open("/people");
  await user.click(await screen.findByRole("button", { name: "Lists" }));
  await user.click(await screen.findByRole("button", { name: "Choose a CSV file" }));
  const dialog = await screen.findByRole("dialog", { name: "Save the list" });
  const choice = within(dialog).getByRole("radiogroup", { name: /Which one is meant/ });
  expect(within(choice).queryByRole("radio", { checked: true })).toBeNull();
  expect(choice.textContent).toContain("ManagerU+202E: 3 cells with people");
  expect(choice.textContent).toContain("boss@example.com, …");
  expect(dialog.textContent).not.toContain("match");
  const save = within(dialog).getByRole("button", { name: "Save and show" });
  expect(save).toHaveProperty("disabled", true);
  expect(await violations()).toEqual([]);
  await user.click(within(choice).getByRole("radio", { name: "Column 3: 2 cells with people" }));
  expect(await within(dialog).findByText(/2 of 3 entries match a person here/)).toBeTruthy();
  expect(backend.callsOf("Lists.Column")).toEqual([["d1", 3]]);
  await user.click(save);
  expect(await screen.findByDisplayValue('list = "Leavers"')).toBeTruthy();
  expect(backend.callsOf("Lists.Save")).toEqual([["src-1", "d2", "leavers", false]]);
});

test("a list of the same name is replaced only when that is said; a saved one can be left out", async () => {
  const draft = {
    id: "d1",
    name: "leavers",
    rows: 2004,
    column: "",
    choice: -1,
    columns: [],
    entries: 3,
    twice: 1,
    bad: [{ line: 7, reason: "“x” is neither.", whole: true }],
    badCount: 2000,
    match: { ...match, people: 1 },
  };
  const backend = installBackend({
    "Lists.Choose": () => draft,
    "Lists.Save": () => list,
    "Lists.List": () => [list],
    "Lists.SaveMisses": () => ({ path: "/tmp/unmatched.csv", rows: 2001 }),
  });
  const { user } = open("/people?filter=status%20%3D%20active");
  await user.click(await screen.findByRole("button", { name: "Lists" }));
  await user.click(await screen.findByRole("button", { name: "Choose a CSV file" }));
  const save = await screen.findByRole("button", { name: "Save and show" });
  expect(save).toHaveProperty("disabled", true);
  const dialog = screen.getByRole("dialog");
  expect(dialog.textContent).toContain(
    "2 of 3 entries match a person here: 1 person. 2,004 rows were read; 1 repeats an earlier one, and 2,000 cannot be read.",
  );
  expect(dialog.textContent).toContain("Taken from the whole text.");
  expect(
    within(dialog).getByRole("list", { name: "2,000 rows or parts of them cannot be read", hidden: true }).textContent,
  ).toContain("and 1,999 more");
  await user.click(within(dialog).getByRole("button", { name: "Export all 2,001 as CSV" }));
  expect(await screen.findByText("2,001 rows were exported.")).toBeTruthy();
  expect(backend.callsOf("Lists.SaveMisses")).toEqual([["d1"]]);
  await user.click(screen.getByRole("checkbox", { name: "Replace the list of this name" }));
  await user.click(save);
  expect(await screen.findByDisplayValue('(status = active) AND list = "Leavers"')).toBeTruthy();
  expect(backend.callsOf("Lists.Save")).toEqual([["src-1", "d1", "leavers", true]]);
  await user.click(screen.getByRole("button", { name: "Lists" }));
  await user.click(await screen.findByRole("button", { name: "Leave out the people of Leavers" }));
  expect(await screen.findByDisplayValue(/AND list != "Leavers"$/)).toBeTruthy();
});

test.each([
  ["", 'list = "A"'],
  ["status = active", '(status = active) AND list = "A"'],
  ["a = b OR c = d ORDER BY name", '(a = b OR c = d) AND list = "A" ORDER BY name'],
  ["ORDER BY name DESC", 'list = "A" ORDER BY name DESC'],
])("a list joins %j", (filter, want) => {
  expect(withList(filter, 'list = "A"', false)).toBe(want);
});
