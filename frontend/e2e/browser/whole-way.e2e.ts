import { expect, test } from "vitest";
import { confirmRun, connectOrganization, filter, finishSetUp, open, outcomes, selectFirst } from "../harness/steps";
import { startWalk } from "../harness/walk";

// The whole way once, each step on what the step before left: connect, sync, find, act, read the log, undo.
const walk = startWalk("whole-way", {
  simulator: ["-people", "600", "-sites", "2", "-seed", "7", "-latency", "5ms"],
});

test("the first start offers two ways", async () => {
  await walk.tab.page.getByRole("heading", { name: "Connect your organization" }).waitFor();
  await walk.tab.page.getByRole("heading", { name: "Explore the demo organization" }).waitFor();
  await walk.tab.look("welcome");
});

test("a wrong key is told apart from a wrong organization, and nothing is kept", async () => {
  const { page } = walk.tab;
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Organization", exact: true }).click();
  await page.getByLabel(/^Organization ID/).fill(walk.sim.organization.id);
  await page.getByLabel(/^API key/).fill("ATCTT3-not-a-key-of-anybody");
  await page.getByRole("button", { name: "Test connection" }).click();
  const found = page.getByRole("region", { name: "Connection test" });
  await found.getByText("Not connected").waitFor();
  await walk.tab.look("wrong-key");
  await page.getByRole("button", { name: "Back" }).click();
});

test("connecting tests the key and starts the first sync", async () => {
  await connectOrganization(walk.tab, walk.sim);
  await walk.tab.look("site-step");
  await finishSetUp(walk.tab);
  await walk.tab.page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor();
  await walk.tab.look("people");
});

const everybodyWeMayTouch = "status = active AND managed = yes AND inSyncedGroup = no";
let chosen: string[];

test("a filter finds people and its mistakes are shown where they stand", async () => {
  const { page } = walk.tab;
  await page.getByRole("textbox", { name: "Filter" }).fill("status = actve");
  await page.getByRole("textbox", { name: "Filter" }).press("Enter");
  await page
    .getByText(/active/)
    .first()
    .waitFor();
  await walk.tab.look("filter-mistake");
  const found = await filter(walk.tab, everybodyWeMayTouch);
  expect(found).toBeGreaterThan(3);
});

test("three people are suspended after a preview, and nobody else", async () => {
  const { page } = walk.tab;
  chosen = await selectFirst(walk.tab, 3);
  await walk.tab.look("selected");
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByLabel("Reason").fill("Left the company");
  await walk.tab.look("compose");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/^Suspend .*3 people in Acme\.$/).waitFor();
  expect(await outcomes(walk.tab, "Changes by outcome")).toEqual({ All: 3, "Will change": 3 });
  expect(await walk.sim.changes()).toEqual([]);
  await walk.tab.look("preview");
  await confirmRun(walk.tab, "Suspend 3 people");
  expect(await outcomes(walk.tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const changes = await walk.sim.changes();
  expect(changes.map((c) => c.template.split("/").at(-1))).toEqual(Array(3).fill("suspend"));
  expect(new Set(changes.map((c) => c.accountId)).size).toBe(3);
  await walk.tab.look("run");
});

test("the log shows what was asked and answered, without the key", async () => {
  const { page } = walk.tab;
  await page.getByRole("button", { name: "Details" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Details" });
  await dialog.getByRole("region", { name: "Asked" }).waitFor();
  expect(await dialog.innerText()).toContain("suspend");
  expect(await dialog.innerText()).not.toContain(walk.sim.organization.apiKey);
  await walk.tab.look("details");
  await dialog.getByRole("button", { name: "Close details" }).click();
});

test("undo restores the three, through a preview of its own", async () => {
  const { page } = walk.tab;
  await page.getByRole("button", { name: "Undo…" }).click();
  await page.getByRole("button", { name: "Restore 3 people" }).waitFor();
  await walk.tab.look("undo-preview");
  await confirmRun(walk.tab, "Restore 3 people");
  expect(await outcomes(walk.tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const changes = await walk.sim.changes();
  expect(changes).toHaveLength(6);
  expect(new Set(changes.slice(3).map((c) => c.accountId))).toEqual(
    new Set(changes.slice(0, 3).map((c) => c.accountId)),
  );
  await page.getByRole("button", { name: "All run logs" }).click();
  const runs = page.getByRole("table", { name: "Runs" }).getByRole("row");
  await expect.poll(() => runs.count()).toBe(3); // a head and two runs
  await walk.tab.look("run-logs");
});

test("the list shows the three as active again", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "People");
  await filter(walk.tab, everybodyWeMayTouch);
  for (const name of chosen) await page.getByRole("checkbox", { name, exact: true }).waitFor();
  await filter(walk.tab, "status = suspended");
  for (const name of chosen) expect(await page.getByRole("checkbox", { name, exact: true }).count()).toBe(0);
});

test("groups are made and one is deleted, each after a preview; the other is deleted by the undo", async () => {
  const { page } = walk.tab;
  const before = (await walk.sim.changes()).length;
  await open(walk.tab, "Groups");
  await page.getByRole("button", { name: "New groups…" }).click();
  const dialog = page.getByRole("dialog", { name: "Create groups" });
  await dialog.getByRole("textbox", { name: "Names" }).fill("aa red\naa blue\n");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Create 2 groups in Acme.").waitFor();
  await confirmRun(walk.tab, "Create 2 groups");
  expect(await outcomes(walk.tab, "Results by outcome")).toEqual({ All: 2, Done: 2 });
  const run = page.url();
  await open(walk.tab, "Groups");
  await page.getByRole("textbox", { name: "Search groups" }).fill("aa ");
  await page.getByRole("checkbox", { name: "Choose aa red" }).check();
  await walk.tab.look("groups");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Reason" }).fill("Not needed");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Delete 1 group in Acme.").waitFor();
  await page.getByRole("textbox", { name: "Type 1 to confirm" }).fill("1");
  await walk.tab.look("delete-group");
  await confirmRun(walk.tab, "Delete 1 group");
  await page.goto(run);
  await page.getByRole("button", { name: "Undo…" }).click();
  await page.getByText("Delete 1 group in Acme.").waitFor();
  expect(await outcomes(walk.tab, "Changes by outcome")).toEqual({ All: 2, "Will change": 1, "Already so": 1 });
  await page.getByRole("textbox", { name: "Type 1 to confirm" }).fill("1");
  await confirmRun(walk.tab, "Delete 1 group");
  const sent = (await walk.sim.changes()).slice(before);
  expect(sent.map((c) => c.method)).toEqual(["POST", "POST", "DELETE", "DELETE"]);
  await open(walk.tab, "Groups");
  await page.getByRole("textbox", { name: "Search groups" }).fill("aa ");
  await page.getByText("No group matches").waitFor();
});
