import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { open, synced } from "../harness/steps";
import { startWalk } from "../harness/walk";

// Every page that the rail offers, on the demo organization, in light and dark, without an accessibility violation.
const walk = startWalk("page", { flags: ["--demo", "--demo-people", "400"] }, synced);

test("the window says that nothing in it is real", async () => {
  await walk.tab.page.getByText("Demo: nothing here is real").waitFor();
});

test("every page of the rail", async () => {
  const titles = await walk.tab.page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts();
  expect(titles).toEqual(expect.arrayContaining(["Overview", "People", "Run logs", "Sources", "Settings"]));
  for (const title of titles) {
    await open(walk.tab, title);
    await walk.tab.page.waitForLoadState("networkidle");
    await walk.tab.look(title.toLowerCase().replaceAll(" ", "-"));
  }
});

test("a person's details, opened by the keyboard alone", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "People");
  await page.getByRole("grid", { name: "People" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").waitFor();
  await walk.tab.look("person");
  await page.keyboard.press("Escape");
});

test("a double click opens a person; neither it nor a click with Shift marks words", async () => {
  const { page } = walk.tab;
  const cell = (row: number) => page.getByRole("grid").locator(`[aria-rowindex="${row}"] [aria-colindex="2"]`);
  const marked = () => page.evaluate(() => getSelection()?.toString());
  await cell(3).dblclick();
  await page.getByRole("complementary").waitFor();
  expect(await marked()).toBe("");
  await cell(6).click({ modifiers: ["Shift"] });
  await page.getByText("4 selected", { exact: true }).waitFor();
  expect(await marked()).toBe("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByText("4 selected", { exact: true }).waitFor({ state: "detached" });
});

test("the palette and the sheet of shortcuts", async () => {
  const { page } = walk.tab;
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await walk.tab.look("palette");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("Shift+?");
  await page.getByRole("dialog").waitFor();
  await walk.tab.look("shortcuts");
  await page.keyboard.press("Escape");
});

test("leaving the demo leaves nothing behind", async () => {
  const { page } = walk.tab;
  await page.getByRole("button", { name: /Change source/ }).click();
  await page.getByRole("menuitem", { name: "Leave the demo organization" }).click();
  await page.getByRole("heading", { name: "Connect your organization" }).waitFor();
  expect(readdirSync(walk.seatkeeper.data).filter((name) => name.startsWith("demo-"))).toEqual([]);
});
