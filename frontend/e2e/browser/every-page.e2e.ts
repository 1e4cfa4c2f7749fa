import { readdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { type DevProgram, startDev } from "../harness/program";
import { open } from "../harness/steps";

// Every page that the rail offers, on the demo organization, in light and dark, without an accessibility violation.
let seatkeeper: DevProgram;
let tab: Tab;

beforeAll(async () => {
  seatkeeper = await startDev({ flags: ["--demo", "--demo-people", "400"], name: "seatkeeper-demo" });
  tab = await Tab.open(seatkeeper.url, "page");
  await tab.page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor({ timeout: 60_000 });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await tab.pictureOfFailure();
  expect(tab.errors).toEqual([]);
});

afterAll(async () => {
  await tab?.close();
  expect(await seatkeeper?.program.end()).toBe(0);
});

test("the window says that nothing in it is real", async () => {
  await tab.page.getByText("Demo: nothing here is real").waitFor();
});

test("every page of the rail", async () => {
  const titles = await tab.page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts();
  expect(titles).toEqual(expect.arrayContaining(["Overview", "People", "Run logs", "Sources", "Settings"]));
  for (const title of titles) {
    await open(tab, title);
    await tab.page.waitForLoadState("networkidle");
    await tab.look(title.toLowerCase().replaceAll(" ", "-"));
  }
});

test("a person's details, opened by the keyboard alone", async () => {
  const { page } = tab;
  await open(tab, "People");
  await page.getByRole("grid", { name: "People" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").waitFor();
  await tab.look("person");
  await page.keyboard.press("Escape");
});

test("the palette and the sheet of shortcuts", async () => {
  const { page } = tab;
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await tab.look("palette");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("Shift+?");
  await page.getByRole("dialog").waitFor();
  await tab.look("shortcuts");
  await page.keyboard.press("Escape");
});

test("leaving the demo leaves nothing behind", async () => {
  const { page } = tab;
  await page.getByRole("button", { name: /Change source/ }).click();
  await page.getByRole("menuitem", { name: "Leave the demo organization" }).click();
  await page.getByRole("heading", { name: "Connect your organization" }).waitFor();
  expect(readdirSync(seatkeeper.data).filter((name) => name.startsWith("demo-"))).toEqual([]);
});
