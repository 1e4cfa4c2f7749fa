import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { type DevProgram, startDev } from "../harness/program";
import { Simulator } from "../harness/simulator";
import { confirmRun, connectOrganization, filter, finishSetUp, open, outcomes, selectFirst } from "../harness/steps";

// What an operator sees when the network or Atlassian fails, and that nothing is lost or done twice.
let sim: Simulator;
let seatkeeper: DevProgram;
let tab: Tab;

beforeAll(async () => {
  sim = await Simulator.start(["-people", "300", "-sites", "1", "-seed", "3"]);
  seatkeeper = await startDev({ simulator: sim.api, name: "seatkeeper-trouble" });
  tab = await Tab.open(seatkeeper.url, "trouble");
  await connectOrganization(tab, sim);
  await finishSetUp(tab);
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await tab.pictureOfFailure();
  expect(tab.errors).toEqual([]);
});

afterAll(async () => {
  await tab?.close();
  expect(await seatkeeper?.program.end()).toBe(0);
  await sim?.end();
});

const pill = (words: RegExp) => tab.page.getByRole("button", { name: words });

async function syncNow() {
  await pill(/^Local copy:/).click();
  await tab.page.getByRole("button", { name: /^(Sync now|Full sync)$/ }).click();
}

/** Closes what the pill opened; where the focus is by then depends on how long the sync took. */
async function closePill() {
  await pill(/^Local copy:/).click();
  await tab.page.getByRole("dialog", { name: "Local copy" }).waitFor({ state: "hidden" });
}

test("a rate limit is waited for and told", async () => {
  await sim.faults({ kind: "rate_limit", method: "POST", path: "*users/search*", count: 1, delay: "3s" });
  await syncNow();
  await pill(/^Local copy: Rate limited/).waitFor();
  await tab.look("rate-limited");
  await pill(/^Local copy: Synced/).waitFor({ timeout: 30_000 });
  await closePill();
});

test("without a network the last copy stays readable, and says how old it is", async () => {
  await sim.faults({ kind: "cut" });
  await syncNow();
  await pill(/^Local copy: Offline/).waitFor({ timeout: 60_000 });
  await tab.look("offline");
  await closePill();
  expect(await filter(tab, "status = active")).toBeGreaterThan(50);
});

test("with the network back the next sync is complete", async () => {
  await sim.faults();
  await syncNow();
  await pill(/^Local copy: Synced/).waitFor({ timeout: 30_000 });
  await closePill();
});

test("an answer that was lost is settled by reading: everybody is suspended exactly once", async () => {
  const { page } = tab;
  await filter(tab, "status = active AND managed = yes AND inSyncedGroup = no");
  await selectFirst(tab, 3);
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/^Suspend .*3 people in Acme\.$/).waitFor();
  await sim.faults({ kind: "applied_no_answer", path: "*/suspend*", count: 1 });
  await confirmRun(tab, "Suspend 3 people");
  expect(await outcomes(tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const changes = await sim.changes();
  expect(changes).toHaveLength(3);
  expect(new Set(changes.map((c) => c.accountId)).size).toBe(3);
  await tab.look("settled");
});

test("after a crash the program opens where it was, and the log is there", async () => {
  await seatkeeper.program.kill();
  await tab.close();
  seatkeeper = await startDev({ simulator: sim.api, data: seatkeeper.data, name: "seatkeeper-again" });
  tab = await Tab.open(seatkeeper.url, "again");
  await open(tab, "Run logs");
  await tab.page.getByRole("table", { name: "Runs" }).getByText("Suspend access").waitFor();
  expect(await sim.changes()).toHaveLength(3);
});
