import { expect, test } from "vitest";
import { filter, open, synced } from "../harness/steps";
import { startWalk } from "../harness/walk";

// What keeps an operator from a mistake that is too large: who used another app is shown and left out, and most of an organization is not
// suspended by typing a number.
const walk = startWalk("stop", { flags: ["--demo"] }, synced);

/** Selects everybody whom a filter finds and asks for the preview of their suspension. */
async function preview(text: string): Promise<number> {
  const { page } = walk.tab;
  await open(walk.tab, "People");
  const found = await filter(walk.tab, text);
  await page.getByRole("checkbox", { name: /^Select all / }).click();
  await page.getByText(`${found.toLocaleString("en-US")} selected`, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.getByRole("heading", { name: /^Suspend access of / }).waitFor();
  return found;
}

test("who did not use Jira, but another app, is named, shown alone and left out", async () => {
  const { page } = walk.tab;
  await preview('status = active AND lastActive("Jira") < -90d');
  const said = page.getByText(/^[\d,]+ of [\d,]+ people used another app than Jira \(.+\) within the last 90 days: /);
  const [used = 0, all = 0] = ((await said.innerText()).match(/[\d,]+/g) ?? []).map((n) =>
    Number(n.replaceAll(",", "")),
  );
  expect(used).toBeGreaterThan(10);
  await walk.tab.look("another-app");
  await page.getByRole("button", { name: "Show only them" }).click();
  await page.getByText(`of ${used.toLocaleString("en-US")} changes`).waitFor();
  expect(
    await page
      .getByRole("table", { name: "Changes" })
      .getByText(/^Last used: /)
      .count(),
  ).toBe(Math.min(used, 100));
  // The list comes into sight without moving the page's head out of it.
  await expect
    .poll(() =>
      page.getByText("Only people who used an app").evaluate((e) => e.getBoundingClientRect().bottom < innerHeight),
    )
    .toBe(true);
  expect(await page.getByRole("heading", { level: 1 }).evaluate((h) => h.getBoundingClientRect().top >= 0)).toBe(true);
  await walk.tab.look("only-them");
  await page.getByRole("button", { name: "Leave them out" }).click();
  await page.getByRole("heading", { name: `Suspend access of ${all - used} people in` }).waitFor();
  expect(await said.count()).toBe(0);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
});

test("most of the organization stops in red, before anything else is read", async () => {
  const { page } = walk.tab;
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await preview("status = active");
  const stop = page.getByRole("region", { name: "What stops this plan" });
  expect(await stop.innerText()).toMatch(
    /This plan stops: it would suspend access of [\d,]+ of 5,000 people \([\d.]+ %\)\./,
  );
  await expect.poll(() => stop.evaluate((box) => box === document.activeElement)).toBe(true);
  expect(await stop.evaluate((box) => box.getBoundingClientRect().bottom < innerHeight)).toBe(true);
  await walk.tab.look("red");
});

test("it goes on only by words that are typed and a reason, and the log keeps them", async () => {
  const { page } = walk.tab;
  const box = page.getByLabel(/^Type suspend /);
  const words = ((await page.getByText(/^Type suspend /).innerText()) ?? "").replace("Type ", "");
  const button = page.getByRole("button", { name: /^Suspend [\d,]+ people$/ });
  expect(await button.isDisabled()).toBe(true);
  await box.focus();
  await page.keyboard.type(words);
  await page.keyboard.press("Tab");
  expect(await button.isDisabled()).toBe(true);
  await page.keyboard.type("The company closes");
  expect(await button.isDisabled()).toBe(false);
  await walk.tab.look("raised");
  await button.click();
  await page.getByRole("heading", { level: 1, name: "Run logs" }).waitFor();
  await page.getByText("The cap was raised for this run.").waitFor();
  await page.getByText(words, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Stop the run" }).click();
  await page.getByRole("button", { name: "Undo…" }).waitFor();
  await walk.tab.look("log");
});
