import { expect, test } from "vitest";
import { confirmRun, filter, open, outcomes, selectFirst, setUp } from "../harness/steps";
import { startWalk } from "../harness/walk";

// An organization with a key that can only read, and a second one that a run unlocks for its changes.
const scopes = ["orgs", "directories", "groups", "workspaces", "accounts", "domains", "keys", "events", "policies"];
let strong: { key: string; id: string };
const walk = startWalk(
  "two-keys",
  {
    simulator: [
      "-people",
      "200",
      "-sites",
      "1",
      "-seed",
      "3",
      "-key-scopes",
      scopes.map((s) => `read:${s}:admin`).join(),
    ],
  },
  async (begun) => {
    strong = await begun.sim.addKey();
    await setUp(begun);
  },
);

test("a key that can only read says so, and a key for changes is added that is asked for at each run", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Sources");
  const keys = page.getByRole("region", { name: "Keys of Acme" });
  await keys.getByText("it cannot change anything").waitFor();
  await keys.getByText("What each key can do").click();
  await walk.tab.look("only-reading");
  await keys.getByRole("button", { name: "Add a key for changes" }).click();
  const form = page.getByRole("form", { name: "Key for changes" });
  await form.getByLabel(/^API key without scopes/).fill(walk.sim.organization.apiKey);
  await form.getByRole("button", { name: "Test and save" }).click();
  await form.getByText("This is the source's key for reading.").waitFor();
  await form.getByLabel(/^API key without scopes/).fill(strong.key);
  await form.getByRole("radio", { name: "Ask for it at each run" }).check();
  await form.getByRole("button", { name: "Test connection" }).click();
  await form.getByText("The key has no scopes, so it may.").waitFor();
  await walk.tab.look("add-key");
  await form.getByRole("button", { name: "Test and save" }).click();
  await keys.getByText("Not stored; asked for at each run").waitFor();
  await walk.tab.look("two-keys");
});

test("a run makes its changes with the key that is typed for it; reading goes on with the other", async () => {
  const { page } = walk.tab;
  const before = (await walk.sim.journal()).length;
  await open(walk.tab, "People");
  await filter(walk.tab, "status = active AND managed = yes AND inSyncedGroup = no");
  await selectFirst(walk.tab, 3);
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  const key = page.getByLabel("Key for changes", { exact: true });
  await key.waitFor();
  expect(await page.getByRole("button", { name: "Suspend 3 people", exact: true }).isDisabled()).toBe(true);
  await key.fill(strong.key);
  await walk.tab.look("confirm");
  await confirmRun(walk.tab, "Suspend 3 people");
  expect(await outcomes(walk.tab, "Results by outcome")).toEqual({ All: 3, Done: 3 });
  const seen = (await walk.sim.journal()).filter((e) => e.seq > before);
  expect(seen.filter((e) => e.applied).map((e) => e.credentialId)).toEqual([strong.id, strong.id, strong.id]);
  const reads = seen.filter((e) => e.path.includes("users/search"));
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.filter((e) => e.credentialId === strong.id)).toEqual([]);
  expect(await page.content()).not.toContain(strong.key);
});
