import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { type DevProgram, startDev } from "../harness/program";
import { Simulator } from "../harness/simulator";
import { confirmRun, connectOrganization, filter, finishSetUp, open, outcomes, selectFirst } from "../harness/steps";

// The whole way once, each step on what the step before left: connect, sync, find, act, read the log, undo.
let sim: Simulator;
let seatkeeper: DevProgram;
let tab: Tab;

beforeAll(async () => {
  sim = await Simulator.start(["-people", "600", "-sites", "2", "-seed", "7", "-latency", "5ms"]);
  seatkeeper = await startDev({ simulator: sim.api });
  tab = await Tab.open(seatkeeper.url, "whole-way");
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

test("the first start offers two ways", async () => {
  await tab.page.getByRole("heading", { name: "Connect your organization" }).waitFor();
  await tab.page.getByRole("heading", { name: "Explore the demo organization" }).waitFor();
  await tab.look("welcome");
});

test("a wrong key is told apart from a wrong organization, and nothing is kept", async () => {
  const { page } = tab;
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Organization", exact: true }).click();
  await page.getByLabel(/^Organization ID/).fill(sim.organization.id);
  await page.getByLabel(/^API key/).fill("ATCTT3-not-a-key-of-anybody");
  await page.getByRole("button", { name: "Test connection" }).click();
  const found = page.getByRole("region", { name: "Connection test" });
  await found.getByText("Not connected").waitFor();
  await tab.look("wrong-key");
  await page.getByRole("button", { name: "Back" }).click();
});

test("connecting tests the key and starts the first sync", async () => {
  await connectOrganization(tab, sim);
  await tab.look("site-step");
  await finishSetUp(tab);
  await tab.page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor();
  await tab.look("people");
});

const everybodyWeMayTouch = "status = active AND managed = yes AND inSyncedGroup = no";
let chosen: string[];

test("a filter finds people and its mistakes are shown where they stand", async () => {
  const { page } = tab;
  await page.getByRole("textbox", { name: "Filter" }).fill("status = actve");
  await page.getByRole("textbox", { name: "Filter" }).press("Enter");
  await page
    .getByText(/active/)
    .first()
    .waitFor();
  await tab.look("filter-mistake");
  const found = await filter(tab, everybodyWeMayTouch);
  expect(found).toBeGreaterThan(3);
});

test("three people are suspended after a preview, and nobody else", async () => {
  const { page } = tab;
  chosen = await selectFirst(tab, 3);
  await tab.look("selected");
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByLabel("Reason").fill("Left the company");
  await tab.look("compose");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/^Suspend .*3 people in Acme\.$/).waitFor();
  expect(await outcomes(tab, "Changes by outcome")).toEqual({ All: 3, "Will change": 3 });
  expect(await sim.changes()).toEqual([]);
  await tab.look("preview");
  await confirmRun(tab, "Suspend 3 people");
  expect(await outcomes(tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const changes = await sim.changes();
  expect(changes.map((c) => c.template.split("/").at(-1))).toEqual(Array(3).fill("suspend"));
  expect(new Set(changes.map((c) => c.accountId)).size).toBe(3);
  await tab.look("run");
});

test("the log shows what was asked and answered, without the key", async () => {
  const { page } = tab;
  await page.getByRole("button", { name: "Details" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Details" });
  await dialog.getByRole("region", { name: "Asked" }).waitFor();
  expect(await dialog.innerText()).toContain("suspend");
  expect(await dialog.innerText()).not.toContain(sim.organization.apiKey);
  await tab.look("details");
  await dialog.getByRole("button", { name: "Close details" }).click();
});

test("undo restores the three, through a preview of its own", async () => {
  const { page } = tab;
  await page.getByRole("button", { name: "Undo…" }).click();
  await page.getByRole("button", { name: "Restore 3 people" }).waitFor();
  await tab.look("undo-preview");
  await confirmRun(tab, "Restore 3 people");
  expect(await outcomes(tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const changes = await sim.changes();
  expect(changes).toHaveLength(6);
  expect(new Set(changes.slice(3).map((c) => c.accountId))).toEqual(
    new Set(changes.slice(0, 3).map((c) => c.accountId)),
  );
  await page.getByRole("button", { name: "All run logs" }).click();
  const runs = page.getByRole("table", { name: "Runs" }).getByRole("row");
  await expect.poll(() => runs.count()).toBe(3); // a head and two runs
  await tab.look("run-logs");
});

test("the list shows the three as active again", async () => {
  const { page } = tab;
  await open(tab, "People");
  await filter(tab, everybodyWeMayTouch);
  for (const name of chosen) await page.getByRole("checkbox", { name, exact: true }).waitFor();
  await filter(tab, "status = suspended");
  for (const name of chosen) expect(await page.getByRole("checkbox", { name, exact: true }).count()).toBe(0);
});

test("groups are made and one is deleted, each after a preview; the other is deleted by the undo", async () => {
  const { page } = tab;
  const before = (await sim.changes()).length;
  await open(tab, "Groups");
  await page.getByRole("button", { name: "New groups…" }).click();
  const dialog = page.getByRole("dialog", { name: "New groups" });
  await dialog.getByRole("textbox", { name: "Names" }).fill("aa red\naa blue\n");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Create 2 groups in Acme.").waitFor();
  await confirmRun(tab, "Create 2 groups");
  expect(await outcomes(tab, "Results by outcome")).toEqual({ All: 2, Done: 2 });
  const run = page.url();
  await open(tab, "Groups");
  await page.getByRole("textbox", { name: "Search groups" }).fill("aa ");
  await page.getByRole("checkbox", { name: "Choose aa red" }).check();
  await tab.look("groups");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Reason" }).fill("Not needed");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Delete 1 group in Acme.").waitFor();
  await page.getByRole("textbox", { name: "Type 1 to confirm" }).fill("1");
  await tab.look("delete-group");
  await confirmRun(tab, "Delete 1 group");
  await page.goto(run);
  await page.getByRole("button", { name: "Undo…" }).click();
  await page.getByText("Delete 1 group in Acme.").waitFor();
  expect(await outcomes(tab, "Changes by outcome")).toEqual({ All: 2, "Will change": 1, "Already so": 1 });
  await page.getByRole("textbox", { name: "Type 1 to confirm" }).fill("1");
  await confirmRun(tab, "Delete 1 group");
  const sent = (await sim.changes()).slice(before);
  expect(sent.map((c) => c.method)).toEqual(["POST", "POST", "DELETE", "DELETE"]);
  await open(tab, "Groups");
  await page.getByRole("textbox", { name: "Search groups" }).fill("aa ");
  await page.getByText("No group matches").waitFor();
});
