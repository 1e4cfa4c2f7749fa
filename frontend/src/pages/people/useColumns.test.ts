import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { stretch, useColumns } from "./useColumns";

const KEY = "seatkeeper-people-columns";
afterEach(() => localStorage.removeItem(KEY));

const open = () => renderHook(() => useColumns("atlassian_org", undefined, () => {}));
const shown = (columns: ReturnType<typeof open>) => columns.result.current.shown.map((s) => s.column.id);

test("a column that came after the columns were kept is as at first, and can be shown and moved", () => {
  // As an earlier version kept them: the policy and the age were not there yet.
  const order = ["name", "email", "status", "department", "jobTitle"];
  localStorage.setItem(KEY, JSON.stringify({ order, hidden: ["jobTitle"], sizes: {}, density: 28 }));
  const columns = open();
  expect(shown(columns)).toEqual(expect.arrayContaining(["name", "email", "status", "department", "lastActive"]));
  expect(shown(columns)).not.toContain("policy");
  expect(shown(columns)).not.toContain("readAt");
  act(() => columns.result.current.toggle("policy"));
  expect(shown(columns)).toContain("policy");
  expect(shown(columns)).not.toContain("readAt");
  act(() => columns.result.current.toggle("policy"));
  expect(shown(columns)).not.toContain("policy");
});

test("who somebody is stays readable, however narrow the column was made", () => {
  const columns = open();
  const width = (id: string, of = columns) => of.result.current.shown.find((s) => s.column.id === id)?.width;
  act(() => columns.result.current.resize("name", 10));
  act(() => columns.result.current.resize("status", 10));
  expect([width("name"), width("status")]).toEqual([150, 64]);
  columns.unmount();
  localStorage.setItem(KEY, JSON.stringify({ order: [], hidden: [], sizes: { email: 64 }, density: 28 }));
  expect(width("email", open())).toBe(150);
});

test("room that is left over goes to the columns with long texts that have no width of the operator's", () => {
  const columns = open();
  const widths = (spare: number) =>
    Object.fromEntries(stretch(columns.result.current.shown, spare).map((c) => [c.column.id, c.width]));
  const own = widths(0);
  expect(widths(300)).toEqual({ ...own, name: 340, email: 330, apps: 320 });
  expect(widths(-40)).toEqual(own);
  // No wider than twice as wide: the rest stays free.
  expect(widths(9000)).toEqual({ ...own, name: 480, email: 460, apps: 440 });
  act(() => columns.result.current.resize("email", 150));
  expect(widths(200)).toEqual({ ...own, name: 340, email: 150, apps: 320 });
});

test("order, width, visibility and row height are kept from start to start; sorting turns around", () => {
  const first = open();
  const before = shown(first);
  act(() => first.result.current.move("email", 1));
  act(() => first.result.current.toggle("status"));
  act(() => first.result.current.resize("department", 9999));
  act(() => first.result.current.setDensity(40));
  act(() => first.result.current.toggle("name")); // who somebody is stays
  const after = shown(first);
  first.unmount();
  const again = open();
  expect(shown(again)).toEqual(after);
  expect(after).not.toEqual(before);
  expect([after.includes("status"), after.includes("name")]).toEqual([false, true]);
  expect(again.result.current.shown.find((s) => s.column.id === "department")?.width).toBe(640);
  expect(again.result.current.density).toBe(40);
  act(() => again.result.current.reset());
  expect(shown(again)).toEqual(before);

  const asked: object[] = [];
  let sort: { id: string; desc: boolean } | undefined;
  const sorting = renderHook(() => useColumns("atlassian_org", sort, (s) => asked.push(s)));
  for (const id of ["name", "name", "name", "email"]) {
    sorting.result.current.toggleSort(id);
    sort = asked.at(-1) as typeof sort;
    sorting.rerender();
  }
  expect(asked).toEqual([
    { id: "name", desc: false },
    { id: "name", desc: true },
    { id: "name", desc: false },
    { id: "email", desc: false },
  ]);
  expect([sorting.result.current.sorted("email"), sorting.result.current.sorted("name")]).toEqual(["asc", undefined]);
});
