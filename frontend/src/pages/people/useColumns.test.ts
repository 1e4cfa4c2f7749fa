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
  act(() => columns.result.current.table.getColumn("policy")?.toggleVisibility(true));
  expect(shown(columns)).toContain("policy");
  expect(shown(columns)).not.toContain("readAt");
  act(() => columns.result.current.table.getColumn("policy")?.toggleVisibility(false));
  expect(shown(columns)).not.toContain("policy");
});

test("who somebody is stays readable, however narrow the column was made", () => {
  const columns = open();
  const width = (id: string) => columns.result.current.table.getColumn(id)?.getSize();
  act(() => columns.result.current.resize("name", 10));
  act(() => columns.result.current.resize("status", 10));
  expect([width("name"), width("status")]).toEqual([150, 64]);
  columns.unmount();
  localStorage.setItem(KEY, JSON.stringify({ order: [], hidden: [], sizes: { email: 64 }, density: 28 }));
  expect(open().result.current.table.getColumn("email")?.getSize()).toBe(150);
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
