import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../harness/place";
import { Simulator } from "../harness/simulator";
import { keys, RealWindow } from "../harness/webdriver";

// The window that is shipped, over an organization whose names mean harm; and what it asks before it leaves a run.
let sim: Simulator;
let seatkeeper: RealWindow;

beforeAll(async () => {
  sim = await Simulator.start(["-people", "240", "-sites", "1", "-seed", "11", "-hostile"]);
  seatkeeper = await RealWindow.open({ simulator: sim.api, name: "window-hostile" });
});

afterAll(async () => {
  await seatkeeper?.close();
  await sim?.end();
});

/** Nothing ran, nothing was stopped by the policy, nothing came from elsewhere. */
async function unharmed() {
  const found = await seatkeeper.run<object>(`return {
    harmed: globalThis.harmed ?? null,
    stopped: globalThis.stopped,
    foreign: performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin) && !n.startsWith("data:")),
  }`);
  expect(found).toMatchObject({ harmed: null, stopped: [], foreign: [] });
}

test("names are text on every page", async () => {
  await seatkeeper.find("button", "Connect");
  await seatkeeper.run(`
    globalThis.stopped = [];
    addEventListener("securitypolicyviolation", (e) => globalThis.stopped.push(e.effectiveDirective + " " + e.blockedURI));
  `);
  await seatkeeper.click("button", "Connect");
  await seatkeeper.click("button", "Skip this step");
  await seatkeeper.fill(/^Organization ID/, sim.organization.id);
  await seatkeeper.fillLabel("^API key", sim.organization.apiKey);
  await seatkeeper.click("button", "Test and connect");
  await seatkeeper.click("button", "Continue", { seconds: 60 });
  await seatkeeper.click("button", "Skip this step");
  await seatkeeper.find("heading", "Verified domains");
  await seatkeeper.click("button", "Skip this step");
  await seatkeeper.click("button", "Find people", { seconds: 60 });
  await seatkeeper.find("grid", "People");
  await seatkeeper.text(/window\.harmed=1/);
  for (const title of ["Overview", "Groups", "Run logs", "Sources", "Settings", "People"]) {
    await seatkeeper.click("link", title);
    await seatkeeper.find("heading", title);
    await unharmed();
  }
});

/** So many that the run outlasts the questions. */
const people = 12;

/** Asks to quit, as the palette does, and waits for the question. */
async function quit() {
  await seatkeeper.run("window.go.bindings.App.Quit()");
  await seatkeeper.find("dialog", "Quit Seatkeeper?");
}

test("quitting in the middle of a run asks; it goes on, or is paused and Seatkeeper ends", async () => {
  await sim.faults({ kind: "latency", method: "POST", path: "*/suspend", delay: "4s" });
  await seatkeeper.fill("Filter", "status = active AND role is empty AND source = invited");
  await seatkeeper.type(keys.enter);
  await seatkeeper.text(/\b(?!240 )\d+ of 240 people/);
  for (let row = 2; row < 2 + people; row++) {
    const cell = await seatkeeper.run<never>(`return document.querySelector('[role=grid] [aria-rowindex="${row}"]')`);
    await seatkeeper.click("checkbox", /^Select /, { within: cell });
  }
  await seatkeeper.click("button", "Suspend access");
  await seatkeeper.click("button", "Preview");
  await seatkeeper.click("button", /^Suspend [\d,]+ people$/);
  await sim.saw("a change", (e) => e.applied);
  await quit();
  await seatkeeper.click("button", "Keep running");
  await seatkeeper.gone("dialog", "Quit Seatkeeper?");
  const before = (await sim.changes()).length;
  await eventually("the run goes on", async () => ((await sim.changes()).length > before ? true : undefined));
  await quit();
  await unharmed();
  await seatkeeper.look("quit");
  await seatkeeper.click("button", "Pause and quit");
  await seatkeeper.ended();
});

test("the run waits at the next start; resumed, Seatkeeper quits by itself when it is done", async () => {
  const changed = await sim.changes();
  expect(changed.length).toBeLessThan(people);
  seatkeeper = await RealWindow.open({ simulator: sim.api, data: seatkeeper.data, name: "window-again" });
  await seatkeeper.click("link", "Run logs", { seconds: 30 });
  await seatkeeper.text(/Paused/);
  expect((await sim.changes()).length).toBe(changed.length);
  await seatkeeper.click("button", "Suspend access");
  await sim.faults({ kind: "latency", method: "POST", path: "*/suspend", delay: "8s" });
  await seatkeeper.click("button", "Resume");
  await seatkeeper.find("button", "Pause");
  await quit();
  await seatkeeper.click("button", "Quit when done");
  await seatkeeper.find("button", /^Quits when done/);
  await sim.faults(); // what is under way still takes its time
  await seatkeeper.look("quits-when-done");
  await seatkeeper.ended();
  const all = await sim.changes();
  expect(all).toHaveLength(people);
  expect(new Set(all.map((c) => c.accountId)).size).toBe(people);
  seatkeeper = await RealWindow.open({ simulator: sim.api, data: seatkeeper.data, name: "window-after" });
  await seatkeeper.click("link", "Run logs", { seconds: 30 });
  await seatkeeper.text(/Finished/);
});
