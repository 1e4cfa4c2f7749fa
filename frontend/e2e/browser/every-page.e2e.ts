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

test("half as large again in a small window: nothing is cut off, and the filter has room", async () => {
  const { page } = walk.tab;
  const whole = (words: string) =>
    page
      .getByText(words, { exact: true })
      .evaluate((e) => e.scrollWidth <= e.clientWidth && e.getBoundingClientRect().right);
  await page.setViewportSize({ width: 1280, height: 800 });
  for (let i = 0; i < 3; i++) await page.keyboard.press("Control+=");
  await open(walk.tab, "Sources");
  expect(await whole("Add a source")).toBeLessThan(1280);
  await open(walk.tab, "People");
  expect(await whole("Demo: nothing here is real")).toBeLessThan(1280);
  const line = await page.getByRole("textbox", { name: "Filter" }).boundingBox();
  expect(line?.width).toBeGreaterThan(400);
  await page.getByRole("button", { name: "Advanced" }).click();
  const row = await page.getByRole("grid").locator('[aria-rowindex="2"]').boundingBox();
  expect((row?.y ?? 800) + (row?.height ?? 0)).toBeLessThan(800);
  await walk.tab.look("people-larger");
  await page.getByRole("button", { name: "Advanced" }).click();
  await page.keyboard.press("Control+0");
  await page.setViewportSize({ width: 1440, height: 900 });
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
