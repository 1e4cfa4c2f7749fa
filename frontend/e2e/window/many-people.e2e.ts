import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepFigures } from "../harness/figures";
import { eventually } from "../harness/place";
import { figuresOf, inWords, putWatch, type Seen } from "../harness/scroll";
import { keys, RealWindow } from "../harness/webdriver";

// The list of 100,000 people in the window that is shipped, with real turns of the wheel. What is counted must be right; time and memory
// are the machine's as much as the program's: they are kept for `bench`, and held here only against what nobody could work with.
const people = 100_000;
let seatkeeper: RealWindow;

beforeAll(async () => {
  seatkeeper = await RealWindow.open({ flags: ["--demo", "--demo-people", String(people)], name: "window-many" });
  await seatkeeper.find("button", /^Local copy: Synced/, { seconds: 300 });
  await seatkeeper.click("link", "People");
  await seatkeeper.text(/100,000\s+people/);
  await seatkeeper.run(`(${putWatch})()`);
}, 330_000);

afterAll(() => seatkeeper?.close());

/** Waits until each place in sight shows somebody, and gives how many places there are. */
function everyRowThere(): Promise<number> {
  return eventually("each place shows somebody", async () => {
    const { places, blank } = await seatkeeper.run<{ places: number; blank: number }>("return watch.look()");
    return blank === 0 ? places : undefined;
  });
}

const statusOf = (pid: number, field: string) =>
  new RegExp(`^${field}:\\s*(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";

/** The process that draws the page: it descends from the program. */
function webProcess(): number {
  const descends = (pid: number): boolean =>
    pid === seatkeeper.pid || (pid > 1 && descends(Number(statusOf(pid, "PPid"))));
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    try {
      if (statusOf(pid, "Name").startsWith("WebKitWeb") && descends(pid)) return pid;
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error("no process draws the page");
}

/** Milliseconds that a process has computed, drawing included. The kernel counts hundredths of a second. */
function computed(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Does something to the list, keeps what it was like, and expects that each place shows somebody in the end. */
async function watched(how: string, scroll: () => Promise<void>): Promise<Seen> {
  const page = webProcess();
  await seatkeeper.run("watch.begin()");
  const before = computed(page);
  await scroll();
  const cpu = computed(page) - before;
  const seen = await seatkeeper.run<Seen>("return watch.end()");
  const memory = Math.round(Number(statusOf(page, "VmRSS")) / 1024);
  console.log(`${inWords(how, seen, cpu)}; ${memory} MB`);
  keepFigures(`RealWindow/${how}`, { ...figuresOf(seen, cpu), "rss-MB": memory });
  expect(await everyRowThere()).toBeGreaterThan(10);
  expect(await seatkeeper.run<number>("return document.querySelectorAll('[id^=person-row-]').length")).toBeLessThan(80);
  return seen;
}

/** Turns the wheel over the middle of the window. */
function wheel(notches: number, milliseconds: number) {
  const turn = ["click", "--repeat", String(notches), "--delay", String(milliseconds), "5"];
  execFileSync("xdotool", ["mousemove", "800", "560", ...turn]);
}

/** The place of the first row that is wholly in sight, from 0. */
const firstInSight = () =>
  seatkeeper.run<number>(`
    const top = document.querySelector('[role=columnheader]').getBoundingClientRect().bottom - 1;
    const rows = [...document.querySelectorAll('[id^=person-row-]')].filter((row) => row.getBoundingClientRect().top >= top);
    return Math.min(...rows.map((row) => Number(row.getAttribute('aria-rowindex')))) - 2`);

test("the wheel: each place shows somebody at every moment", async () => {
  const rows = "return document.querySelector('[role=grid]').getAttribute('aria-rowcount')";
  expect(Number(await seatkeeper.run<string>(rows))).toBe(people + 1);
  await everyRowThere();
  const seen = await watched("wheel", async () => {
    for (let step = 0; step < 12; step++) {
      wheel(10, 30);
      await everyRowThere();
    }
  });
  expect(await firstInSight()).toBeGreaterThan(30);
  expect(seen.blank).toBe(0);
  await seatkeeper.look("many-people");
});

test("the wheel as fast as it turns", async () => {
  const from = await firstInSight();
  await watched("fast-wheel", async () => wheel(400, 4));
  expect(await firstInSight()).toBeGreaterThan(from + 100);
});

test("the scroll bar is dragged to the end", async () => {
  await watched("drag", async () => {
    for (let i = 0; i <= 60; i++)
      await seatkeeper.run(`
        const grid = document.querySelector('[role=grid]');
        grid.scrollTop = ${i / 60} * (grid.scrollHeight - grid.clientHeight)`);
  });
  const last = `return !!document.querySelector('[aria-rowindex="${people + 1}"] [role=checkbox]')`;
  expect(await seatkeeper.run<boolean>(last)).toBe(true);
});

test("all of a filter are selected at once", async () => {
  await seatkeeper.fill("Filter", `status = suspended${keys.enter}`);
  const found = await seatkeeper.text(/[\d,]+ of 100,000 people/);
  const some = /([\d,]+) of 100,000/.exec(found)?.[1] ?? "";
  await seatkeeper.click("checkbox", `Select all ${some} in this list`);
  await seatkeeper.text(new RegExp(`${some} selected`));
  await seatkeeper.click("button", "Clear the filter");
  await seatkeeper.text(/^100,000\s+people/m);
  await seatkeeper.fill("Filter", `NOT status = suspended${keys.enter}`);
  const rest = (people - Number(some.replaceAll(",", ""))).toLocaleString("en-US");
  await seatkeeper.text(new RegExp(`${rest} of 100,000 people`));
  await everyRowThere();
  await seatkeeper.look("selected");
});

test("200 rows anywhere in the list", async () => {
  await seatkeeper.run(`
    const { Sources, People } = window.go.bindings;
    const read = async () => {
      const [source] = await Sources.List();
      const list = await People.Query({ sourceId: source.id, filter: "", search: "", sort: "", desc: false, selected: false });
      const took = [];
      for (let i = 0; i < 60; i++) {
        const begin = performance.now();
        const rows = await People.Rows(list.id, (i * 7919 * 13) % ${people - 200}, 200);
        took.push(performance.now() - begin);
        if (rows.length !== 200) throw new Error(rows.length + ' rows');
      }
      return took.sort((a, b) => a - b);
    };
    read().then((took) => { window.took = took; }, (e) => { window.took = String(e); })`);
  const took = await eventually(
    "the rows are read",
    async () => (await seatkeeper.run<number[] | null>("return window.took ?? null")) ?? undefined,
    60,
  );
  expect(took).toHaveLength(60);
  const figures = { "p50-ms": took[30] ?? Number.NaN, "p95-ms": took[56] ?? Number.NaN };
  console.log(`200 rows: half of them within ${figures["p50-ms"]} ms, 95 % within ${figures["p95-ms"]} ms`);
  keepFigures("RealWindow/200-rows", figures);
});
