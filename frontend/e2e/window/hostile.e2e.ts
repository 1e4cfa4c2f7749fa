import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../harness/place";
import { Simulator } from "../harness/simulator";
import { keys, RealWindow } from "../harness/webdriver";

// The window that is shipped, over an organization whose names mean harm; and what it asks before it leaves a run.
let sim: Simulator;
let seatkeeper: RealWindow;

beforeAll(async () => {
  sim = await Simulator.start(["-people", "120", "-sites", "1", "-seed", "11", "-hostile"]);
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

/** Presses keys in the native dialog with this title. */
async function answer(title: string, key: string) {
  const id = await eventually(`the dialog ${title}`, async () => {
    const found = execFileSync("xdotool", ["search", "--onlyvisible", "--name", `^${title.replace("?", "\\?")}$`], {
      encoding: "utf8",
    });
    return found.trim().split("\n").at(-1);
  });
  execFileSync("xdotool", ["windowactivate", "--sync", id, "key", "--clearmodifiers", key]);
}

test("quitting in the middle of a run asks; Stay stays, Pause and quit pauses it and ends", async () => {
  await sim.faults({ kind: "latency", method: "POST", path: "*/suspend", delay: "2500ms" });
  await seatkeeper.fill("Filter", "status = active AND role is empty AND source = invited");
  await seatkeeper.press(keys.enter);
  await seatkeeper.text(/\d+ of 120 people/);
  for (let row = 2; row < 14; row++) {
    const cell = await seatkeeper.run<never>(`return document.querySelector('[role=grid] [aria-rowindex="${row}"]')`);
    await seatkeeper.click("checkbox", /^Select /, { within: cell });
  }
  await seatkeeper.click("button", "Suspend access");
  await seatkeeper.click("button", "Preview");
  await seatkeeper.click("button", /^Suspend \d+ people$/);
  await sim.saw("a change", (e) => e.applied);
  const quit = () => seatkeeper.run("window.go.bindings.App.Quit()");
  await quit();
  await answer("Quit Seatkeeper?", "alt+n");
  const before = (await sim.changes()).length;
  await eventually("the run goes on", async () => ((await sim.changes()).length > before ? true : undefined));
  await quit();
  await seatkeeper.look("quit");
  await answer("Quit Seatkeeper?", "alt+y");
  await seatkeeper.ended();
  const changed = await sim.changes();
  seatkeeper = await RealWindow.open({ simulator: sim.api, data: seatkeeper.data, name: "window-again" });
  await seatkeeper.click("link", "Run logs", { seconds: 30 });
  await seatkeeper.text(/Paused/);
  expect((await sim.changes()).length).toBe(changed.length);
});
