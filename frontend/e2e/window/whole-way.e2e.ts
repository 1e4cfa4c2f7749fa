import { afterAll, beforeAll, expect, test } from "vitest";
import { Simulator } from "../harness/simulator";
import { keys, RealWindow } from "../harness/webdriver";

// The whole way in the window that is shipped: WebKit, the native frame, the keyring of the session.
let sim: Simulator;
let seatkeeper: RealWindow;

beforeAll(async () => {
  sim = await Simulator.start(["-people", "600", "-sites", "2", "-seed", "7"]);
  seatkeeper = await RealWindow.open({ simulator: sim.api });
});

afterAll(async () => {
  await seatkeeper?.look("at-the-end");
  await seatkeeper?.close();
  await sim?.end();
});

test("connect", async () => {
  await seatkeeper.click("button", "Connect");
  await seatkeeper.text(/An IP allowlist names/);
  await seatkeeper.click("button", "Skip this step");
  await seatkeeper.fill(/^Organization ID/, sim.organization.id);
  await seatkeeper.fillLabel("^API key", sim.organization.apiKey);
  await seatkeeper.fill("Name in Seatkeeper", "Acme");
  await seatkeeper.look("connect");
  await seatkeeper.click("button", "Test and connect");
  await seatkeeper.click("button", "Continue");
});

test("sync", async () => {
  await seatkeeper.click("button", "Skip this step");
  await seatkeeper.text(/Only with managed accounts/);
  await seatkeeper.click("button", "Continue");
  await seatkeeper.click("button", "Find people", { seconds: 60 });
  await seatkeeper.find("grid", "People");
  await seatkeeper.find("button", /^Local copy: Synced/);
  await seatkeeper.look("people");
});

test("filter", async () => {
  await seatkeeper.fill("Filter", `status = active AND managed = yes AND inSyncedGroup = no${keys.enter}`);
  await seatkeeper.text(/[\d,]+ of 600 people/);
});

test("suspend three people", async () => {
  const boxes = "checkbox";
  for (const row of [2, 3, 4]) {
    const cell = await seatkeeper.run<never>(`return document.querySelector('[role=grid] [aria-rowindex="${row}"]')`);
    await seatkeeper.click(boxes, /^Select /, { within: cell });
  }
  await seatkeeper.text(/3 selected/);
  await seatkeeper.look("selected");
  await seatkeeper.click("button", "Suspend access");
  await seatkeeper.fill("Reason", "Left the company");
  await seatkeeper.click("button", "Preview");
  await seatkeeper.text(/Suspend .*3 people in Acme\./);
  expect(await sim.changes()).toEqual([]);
  await seatkeeper.look("preview");
  await seatkeeper.click("button", "Suspend 3 people");
  await seatkeeper.text(/Finished/, 60);
  await seatkeeper.look("run");
  const changes = await sim.changes();
  expect(new Set(changes.map((c) => c.accountId)).size).toBe(3);
});

test("read the log", async () => {
  await seatkeeper.click("button", "Details");
  await seatkeeper.find("region", "Answered");
  await seatkeeper.look("details");
  await seatkeeper.click("button", "Close details");
  await seatkeeper.gone("dialog", "Details");
});

test("undo", async () => {
  await seatkeeper.click("button", "Undo…");
  await seatkeeper.find("button", "Restore 3 people");
  await seatkeeper.look("undo");
  await seatkeeper.click("button", "Restore 3 people");
  await seatkeeper.text(/Undo: [\s\S]*Finished/, 60);
  expect(await sim.changes()).toHaveLength(6);
  await seatkeeper.click("button", "All run logs");
  await seatkeeper.find("table", "Runs");
  await seatkeeper.look("run-logs");
});
