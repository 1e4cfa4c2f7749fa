import { expect, test } from "vitest";
import { filter, open, selectFirst, setUp } from "../harness/steps";
import { startWalk } from "../harness/walk";

// A server that takes the question and says nothing: from 5 s on each wait is said, its Cancel ends it, and nothing that was typed is lost.
const walk = startWalk("hanging", { simulator: ["-people", "100", "-sites", "1", "-seed", "5"] }, setUp);

const hang = (path?: string) => walk.sim.faults({ kind: "latency", delay: "10m", path });

/** Waits until the page says that nobody answers, and ends the wait by the button of that name. */
async function giveUp(what: string, button: string) {
  const { page } = walk.tab;
  await page.getByText(/^\S+ has not answered for \d+ s$/).waitFor();
  await walk.tab.look(what);
  await page.getByRole("button", { name: button, exact: true }).and(page.locator(":enabled")).click();
  await page.getByText(/has not answered for/).waitFor({ state: "detached" });
}

const pill = (words: RegExp) => walk.tab.page.getByRole("button", { name: words });

test("a sync", async () => {
  const { page } = walk.tab;
  await pill(/^Local copy: Synced/).click();
  await hang();
  await page.getByRole("button", { name: /^(Sync now|Full sync)$/ }).click();
  await giveUp("sync", "Cancel sync");
  await pill(/^Local copy: Synced/).waitFor();
  await pill(/^Local copy:/).click();
});

test("a preview that reads everybody's roles", async () => {
  const { page } = walk.tab;
  await walk.sim.faults();
  await filter(walk.tab, "status = active AND managed = yes AND inSyncedGroup = no");
  await selectFirst(walk.tab, 3);
  await page.getByRole("button", { name: "Remove app access" }).click();
  await page.getByRole("combobox", { name: /^Access to/ }).click();
  await page.getByRole("option", { name: "All apps" }).click();
  await page.getByRole("combobox", { name: /^Groups that also give other apps/ }).click();
  await page.getByRole("option", { name: /^Leave people in them/ }).click();
  await page.getByLabel("Reason").fill("left in October");
  await hang();
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await giveUp("preview", "Cancel");
  await page.getByText("Stopped.").waitFor();
  expect(await page.getByLabel("Reason").inputValue()).toBe("left in October");
});

test("reading everybody afresh before a run, of which nothing is sent", async () => {
  const { page } = walk.tab;
  await walk.sim.faults();
  await page.getByRole("radio", { name: "Suspend access" }).check();
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.getByText(/^Suspend access of 3 people in Acme\.?$/).waitFor();
  await hang();
  await page.getByRole("button", { name: "Suspend 3 people", exact: true }).click();
  await giveUp("recheck", "Cancel");
  expect(await page.getByRole("button", { name: "Suspend 3 people", exact: true }).isEnabled()).toBe(true);
  expect(await walk.sim.changes()).toEqual([]);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
});

test("the test of a connection", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Sources");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await giveUp("test", "Cancel");
  await walk.sim.faults();
});
