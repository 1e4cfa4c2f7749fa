import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { useStill } from "./useStill";

afterEach(() => document.querySelector("table")?.remove());

/** A list over which the pointer is or is not. */
function still() {
  const table = document.body.appendChild(document.createElement("table"));
  const pointer = { over: false };
  Object.assign(table, { matches: () => pointer.over });
  const hook = renderHook(({ rows, question }) => useStill(rows, question, JSON.stringify, "table"), {
    initialProps: { rows: ["a", "b"], question: "q" as string | undefined },
  });
  const shows = (rows: string[], question: string | undefined = "q") => {
    hook.rerender({ rows, question });
    return hook.result.current.shown;
  };
  return { hook, pointer, shows };
}

test("rows that would move wait until the pointer has left them, or are asked for", () => {
  const { hook, pointer, shows } = still();
  expect(shows(["a", "b", "c"])).toEqual(["a", "b", "c"]);
  pointer.over = true;
  expect(shows(["x", "a", "b"])).toEqual(["a", "b", "c"]);
  expect(hook.result.current.waiting).toBe(true);
  pointer.over = false;
  act(() => void document.dispatchEvent(new Event("pointerover")));
  expect(hook.result.current.shown).toEqual(["x", "a", "b"]);
  expect(hook.result.current.waiting).toBe(false);
  pointer.over = true;
  shows(["y"]);
  act(() => hook.result.current.take());
  expect(hook.result.current.shown).toEqual(["y"]);
});

test("another question is answered at once, also under the pointer", () => {
  const { pointer, shows } = still();
  pointer.over = true;
  expect(shows(["a", "b"], undefined)).toEqual(["a", "b"]); // the rows before, until the answer is there
  expect(shows(["z"], "other")).toEqual(["z"]);
  expect(shows(["z", "zz"], "other")).toEqual(["z"]);
});
