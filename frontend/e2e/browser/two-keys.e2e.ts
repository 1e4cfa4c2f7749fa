import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { type DevProgram, startDev } from "../harness/program";
import { Simulator } from "../harness/simulator";
import { confirmRun, connectOrganization, filter, finishSetUp, open, outcomes, selectFirst } from "../harness/steps";

// An organization with a key that can only read, and a second one that a run unlocks for its changes.
const scopes = ["orgs", "directories", "groups", "workspaces", "accounts", "domains", "keys", "events", "policies"];
let sim: Simulator;
let seatkeeper: DevProgram;
let tab: Tab;
let strong: { key: string; id: string };

beforeAll(async () => {
  const flags = ["-people", "200", "-sites", "1", "-seed", "3"];
  sim = await Simulator.start([...flags, "-key-scopes", scopes.map((s) => `read:${s}:admin`).join(",")]);
  strong = await sim.addKey();
  seatkeeper = await startDev({ simulator: sim.api, name: "seatkeeper-two-keys" });
  tab = await Tab.open(seatkeeper.url, "two-keys");
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

test("a key that can only read says so, and a key for changes is added that is asked for at each run", async () => {
  const { page } = tab;
  await open(tab, "Sources");
  const keys = page.getByRole("region", { name: "Keys of Acme" });
  await keys.getByText("it cannot change anything").waitFor();
  await keys.getByText("What each key can do").click();
  await tab.look("only-reading");
  await keys.getByRole("button", { name: "Add a key for changes" }).click();
  const form = page.getByRole("form", { name: "Key for changes" });
  await form.getByLabel(/^API key without scopes/).fill(sim.organization.apiKey);
  await form.getByRole("button", { name: "Test and save" }).click();
  await form.getByText("This is the source's key for reading.").waitFor();
  await form.getByLabel(/^API key without scopes/).fill(strong.key);
  await form.getByRole("radio", { name: "Ask for it at each run" }).check();
  await form.getByRole("button", { name: "Test connection" }).click();
  await form.getByText("The key has no scopes, so it may.").waitFor();
  await tab.look("add-key");
  await form.getByRole("button", { name: "Test and save" }).click();
  await keys.getByText("Not stored; asked for at each run").waitFor();
  await tab.look("two-keys");
});

test("a run makes its changes with the key that is typed for it; reading goes on with the other", async () => {
  const { page } = tab;
  const before = (await sim.journal()).length;
  await open(tab, "People");
  await filter(tab, "status = active AND managed = yes AND inSyncedGroup = no");
  await selectFirst(tab, 3);
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  const key = page.getByLabel("Key for changes", { exact: true });
  await key.waitFor();
  expect(await page.getByRole("button", { name: "Suspend 3 people", exact: true }).isDisabled()).toBe(true);
  await key.fill(strong.key);
  await tab.look("confirm");
  await confirmRun(tab, "Suspend 3 people");
  expect(await outcomes(tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const seen = (await sim.journal()).filter((e) => e.seq > before);
  expect(seen.filter((e) => e.applied).map((e) => e.credentialId)).toEqual([strong.id, strong.id, strong.id]);
  const reads = seen.filter((e) => e.path.includes("users/search"));
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.filter((e) => e.credentialId === strong.id)).toEqual([]);
  expect(await page.content()).not.toContain(strong.key);
});
