import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { GroupQuery, GroupRow } from "../../api/groups";
import { actions, field, source } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

const group = (more: Partial<GroupRow>): GroupRow => ({
  groupId: "g1",
  name: "jira-users",
  description: "",
  directory: "",
  members: 1234,
  counted: 1234,
  synced: "no",
  locked: "",
  adminsOf: "",
  grants: [],
  grantsKnown: false,
  apps: -1,
  filter: 'group = "jira-users"',
  ...more,
});

const groups = [
  group({
    grants: [
      { app: "Jira (acme)", roles: ["user", "admin"], default: true },
      { app: "Confluence (acme)", roles: [], default: false },
    ],
    grantsKnown: true,
    counted: 1240,
  }),
  group({ groupId: "g2", name: "<b>\u202eevil</b>", members: 0, filter: 'group = "g2"' }),
  group({
    groupId: "g3",
    name: "okta-legal",
    synced: "yes",
    locked: "Managed by the identity provider: change it there.",
  }),
  group({
    groupId: "g4",
    name: "org-admins",
    adminsOf: "the organization",
    locked: "Organization admins are never changed.",
    grantsKnown: true,
  }),
  group({ groupId: "g5", name: "all-staff", apps: 2 }),
];

const list = (q: GroupQuery) => ({
  groups: q.kind === "empty" ? [groups[1]] : groups,
  total: q.kind === "empty" ? 1 : 230,
  all: 230,
  kinds: { empty: 1, synced: 1, locked: 2, open: 228 },
  grantsKnown: true,
  directories: [{ id: "d1", name: "Main" }],
});

const row = (name: RegExp) => screen.getByRole("row", { name });

test("what is known of a group is said, and what is not is never shown as none", async () => {
  installBackend({ "Groups.List": list });
  open("/groups");
  expect((await screen.findByRole("row", { name: /jira-users/ })).textContent).toContain(
    "Jira (acme) user, admin defaultConfluence (acme)",
  );
  expect(row(/jira-users/).textContent).toContain("1,234");
  expect(row(/jira-users/).textContent).toContain("1,240 at Atlassian");
  expect(row(/evil/).textContent).toContain("Empty");
  expect(row(/evil/).textContent).toContain("Not known");
  expect(row(/evil/).textContent).toContain("U+202E");
  expect(row(/okta-legal/).textContent).toContain("SyncedManaged by the identity provider");
  expect(row(/org-admins/).textContent).toContain("Admins of the organization");
  expect(row(/org-admins/).textContent).toContain("No app");
  expect(row(/all-staff/).textContent).toContain("2 apps, their names not known");
  expect(await violations()).toEqual([]);
});

test("a Jira site does not say that a group gives no app, and not that it can be changed", async () => {
  const unsure = group({ name: "confluence-users", grantsKnown: true, synced: "unknown" });
  installBackend({
    "Sources.List": () => [{ ...source, kind: "jira_cloud" }],
    "Groups.List": (q: GroupQuery) => ({ ...list(q), groups: [unsure], kinds: { empty: 3, unsure: 230 } }),
  });
  open("/groups");
  const said = (await screen.findByRole("row", { name: /confluence-users/ })).textContent;
  expect(said).toContain("No Jira app");
  expect(said).toContain("Not known whether synced");
  expect(said).not.toContain("Can be changed");
  expect(screen.getByText(/A Jira site tells of Jira alone/)).toBeTruthy();
  const kinds = within(screen.getByRole("group", { name: "Kinds of groups" }));
  expect(kinds.getAllByRole("button").map((b) => b.textContent)).toEqual([
    "230 All",
    "3 Empty",
    "230 Not known whether synced",
  ]);
});

test("search, kind, sort and page are asked of the backend; a group opens its people", async () => {
  const backend = installBackend({ "Groups.List": list });
  const { user, history } = open("/groups");
  const asked = () => backend.callsOf("Groups.List").pop()?.[0];
  await user.click(await screen.findByRole("button", { name: "Next page" }));
  await waitFor(() => expect(asked()).toMatchObject({ from: 100, count: 100 }));
  await user.type(screen.getByRole("textbox", { name: "Search groups" }), "legal");
  await waitFor(() => expect(asked()).toMatchObject({ search: "legal", from: 0 }));
  await user.click(screen.getByRole("button", { name: "1 Empty" }));
  await waitFor(() => expect(asked()).toMatchObject({ kind: "empty" }));
  expect(within(screen.getByRole("group", { name: "Kinds of groups" })).getByText("230")).toBeTruthy();
  await user.click(screen.getByRole("combobox", { name: "Sort groups" }));
  await user.click(await screen.findByRole("option", { name: "Most members first" }));
  await waitFor(() => expect(asked()).toMatchObject({ sort: "members", desc: true }));
  await user.click(await screen.findByRole("button", { name: /^Show the members of .*evil/ }));
  await waitFor(() => expect(history.location.pathname).toBe("/people"));
  expect(new URLSearchParams(history.location.search).get("filter")).toBe('group = "g2"');
});

test("what is shown is exported, all pages of it", async () => {
  const backend = installBackend({
    "Groups.List": list,
    "Groups.Export": () => ({ path: "/tmp/groups.csv", rows: 1 }),
  });
  const { user } = open("/groups?kind=empty&search=x&sort=members-desc");
  await user.click(await screen.findByRole("button", { name: "Export groups" }));
  await user.click(await screen.findByRole("menuitem", { name: "CSV" }));
  expect(await screen.findByText("1 group was exported.")).toBeTruthy();
  expect(backend.callsOf("Groups.Export")).toEqual([
    [expect.objectContaining({ kind: "empty", search: "x", sort: "members", desc: true }), "csv"],
  ]);
});

test("how many there are is said where one page holds them, and there is no way on", async () => {
  installBackend({ "Groups.List": (q: GroupQuery) => ({ ...list(q), total: 3 }) });
  open("/groups");
  expect(await screen.findByText("1–3 of 3 groups")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Next page" })).toBeNull();
});

test("a failure says why", async () => {
  installBackend({ "Groups.List": () => refuse("internal", "The local copy is damaged.") });
  open("/groups");
  expect(await screen.findByText("The local copy is damaged.")).toBeTruthy();
});

test("chosen groups of all pages go into one preview, with the reason", async () => {
  const backend = installBackend({
    "Groups.List": list,
    "Groups.Names": () => groups.map((g) => ({ id: g.groupId, name: g.name })),
    "Bulk.Preview": () => ({ id: "p-groups" }),
    "Bulk.Plan": () => refuse("not_found", "Not needed here."),
  });
  const { user, history } = open("/groups");
  await user.click(await screen.findByRole("checkbox", { name: "Choose jira-users" }));
  expect((await screen.findByRole("region", { name: "Chosen groups" })).textContent).toContain("1 chosen");
  expect(history.location.pathname).toBe("/groups"); // the row's own click does not follow
  await user.click(screen.getByRole("button", { name: "Choose all 230" }));
  await user.click(await screen.findByRole("checkbox", { name: "Choose okta-legal", checked: true }));
  await user.click(screen.getByRole("button", { name: "Delete…" }));
  await user.type(await screen.findByRole("textbox", { name: "Reason" }), "clean-up");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Preview" }));
  await waitFor(() =>
    expect(backend.callsOf("Bulk.Preview")[0]?.[0]).toMatchObject({
      action: "group.delete",
      groups: ["g1", "g2", "g4", "g5"],
      note: "clean-up",
    }),
  );
});

test("names are typed one on each line; what is wrong with them stands there", async () => {
  const backend = installBackend({
    "Groups.List": list,
    "Bulk.Preview": () => refuse("invalid", "The name red stands there twice.", { field: "names" }),
  });
  const { user } = open("/groups");
  await user.click(await screen.findByRole("button", { name: "New groups…" }));
  await user.type(await screen.findByRole("textbox", { name: /Names/ }), "red{Enter}blue");
  await user.click(screen.getByRole("button", { name: "Preview" }));
  expect(await screen.findByText("The name red stands there twice.")).toBeTruthy();
  expect(backend.callsOf("Bulk.Preview")[0]?.[0]).toMatchObject({
    action: "group.create",
    params: { names: "red\nblue", description: "" },
    groups: [],
  });
});

test("the dialog asks for what the action declares, whatever that is; what is required is filled in first", async () => {
  const choices = [
    { id: "d1", name: "Main" },
    { id: "d2", name: "Partners" },
  ];
  const wanted = [
    field("names", "Names", "lines", true),
    field("directory", "Directory", "choice", true, { choices }),
    field("seats", "Seats", "number", false, { min: 1, max: 9 }),
  ];
  const backend = installBackend({
    "Groups.List": list,
    "Bulk.Actions": () => actions.map((a) => (a.kind === "group.create" ? { ...a, params: wanted } : a)),
    "Bulk.Preview": () => refuse("invalid", "Seats must be a whole number.", { field: "seats" }),
  });
  const { user } = open("/groups");
  await user.click(await screen.findByRole("button", { name: "New groups…" }));
  const names = await screen.findByRole("textbox", { name: /^Names/ });
  const preview = screen.getByRole("button", { name: "Preview" }) as HTMLButtonElement;
  await user.type(names, "red");
  expect(preview.disabled).toBe(true);
  await user.click(screen.getByRole("combobox", { name: /^Directory/ }));
  await user.click(await screen.findByRole("option", { name: "Partners" }));
  await user.type(screen.getByRole("textbox", { name: "Seats" }), "10");
  expect(await violations()).toEqual([]);
  await user.click(preview);
  expect(await screen.findByText("Seats must be a whole number.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Seats" }));
  expect(backend.callsOf("Bulk.Preview")[0]?.[0]).toMatchObject({
    params: { names: "red", directory: "d2", seats: "10" },
    selection: "1 name",
  });
});

test("what the source or its key cannot do is shown with the reason", async () => {
  installBackend({
    "Groups.List": list,
    "Bulk.Actions": () => actions.map((a) => ({ ...a, supported: false, reason: "The key can only read." })),
  });
  const { user } = open("/groups");
  const create = await screen.findByRole("button", { name: "New groups…" });
  await waitFor(() => expect(create.getAttribute("aria-disabled")).toBe("true"));
  await user.hover(create);
  expect(await screen.findByText("The key can only read.")).toBeTruthy();
  await user.click(create);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("choosing a page or all means these; what else was chosen is kept or left out by name of the number", async () => {
  const backend = installBackend({
    "Groups.List": list,
    "Groups.Outside": (_: GroupQuery, ids: string[]) => ids.filter((id) => id === "g9"),
    "Groups.Names": () => [{ id: "g9", name: "elsewhere" }],
  });
  const { user } = open("/groups");
  await user.click(await screen.findByRole("button", { name: "Choose all 230" }));
  const bar = await screen.findByRole("region", { name: "Chosen groups" });
  await within(bar).findByText("1 of them not in this list");
  await user.click(screen.getByRole("checkbox", { name: "Choose this page" }));
  await within(bar).findByText("5");
  await user.click(within(bar).getByRole("button", { name: "Keep 1 others too" }));
  await within(bar).findByText("6");
  await user.click(await within(bar).findByRole("button", { name: "Leave them out" }));
  await within(bar).findByText("5");
  expect(backend.callsOf("Groups.Outside").map(([, ids]) => ids)).toContainEqual(["g1", "g2", "g3", "g4", "g5"]);
  await user.click(within(bar).getByRole("button", { name: "Clear" }));
  expect(screen.queryByRole("region", { name: "Chosen groups" })).toBeNull();
});
