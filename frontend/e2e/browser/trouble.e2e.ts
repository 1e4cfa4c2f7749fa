import { expect, test } from "vitest";
import { confirmRun, filter, open, outcomes, selectFirst, setUp } from "../harness/steps";
import { restart, startWalk } from "../harness/walk";

// What an operator sees when the network or Atlassian fails, and that nothing is lost or done twice.
const walk = startWalk("trouble", { simulator: ["-people", "300", "-sites", "1", "-seed", "3"] }, setUp);

const pill = (words: RegExp) => walk.tab.page.getByRole("button", { name: words });

async function syncNow() {
  await pill(/^Local copy:/).click();
  await walk.tab.page.getByRole("button", { name: /^(Sync now|Full sync)$/ }).click();
}

/** Closes what the pill opened; where the focus is by then depends on how long the sync took. */
async function closePill() {
  await pill(/^Local copy:/).click();
  await walk.tab.page.getByRole("dialog", { name: "Local copy" }).waitFor({ state: "hidden" });
}

test("a rate limit is waited for and told", async () => {
  await walk.sim.faults({ kind: "rate_limit", method: "POST", path: "*users/search*", count: 1, delay: "3s" });
  await syncNow();
  await pill(/^Local copy: Rate limited/).waitFor();
  await walk.tab.look("rate-limited");
  await pill(/^Local copy: Synced/).waitFor({ timeout: 30_000 });
  await closePill();
});

test("without a network the last copy stays readable, and says how old it is", async () => {
  await walk.sim.faults({ kind: "cut" });
  await syncNow();
  await pill(/^Local copy: Offline/).waitFor({ timeout: 60_000 });
  await walk.tab.look("offline");
  await closePill();
  expect(await filter(walk.tab, "status = active")).toBeGreaterThan(50);
});

test("with the network back the next sync is complete", async () => {
  await walk.sim.faults();
  await syncNow();
  await pill(/^Local copy: Synced/).waitFor({ timeout: 30_000 });
  await closePill();
});

test("an answer that was lost is settled by reading: everybody is suspended exactly once", async () => {
  const { page } = walk.tab;
  await filter(walk.tab, "status = active AND managed = yes AND inSyncedGroup = no");
  await selectFirst(walk.tab, 3);
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/^Suspend .*3 people in Acme\.$/).waitFor();
  await walk.sim.faults({ kind: "applied_no_answer", path: "*/suspend*", count: 1 });
  await confirmRun(walk.tab, "Suspend 3 people");
  expect(await outcomes(walk.tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const changes = await walk.sim.changes();
  expect(changes).toHaveLength(3);
  expect(new Set(changes.map((c) => c.accountId)).size).toBe(3);
  await walk.tab.look("settled");
});

test("after a crash the program opens where it was, and the log is there", async () => {
  await walk.seatkeeper.program.kill();
  await restart(walk, "again");
  await open(walk.tab, "Run logs");
  await walk.tab.page.getByRole("table", { name: "Runs" }).getByText("Suspend access").waitFor();
  expect(await walk.sim.changes()).toHaveLength(3);
});
