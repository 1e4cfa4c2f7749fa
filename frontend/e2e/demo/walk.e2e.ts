import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, out } from "../harness/place";
import { keys, RealWindow } from "../harness/webdriver";

// What `run` shows where nobody can look at a window: the demo organization, from the first sync to an exported report.
let seatkeeper: RealWindow;

beforeAll(async () => {
  seatkeeper = await RealWindow.open({ flags: ["--demo"] });
});

afterAll(() => seatkeeper?.close());

test("sync", async () => {
  await seatkeeper.look("syncing");
  await seatkeeper.find("button", /^Local copy: Synced/, { seconds: 120 });
  await seatkeeper.click("link", "Overview");
  await seatkeeper.look("overview");
});

test("filter", async () => {
  await seatkeeper.click("link", "People");
  await seatkeeper.find("grid", "People");
  await seatkeeper.look("people");
  await seatkeeper.fill("Filter", `status = active AND lastActive < -90d AND inSyncedGroup = no${keys.enter}`);
  await seatkeeper.text(/[\d,]+ of 5,000 people/);
  await seatkeeper.look("filter");
});

test("preview", async () => {
  await seatkeeper.click("checkbox", /^Select all /);
  await seatkeeper.text(/\d selected/);
  await seatkeeper.click("button", "Suspend access");
  await seatkeeper.fill("Reason", "No activity for 90 days");
  await seatkeeper.click("button", "Preview");
  await seatkeeper.text(/Suspend .* people in Acme \(demo\)\./);
  await seatkeeper.look("preview");
});

test("run", async () => {
  const asked = await seatkeeper.text(/Type [\d,]+ to confirm|Suspend [\d,]+ people/);
  const number = /[\d,]+/.exec(asked)?.[0] ?? "";
  if (asked.startsWith("Type")) await seatkeeper.fill(/^Type /, number);
  await seatkeeper.click("button", /^Suspend [\d,]+ people$/);
  await seatkeeper.text(/Run logs/);
  await seatkeeper.look("running");
  await seatkeeper.text(/Finished/, 300);
  await seatkeeper.look("run");
});

test("export", async () => {
  const report = join(out, "report.csv");
  await seatkeeper.click("button", "Export");
  await seatkeeper.click("menuitem", "CSV, for spreadsheets");
  await seatkeeper.saveAs(report);
  const lines = await eventually("the report", async () => readFileSync(report, "utf8").trim().split("\n"));
  expect(lines.length).toBeGreaterThan(10);
  await seatkeeper.look("exported");
});
