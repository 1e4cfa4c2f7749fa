import { test } from "vitest";
import { confirmRun, filter, open, selectFirst, synced } from "../harness/steps";
import { startWalk } from "../harness/walk";

// Taking one app from people: who loses what by which group or role, what they keep and why, the run, and the way back.
const walk = startWalk("access", { flags: ["--demo"] }, synced);

test("the roles of everybody are read before the preview says who loses what", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "People");
  await filter(walk.tab, 'app = "Compass" AND status = active');
  await selectFirst(walk.tab, 12);
  await page.getByRole("button", { name: "Remove app access" }).click();
  await page.getByRole("combobox", { name: /^Access to/ }).click();
  await page.getByRole("option", { name: "The apps chosen here" }).click();
  await page.getByRole("combobox", { name: "Apps", exact: true }).fill("Compass");
  await page
    .getByRole("option", { name: /^Compass/ })
    .first()
    .click();
  await page.keyboard.press("Tab");
  await page.getByRole("combobox", { name: /^Groups that also give other apps/ }).click();
  await page.getByRole("option", { name: /^Leave people in them/ }).click();
  await walk.tab.look("form");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page
    .getByRole("heading", { name: /^Remove access to Compass \(acme\) of \d+ people in / })
    .waitFor({ timeout: 60_000 });
  await walk.tab.look("preview");
  const changes = page.getByRole("table", { name: "Changes" });
  await changes
    .getByText(/no access/)
    .first()
    .waitFor();
});

test("the run takes it, and its undo gives it back", async () => {
  const { page } = walk.tab;
  const button = page.getByRole("button", { name: /^Remove app access of \d+ / });
  await confirmRun(walk.tab, await button.innerText());
  await walk.tab.look("run");
  await page.getByRole("button", { name: "Undo…" }).click();
  await page.getByRole("heading", { name: /^Give app access back to \d+ people in / }).waitFor({ timeout: 60_000 });
  await walk.tab.look("undo");
  await confirmRun(walk.tab, await page.getByRole("button", { name: /^Give app access back to \d+ / }).innerText());
});
