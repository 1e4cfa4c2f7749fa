import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SavedDraft, SavedFilter } from "../../api/saved";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

const formats = [
  { name: "csv", title: "CSV", columns: 20 },
  { name: "xlsx", title: "Excel (XLSX)", columns: 20 },
];

const saved = (more: Partial<SavedFilter>): SavedFilter => ({
  id: "f1",
  name: "Sleepers",
  description: "For the spring cleaning",
  filter: "status = active",
  columns: ["name", "email", "lastActive"],
  sort: "lastActive",
  desc: true,
  density: 40,
  pinned: true,
  updatedAt: "2026-11-21T00:00:00Z",
  count: 37,
  error: null as never,
  ...more,
});
const broken = saved({
  id: "f2",
  name: "Old",
  filter: 'group = "gone"',
  error: { start: 8, end: 14, message: "There is no group “gone”.", expected: [], suggestion: "" },
});

/** A backend that keeps saved filters. */
function keeper(all: SavedFilter[]) {
  const deleted = new Map<string, SavedFilter>();
  const backend = installBackend({
    "Saved.List": () => [...all],
    "Saved.Save": (_source: string, draft: SavedDraft) => {
      const entry = saved({ ...draft, id: draft.id || `new-${all.length}` });
      const at = all.findIndex((f) => f.id === entry.id);
      at < 0 ? all.push(entry) : all.splice(at, 1, entry);
      backend.emit("saved", { sourceId: "" });
      return entry;
    },
    "Saved.Delete": (id: string) => {
      const at = all.findIndex((f) => f.id === id);
      deleted.set(id, all.splice(at, 1)[0] as SavedFilter);
      backend.emit("saved", { sourceId: "" });
    },
    "Saved.Restore": (id: string) => {
      all.push(deleted.get(id) as SavedFilter);
      backend.emit("saved", { sourceId: "" });
    },
    "Saved.Import": () => ({ added: ["A", "B"], renamed: 1, same: 3 }),
    "Saved.Export": () => ({ path: "/home/ada/filters.json", rows: all.length }),
  });
  return backend;
}

test("export: says how much, sends the shown columns, shows how far it is, says where the file is", async () => {
  let finish: (done: object) => void = () => undefined;
  const backend = installBackend({
    "People.ExportFormats": () => formats,
    "People.Export": () => new Promise((resolve) => (finish = resolve)),
  });
  const { user } = open("/people?search=person");
  await screen.findByText("Person 0");
  await user.click(screen.getByRole("button", { name: "Export" }));
  const dialog = await screen.findByRole("dialog", { name: "Export people" });
  await user.click(await within(dialog).findByRole("radio", { name: "CSV" }));
  expect(within(dialog).getByText(/^449 rows, 9 columns/)).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Export 449 people" }));
  const [[request]] = backend.callsOf("People.Export") as [[{ id: string; columns: string[] }]];
  expect(request).toMatchObject({ format: "csv", sourceId: "src-1", snapshot: "list-1" });
  expect(request.columns.slice(0, 3)).toEqual(["name", "email", "status"]);
  backend.emit("export", { id: request.id, done: 120, total: 449 });
  expect(await within(dialog).findByText("120 of 449 people")).toBeTruthy();
  finish({ path: "/home/ada/people.csv", rows: 449 });
  expect(await screen.findByText("/home/ada/people.csv")).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Export people" })).toBeNull());
});

test("export: everybody is a list of its own with all columns; Stop stops; a failure stays in the dialog", async () => {
  let fail: (cause: unknown) => void = () => undefined;
  const backend = installBackend({
    "People.ExportFormats": () => formats,
    "People.Export": () => new Promise((_, reject) => (fail = reject)),
    "People.CancelExport": () => undefined,
  });
  const { user } = open("/people?search=person%2044");
  await screen.findByText("Person 449");
  await user.click(screen.getByRole("button", { name: "Export" }));
  const dialog = await screen.findByRole("dialog", { name: "Export people" });
  await user.click(within(dialog).getByRole("radio", { name: "Everybody: 450 people" }));
  await user.click(await within(dialog).findByRole("radio", { name: /^All columns \(20\)/ }));
  await user.click(within(dialog).getByRole("button", { name: "Export 450 people" }));
  await waitFor(() => expect(backend.callsOf("People.Export")).toHaveLength(1));
  const [[request]] = backend.callsOf("People.Export") as [[{ id: string; snapshot: string; columns: string[] }]];
  expect(request).toMatchObject({ columns: [], snapshot: "list-2" });
  await user.click(within(dialog).getByRole("button", { name: "Stop" }));
  expect(backend.callsOf("People.CancelExport")).toEqual([[request.id]]);
  fail(new Error(JSON.stringify({ code: "cancelled", reason: "", message: "Stopped.", hint: "", field: "" })));
  await within(dialog).findByRole("button", { name: "Cancel" });
  backend.on({ "People.Export": () => refuse("internal", "The disk is full: people.xlsx was not written.") });
  await user.click(within(dialog).getByRole("button", { name: "Export 450 people" }));
  expect(await within(dialog).findByText("The disk is full: people.xlsx was not written.")).toBeTruthy();
});

test("a filter is saved with the way its list is shown, and stands in the rail with its count", async () => {
  const backend = keeper([]);
  const { user, history } = open("/people?filter=status%20%3D%20active&sort=email&desc=true");
  await screen.findByText("Person 449");
  await user.click(screen.getByRole("button", { name: "Saved" }));
  await user.click(await screen.findByRole("button", { name: "Save filter" }));
  const dialog = await screen.findByRole("dialog", { name: "Save filter" });
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Mine");
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  const rail = await screen.findByRole("list", { name: "Pinned filters" });
  expect(within(rail).getByRole("link", { name: "Mine: 37 people" })).toBeTruthy();
  const [[, draft]] = backend.callsOf("Saved.Save") as [[string, SavedDraft]];
  expect(draft).toMatchObject({ filter: "status = active", sort: "email", desc: true, density: 32, pinned: true });
  expect(draft.columns.slice(0, 2)).toEqual(["name", "email"]);
  await waitFor(() => expect(history.location.search).toContain("saved=new-0"));
});

test("a pinned filter opens with its columns and height; a change of the view can be saved", async () => {
  const backend = keeper([saved({})]);
  const { user, history } = open("/runs");
  await user.click(await screen.findByRole("link", { name: "Sleepers: 37 people" }));
  await screen.findByText("Person 449");
  await waitFor(() =>
    expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({
      filter: "status = active",
      sort: "lastActive",
      desc: true,
    }),
  );
  await waitFor(() =>
    expect(
      screen
        .getAllByRole("columnheader")
        .slice(1)
        .map((h) => h.textContent),
    ).toEqual(["Name", "E-mail", "Last active"]),
  );
  expect(screen.getByRole("grid").dataset.density).toBe("40");
  await user.click(screen.getByRole("button", { name: "Sleepers" }));
  expect(screen.queryByRole("button", { name: "Save changes" })).toBeNull();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "E-mail" }));
  await waitFor(() => expect(history.location.search).toContain("sort=email"));
  await user.click(await screen.findByRole("button", { name: /^Sleepers\s*changed$/ }));
  await user.click(await screen.findByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(backend.callsOf("Saved.Save")).toHaveLength(1));
  expect(backend.callsOf("Saved.Save")[0]?.[1]).toMatchObject({
    id: "f1",
    name: "Sleepers",
    sort: "email",
    desc: false,
  });
});

test("a pinned filter is not said to be shown when its filter was changed", async () => {
  keeper([saved({})]);
  const { user } = open("/people");
  const pin = await screen.findByRole("link", { name: "Sleepers: 37 people" });
  await user.click(pin);
  await waitFor(() => expect(pin.getAttribute("aria-current")).toBe("page"));
  await user.click(await screen.findByRole("button", { name: "Clear the filter" }));
  await waitFor(() => expect(pin.getAttribute("aria-current")).toBeNull());
  expect(await screen.findByRole("button", { name: /^Sleepers\s*changed$/ })).toBeTruthy();
});

test("a filter that no longer makes sense is corrected and saved; the list before it is never saved in its place", async () => {
  const backend = keeper([saved({}), broken]);
  const { user } = open("/people");
  await screen.findByText("Person 0");
  backend.on({
    "People.Query": (q: { filter: string; sort: string; desc: boolean }) => {
      const wrong = q.filter === broken.filter;
      const list = { total: 450, all: 450, partial: false, stale: false, sort: q.sort, desc: q.desc, filter: q.filter };
      return { ...list, id: wrong ? "" : "list-1", error: wrong ? broken.error : null };
    },
  });
  await user.click(screen.getByRole("link", { name: "Old: There is no group “gone”." }));
  await user.click(await screen.findByRole("button", { name: "Old" }));
  await user.click(screen.getByRole("button", { name: "Save as" }));
  const dialog = await screen.findByRole("dialog", { name: "Save filter" });
  expect(dialog.textContent).toContain(broken.filter);
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  const box = screen.getByRole("textbox", { name: "Filter" });
  await user.clear(box);
  await user.type(box, "status = active{Enter}");
  await user.click(await screen.findByRole("button", { name: /^Old\s*changed$/ }));
  await user.click(await screen.findByRole("button", { name: "Save changes" }));
  await waitFor(() =>
    expect(backend.callsOf("Saved.Save").pop()?.[1]).toMatchObject({ name: "Old", filter: "status = active" }),
  );
});

test("a filter that no longer makes sense stays and says why; deleting can be taken back", async () => {
  const backend = keeper([saved({}), broken]);
  const { user } = open("/people");
  await screen.findByText("Person 0");
  expect(screen.getByRole("link", { name: "Old: There is no group “gone”." })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Saved" }));
  const menu = await screen.findByRole("dialog", { name: "Saved" });
  expect(within(menu).getByText("There is no group “gone”.")).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(within(menu).getByRole("button", { name: "Unpin Old" }));
  await waitFor(() =>
    expect(backend.callsOf("Saved.Save")[0]?.[1]).toMatchObject({ id: "f2", pinned: false, filter: 'group = "gone"' }),
  );
  await user.click(within(menu).getByRole("button", { name: "Delete Old" }));
  await waitFor(() => expect(within(menu).queryByText("Old")).toBeNull());
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(backend.callsOf("Saved.Restore")).toEqual([["f2"]]);
  const again = screen.queryByRole("dialog", { name: "Saved" });
  if (!again) {
    await user.click(screen.getByRole("button", { name: "Saved" }));
  }
  expect(await screen.findByRole("button", { name: "Delete Old" })).toBeTruthy();
});

test("saved filters go to a file and come from one", async () => {
  const backend = keeper([saved({})]);
  const { user } = open("/people");
  await screen.findByText("Person 0");
  await user.click(screen.getByRole("button", { name: "Saved" }));
  const menu = await screen.findByRole("dialog", { name: "Saved" });
  await user.click(within(menu).getByRole("button", { name: "Export all" }));
  expect(await screen.findByText("/home/ada/filters.json")).toBeTruthy();
  await user.upload(
    screen.getByLabelText("File to import"),
    new File(['{"x":1}'], "f.json", { type: "application/json" }),
  );
  expect(await screen.findByText("2 filters were imported.")).toBeTruthy();
  expect(screen.getByText("1 has another name, because theirs was taken. 3 were there already.")).toBeTruthy();
  expect(backend.callsOf("Saved.Import")).toEqual([['{"x":1}']]);
  backend.on({ "Saved.Import": () => refuse("invalid", "The file does not hold saved filters.") });
  await user.upload(screen.getByLabelText("File to import"), new File(["x"], "g.json", { type: "application/json" }));
  expect(await within(menu).findByText("The file does not hold saved filters.")).toBeTruthy();
});

test("with its end a dialog gives the focus back to what opened it", async () => {
  keeper([saved({})]);
  const { user } = open("/people");
  await screen.findByText("Person 0");
  for (const name of ["Export", "Lists"]) {
    screen.getByRole("button", { name }).focus();
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog");
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name })));
  }
  await user.click(screen.getByRole("button", { name: "Saved" }));
  await user.click(await screen.findByRole("button", { name: "Delete Sleepers" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Delete Sleepers" })).toBeNull());
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Saved" })));
});
