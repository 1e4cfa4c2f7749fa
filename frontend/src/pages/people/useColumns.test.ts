import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { useColumns } from "./useColumns";

const KEY = "seatkeeper-people-columns";
afterEach(() => localStorage.removeItem(KEY));

const open = () => renderHook(() => useColumns(undefined, () => {}));
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
