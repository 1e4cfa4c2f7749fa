import { afterAll, beforeAll, expect, test } from "vitest";
import { moved, putStill } from "../harness/still";
import { keys, RealWindow } from "../harness/webdriver";

// Nobody is chosen who was not meant, in the window that is shipped: real clicks of WebKit, several widths of the window.
let seatkeeper: RealWindow;

beforeAll(async () => {
  seatkeeper = await RealWindow.open({ flags: ["--demo", "--demo-people", "600"], name: "window-meant" });
  await seatkeeper.find("button", /^Local copy: Synced/, { seconds: 60 });
  await seatkeeper.click("link", "People");
  await seatkeeper.text(/600\s+people/);
  await seatkeeper.run(`(${putStill})()`);
});

afterAll(() => seatkeeper?.close());

const box = (n: number) => seatkeeper.run<never>(`return document.querySelector('#person-row-${n} [role=checkbox]')`);
const ticked = () =>
  seatkeeper.run<string[]>(
    "return [...document.querySelectorAll('[id^=person-row-][aria-selected=true]')].map((row) => row.id.slice(11))",
  );

test("a double click on a box is two clicks: no neighbour, no drawer, no row that moves", async () => {
  await seatkeeper.run("still.begin('[id^=person-row-]')");
  await seatkeeper.press(await box(3), 2);
  await seatkeeper.look("double-click");
  expect(await ticked()).toEqual([]);
  expect(await seatkeeper.run<boolean>("return !!document.querySelector('aside[aria-label=Person]')")).toBe(false);
  await seatkeeper.press(await box(3));
  await seatkeeper.text(/1 selected/);
  await seatkeeper.press(await box(6));
  await seatkeeper.text(/2 selected/);
  expect(await ticked()).toEqual(["3", "6"]);
  await seatkeeper.look("two");
  const seen = await seatkeeper.run<Record<string, number[]>>("return still.end()");
  expect(Object.keys(seen).length).toBeGreaterThan(5);
  expect(moved(seen)).toEqual({});
});

test("all is the list that is seen; the others stay when that is asked for", async () => {
  await seatkeeper.fill("Filter", `status = suspended${keys.enter}`);
  const found = await seatkeeper.text(/[\d,]+ of 600 people/);
  const n = Number(/^\d+/.exec(found)?.[0]);
  await seatkeeper.text(/of them not in this list/);
  await seatkeeper.run("still.begin('[id^=person-row-]')");
  await seatkeeper.press(await seatkeeper.find("checkbox", `Select all ${n} in this list`));
  await seatkeeper.text(new RegExp(`^${n} selected`, "m"));
  await seatkeeper.look("all-of-this-list");
  await seatkeeper.press(await seatkeeper.find("button", /^Keep \d others too$/), 2);
  await seatkeeper.text(/of them not in this list/);
  await seatkeeper.look("others-kept");
  await seatkeeper.click("button", "Leave them out");
  await seatkeeper.text(new RegExp(`^${n} selected`, "m"));
  expect(moved(await seatkeeper.run<Record<string, number[]>>("return still.end()"))).toEqual({});
});
