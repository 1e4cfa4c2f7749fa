import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { filter, open, setUp } from "../harness/steps";
import { moved, putStill, type Still } from "../harness/still";
import { startWalk } from "../harness/walk";

// Nobody is chosen who was not meant: with real clicks, nothing moves under the pointer, and "all" is the list that is seen.
const walk = startWalk("meant", { simulator: ["-people", "600", "-sites", "1", "-seed", "7"] }, setUp);

const may = "status = active AND managed = yes AND inSyncedGroup = no";
const here = `${may} AND name ~ a`;
const there = `${may} AND NOT name ~ a`;

type Page = typeof globalThis & { still: Still };

/** Does something while every place of every row is noted, and expects that no row had two. */
async function nothingMoves(rows: string, act: () => Promise<unknown>) {
  const { page } = walk.tab;
  await page.evaluate(putStill);
  await page.evaluate((rows) => (globalThis as Page).still.begin(rows), rows);
  await act();
  await page.waitForTimeout(600); // what comes late comes now
  const seen = await page.evaluate(() => (globalThis as Page).still.end());
  expect(Object.keys(seen).length).toBeGreaterThan(3);
  expect(moved(seen)).toEqual({});
}

const people = "[id^=person-row-]";
const row = (n: number) => walk.tab.page.locator(`#person-row-${n}`);
const box = (n: number) => row(n).getByRole("checkbox");
const ticked = () =>
  walk.tab.page
    .locator('[id^=person-row-][aria-selected="true"]')
    .evaluateAll((rows) => rows.map((r) => r.id.replace("person-row-", "")));

/** Clicks where something stands now, as a hand does that does not look again. */
async function press(what: Locator, clicks = 1) {
  const at = await what.boundingBox();
  if (!at) throw new Error("not in sight");
  const { mouse } = walk.tab.page;
  await mouse.click(at.x + at.width / 2, at.y + at.height / 2, { clickCount: clicks, delay: 30 });
}

const selected = (n: number) => walk.tab.page.getByText(`${n} selected`, { exact: true }).waitFor();
const bar = () => walk.tab.page.getByRole("region", { name: "Selected people" });

test("a double click on a box is two clicks: no neighbour, no drawer, no row that moves", async () => {
  const { page } = walk.tab;
  await filter(walk.tab, here);
  await nothingMoves(people, async () => {
    await press(box(3), 2);
    await page.waitForTimeout(300);
    expect(await ticked()).toEqual([]);
    expect(await page.getByRole("complementary", { name: "Person" }).count()).toBe(0);
    await press(box(3));
    await selected(1);
    await press(box(5));
    await selected(2);
    expect(await ticked()).toEqual(["3", "5"]);
    await press(bar().getByRole("button", { name: "Clear" }), 2);
    await bar().waitFor({ state: "detached" });
  });
  await walk.tab.look("nobody");
});

test("a filter that is only typed, with a mistake, moves no row when one is clicked", async () => {
  const { page } = walk.tab;
  await page.getByRole("textbox", { name: "Filter" }).fill("status = acti");
  await page.waitForTimeout(500);
  await nothingMoves(people, async () => {
    await press(box(4));
    await selected(1);
  });
  expect(await ticked()).toEqual(["4"]);
  await page
    .getByText(/Expected|not a status|“acti”/)
    .first()
    .waitFor();
  await walk.tab.look("mistake");
  await page.getByRole("textbox", { name: "Filter" }).press("Escape");
});

test("what a run changes meanwhile is offered, and no row moves for it", async () => {
  const { page } = walk.tab;
  await filter(walk.tab, here);
  await row(8).hover();
  await nothingMoves(people, async () => {
    await page.evaluate(async () => {
      const { go } = window as unknown as {
        go: { bindings: Record<string, Record<string, (...a: unknown[]) => Promise<never>>> };
      };
      const { Sources, Bulk } = go.bindings;
      const [source] = (await Sources?.List?.()) ?? [];
      const ask = {
        sourceId: (source as unknown as { id: string }).id,
        action: "user.suspend",
        params: {},
        note: "",
        selection: "",
        groups: [],
      };
      const plan = (await Bulk?.Preview?.(ask)) as unknown as { id: string; hash: string };
      await Bulk?.Confirm?.(plan.id, plan.hash, "", "");
    });
    await page.getByRole("button", { name: /refresh$/ }).waitFor({ timeout: 60_000 });
  });
  await walk.tab.look("changes");
  await page.getByRole("button", { name: /refresh$/ }).click();
});

let all: number;

test("after a cancelled preview, all of another list is that list alone", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Overview");
  await open(walk.tab, "People");
  all = await filter(walk.tab, here);
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await selected(all);
  await bar().getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  const others = await filter(walk.tab, there);
  await bar().getByText(`${all} of them not in this list`).waitFor();
  await nothingMoves(people, async () => {
    await press(page.getByRole("checkbox", { name: `Select all ${others} in this list` }));
    await selected(others);
  });
  await walk.tab.look("all-of-this-list");
  await nothingMoves(people, async () => {
    await press(bar().getByRole("button", { name: `Keep ${all} others too` }), 2);
    await selected(all + others);
  });
  await walk.tab.look("others-kept");
  await press(bar().getByRole("button", { name: "Show them" }));
  await page.getByText("Only who is selected").waitFor();
  await page.getByText(`${all + others} of 600 people`).waitFor();
  await walk.tab.look("only-selected");
  await page.getByRole("button", { name: "Show everybody" }).click();
  await filter(walk.tab, there);
  await bar().getByRole("button", { name: "Leave them out" }).click();
  await selected(others);
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await selected(others);
  await bar().getByRole("button", { name: "Clear" }).click();
});

test("the preview names who is not in the list that was shown last; the run ends the selection", async () => {
  const { page } = walk.tab;
  await filter(walk.tab, here);
  for (let n = 0; n < 7; n++) await press(box(n));
  await selected(7);
  await filter(walk.tab, there);
  for (let n = 0; n < 2; n++) await press(box(n));
  await selected(9);
  await bar().getByText("7 of them not in this list").waitFor();
  await bar().getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("7 of these 9 people are not in the list of people that was shown last").waitFor();
  await walk.tab.look("preview");
  await page.getByRole("button", { name: "Show all 7" }).click();
  const rows = page.getByRole("dialog").getByRole("table").getByRole("row");
  await expect.poll(() => rows.count()).toBe(8);
  await walk.tab.look("preview-all");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Suspend 9 people" }).click();
  await page.getByText("Finished", { exact: true }).waitFor({ timeout: 60_000 });
  await open(walk.tab, "People");
  await page.getByText(/^Nobody selected/).waitFor();
  const n = await filter(walk.tab, here);
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await selected(n);
  expect(await bar().getByRole("button", { name: /^Keep/ }).count()).toBe(0);
  await bar().getByRole("button", { name: "Clear" }).click();
});

for (const [width, zoom] of [
  [960, 0],
  [1280, 0],
  [1280, 2],
] as const) {
  test(`nothing moves in a window of ${width}, ${zoom} steps larger`, async () => {
    const { page } = walk.tab;
    await page.setViewportSize({ width, height: 700 });
    for (let i = 0; i < zoom; i++) await page.keyboard.press("Control+=");
    await filter(walk.tab, there);
    await nothingMoves(people, async () => {
      await press(box(2));
      await selected(1);
      await press(box(3), 2);
      await selected(1);
    });
    const [bottom, top] = await page.evaluate(() => [
      document.querySelector('[aria-label="Selected people"]')?.getBoundingClientRect().bottom,
      document.querySelector("[role=grid]")?.getBoundingClientRect().top,
    ]);
    expect(bottom).toBeLessThanOrEqual((top ?? 0) + 1);
    await walk.tab.look(`at-${width}-${zoom}`);
    await bar().getByRole("button", { name: "Clear" }).click();
    for (let i = 0; i < zoom; i++) await page.keyboard.press("Control+-");
  });
}

test("groups and run logs: no row moves for a tick", async () => {
  const { page } = walk.tab;
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(walk.tab, "Groups");
  const groups = page.getByRole("table", { name: "Groups" });
  const boxes = groups.getByRole("checkbox");
  await boxes.first().waitFor();
  await nothingMoves("table[aria-label=Groups] tbody tr", async () => {
    await press(boxes.nth(2), 2);
    await page.waitForTimeout(300);
    expect(await groups.getByRole("checkbox", { checked: true }).count()).toBe(0);
    await press(boxes.nth(2));
    await press(boxes.nth(4));
    await page.getByText("2 chosen", { exact: true }).waitFor();
  });
  await page.getByRole("textbox", { name: "Search groups" }).fill("jira");
  await page.getByText(/of them not in this list/).waitFor();
  await walk.tab.look("groups");
  await page.getByRole("checkbox", { name: "Choose this page" }).click();
  await page.getByRole("button", { name: /^Keep \d others too$/ }).waitFor();
  await open(walk.tab, "Run logs");
  const runs = page.getByRole("table", { name: "Runs" }).getByRole("checkbox");
  await runs.first().waitFor();
  const tops = () => runs.evaluateAll((all) => all.map((b) => Math.round(b.getBoundingClientRect().top)));
  const before = await tops();
  await press(runs.first());
  await page.getByText("1 chosen", { exact: true }).waitFor();
  expect(await tops()).toEqual(before);
  await walk.tab.look("run-logs");
});
