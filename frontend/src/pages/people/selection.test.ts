import { describe, expect, test } from "vitest";
import { gridCommand } from "./gridKeys";
import { patchSelected, rangeOf, selectedAfter } from "./selection";

describe("what an operation means for a row", () => {
  test.each([
    ["add", true, false, true],
    ["add", false, true, true],
    ["add", false, false, false],
    ["remove", true, true, false],
    ["remove", false, true, true],
    ["toggle", true, true, false],
    ["toggle", true, false, true],
    ["toggle", false, true, true],
    ["only", true, false, true],
    ["only", false, true, false],
    ["all", false, false, true],
    ["none", true, true, false],
  ] as const)("%s, in range %s, was %s: %s", (op, inRange, was, is) => {
    expect(selectedAfter(op, inRange, was)).toBe(is);
  });

  test("a range goes from its start to before its end, and untouched rows keep their identity", () => {
    const rows = [0, 1, 2, 3].map((id) => ({ id, selected: false }));
    const next = rows.map(patchSelected("add", 1, 3));
    expect(next.map((r) => r.selected)).toEqual([false, true, true, false]);
    expect(next[0]).toBe(rows[0]);
  });

  test("a range between two rows holds both, in either direction", () => {
    expect(rangeOf(3, 7)).toEqual([3, 8]);
    expect(rangeOf(7, 3)).toEqual([3, 8]);
    expect(rangeOf(4, 4)).toEqual([4, 5]);
  });
});

describe("keys", () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  const place = { active: 10, total: 100, page: 20 };
  const command = (key: string, more = {}, at = {}) => gridCommand({ key, ...plain, ...more }, { ...place, ...at });

  test.each([
    ["ArrowDown", 11],
    ["j", 11],
    ["ArrowUp", 9],
    ["k", 9],
    ["PageDown", 30],
    ["PageUp", 0],
    ["Home", 0],
    ["End", 99],
  ])("%s moves to %i", (key, to) => {
    expect(command(key)).toEqual({ do: "move", to, extend: false });
  });

  test("no move leaves the list", () => {
    expect(command("ArrowDown", {}, { active: 99 })).toMatchObject({ to: 99 });
    expect(command("ArrowUp", {}, { active: 0 })).toMatchObject({ to: 0 });
  });

  test("Shift extends, with letters too", () => {
    expect(command("ArrowDown", { shiftKey: true })).toEqual({ do: "move", to: 11, extend: true });
    expect(command("J", { shiftKey: true })).toEqual({ do: "move", to: 11, extend: true });
  });

  test.each([
    [" ", "look"],
    ["Enter", "open"],
    ["x", "toggle"],
    ["Escape", "close"],
  ])("%s means %s", (key, what) => {
    expect(command(key)).toEqual({ do: what });
  });

  test.each(["ctrlKey", "metaKey"])("with %s: A selects all, C copies, the rest is left to others", (mod) => {
    expect(command("a", { [mod]: true })).toEqual({ do: "selectAll" });
    expect(command("c", { [mod]: true })).toEqual({ do: "copy" });
    expect(command("k", { [mod]: true })).toBeUndefined();
    expect(command("x", { [mod]: true })).toBeUndefined();
  });

  test("other keys, and every key of an empty list, are left to others", () => {
    expect(command("q")).toBeUndefined();
    expect(command("Tab")).toBeUndefined();
    expect(command("x", { altKey: true })).toBeUndefined();
    expect(command("ArrowDown", {}, { total: 0 })).toBeUndefined();
  });
});
