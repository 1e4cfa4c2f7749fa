import type { CDPSession } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { keepFigures } from "../harness/figures";
import { type DevProgram, startDev } from "../harness/program";
import { figuresOf, inWords, putWatch, type Watched } from "../harness/scroll";
import { open } from "../harness/steps";

// The list of 100,000 people. What is counted must be right; what is measured is only printed, because it is the machine's as much
// as the program's.
const people = 100_000;
const words = (n: number) => n.toLocaleString("en-US");
let seatkeeper: DevProgram;
let tab: Tab;
let devtools: CDPSession;

beforeAll(async () => {
  seatkeeper = await startDev({ flags: ["--demo", "--demo-people", String(people)], name: "seatkeeper-many" });
  tab = await Tab.open(seatkeeper.url, "many-people");
  devtools = await tab.page.context().newCDPSession(tab.page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  await tab.page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor({ timeout: 300_000 });
  await open(tab, "People");
  await tab.page.getByText(`${words(people)} people`, { exact: true }).waitFor();
  await tab.page.evaluate(putWatch);
}, 330_000);

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await tab.pictureOfFailure();
  expect(tab.errors).toEqual([]);
});

afterAll(async () => {
  await tab?.close();
  expect(await seatkeeper?.program.end()).toBe(0);
});

/** The part of the bound methods that is asked here. */
interface Bindings {
  People: {
    Query(q: object): Promise<{ id: string }>;
    Rows(list: string, from: number, count: number): Promise<{ accountId: string }[]>;
  };
  Sources: { List(): Promise<{ id: string }[]> };
}

async function metric(name: string): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find((m) => m.name === name)?.value ?? Number.NaN;
}

/** Waits until each place in sight shows somebody, and gives how many places there are. */
async function everyRowThere(): Promise<number> {
  const look = () => tab.page.evaluate(() => (globalThis as unknown as Watched).watch.look());
  await expect.poll(async () => (await look()).blank, { timeout: 20_000 }).toBe(0);
  return (await look()).places;
}

/** Does something to the list, prints what it was like, and expects that each place shows somebody in the end. */
async function watched(how: string, scroll: () => Promise<void>) {
  await tab.page.evaluate(() => (globalThis as unknown as Watched).watch.begin());
  const before = await metric("TaskDuration");
  await scroll();
  const cpu = ((await metric("TaskDuration")) - before) * 1000;
  const seen = await tab.page.evaluate(() => (globalThis as unknown as Watched).watch.end());
  console.log(inWords(how, seen, cpu));
  keepFigures(`Browser/${how}`, figuresOf(seen, cpu));
  expect(seen.frames).toBeGreaterThan(0);
  expect(await everyRowThere()).toBeGreaterThan(15);
}

/** Expects that the rows in sight are those which the backend has at their places, and gives the places. */
async function rightRows(): Promise<number[]> {
  const drawn = () =>
    tab.page.locator("[id^=person-row-]").evaluateAll((all) =>
      all.map((row) => ({
        at: Number(row.getAttribute("aria-rowindex")) - 2,
        id: row.querySelector("[title]")?.getAttribute("title"),
      })),
    );
  await expect.poll(async () => (await drawn()).every((row) => row.id), { timeout: 20_000 }).toBe(true);
  const rows = await drawn();
  const places = rows.map((r) => r.at);
  const first = Math.min(...places);
  const wanted = await tab.page.evaluate(
    async ([from, n]) => {
      const { go } = window as unknown as { go: { bindings: Bindings } };
      const [source] = await go.bindings.Sources.List();
      const ask = { sourceId: source?.id, filter: "", search: "", sort: "", desc: false, selected: false };
      const list = await go.bindings.People.Query(ask);
      return (await go.bindings.People.Rows(list.id, from, n)).map((r) => r.accountId);
    },
    [first, rows.length] as const,
  );
  expect(rows.map((r) => r.id)).toEqual(wanted);
  expect(places).toEqual(wanted.map((_, i) => first + i));
  return places;
}

test("the first rows", async () => {
  expect(await tab.page.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(people + 1));
  expect((await rightRows())[0]).toBe(0);
});

test("the wheel: each place shows somebody at every step", async () => {
  const { page } = tab;
  await page.getByRole("grid").hover();
  await watched("wheel", async () => {
    for (let step = 0; step < 20; step++) {
      for (let notch = 0; notch < 6; notch++) await page.mouse.wheel(0, 100);
      await everyRowThere();
    }
  });
  expect((await rightRows())[0]).toBeGreaterThan(200);
});

test("the wheel as fast as it turns", async () => {
  await watched("fast-wheel", async () => {
    for (let notch = 0; notch < 120; notch++) await tab.page.mouse.wheel(0, 1500);
  });
  await rightRows();
});

test("the scroll bar is dragged", async () => {
  const to = (part: number) =>
    tab.page.getByRole("grid").evaluate((grid, part) => {
      grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight);
      return new Promise((done) => requestAnimationFrame(done));
    }, part);
  await watched("drag", async () => {
    for (let i = 0; i <= 100; i++) await to(i / 100);
    for (let i = 0; i <= 50; i++) await to(1 - i / 100);
  });
  const middle = await rightRows();
  expect(middle[0]).toBeLessThan(people / 2);
  expect(middle.at(-1)).toBeGreaterThan(people / 2);
});

test("End and Home", async () => {
  const { page } = tab;
  await page.getByRole("grid").focus();
  await watched("End-Home-End", async () => {
    for (const key of ["End", "Home", "End"]) {
      await page.keyboard.press(key);
      await page
        .locator(`[aria-rowindex="${key === "End" ? people + 1 : 2}"]`)
        .getByRole("checkbox")
        .waitFor();
    }
  });
  expect((await rightRows()).at(-1)).toBe(people - 1);
});

test("filters divide them, and all of a list are selected at once", async () => {
  const { page } = tab;
  const apply = async (text: string) => {
    const line = page.getByRole("textbox", { name: "Filter" });
    await line.fill(text);
    await line.press("Enter");
  };
  await apply("status = suspended");
  const status = page.getByText(/^[\d,]+ of 100,000 people$/);
  const some = Number((await status.innerText()).split(" ")[0]?.replaceAll(",", ""));
  expect(some).toBeGreaterThan(0);
  await page.getByRole("checkbox", { name: `Select all ${words(some)} in this list` }).click();
  await page.getByText(`${words(some)} selected`, { exact: true }).waitFor();
  await apply("NOT status = suspended");
  await page.getByText(`${words(people - some)} of ${words(people)} people`, { exact: true }).waitFor();
  await page.getByText(`${words(some)} selected`, { exact: true }).waitFor();
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByText(`${words(people - some)} selected`, { exact: true }).waitFor();
  await page.getByRole("button", { name: `Keep ${words(some)} others too` }).click();
  await page.getByText(`${words(people)} selected`, { exact: true }).waitFor();
  await apply("");
  await page.getByText(`${words(people)} people`, { exact: true }).waitFor();
  await page.getByText(`${words(people)} selected`, { exact: true }).waitFor();
});

test("the page stays small", async () => {
  await devtools.send("HeapProfiler.collectGarbage");
  const heap = (await metric("JSHeapUsedSize")) / 2 ** 20;
  const nodes = await metric("Nodes");
  console.log(`${heap.toFixed(1)} MB of JavaScript heap, ${nodes} nodes`);
  expect(nodes).toBeLessThan(30_000);
});
