import type { Locator } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../harness/place";
import { startWalk } from "../harness/walk";

// The whole way without a pointer: every step is a key, and the page says if it ever met a mouse.
const walk = startWalk("keyboard", { simulator: ["-people", "300", "-sites", "1", "-seed", "7"] }, ({ tab }) =>
  tab.page.evaluate(() => {
    const met: string[] = [];
    Object.assign(window, { pointersMet: met });
    for (const kind of ["pointerdown", "mousedown", "mousemove", "wheel", "touchstart"]) {
      window.addEventListener(kind, () => met.push(kind), true);
    }
  }),
);

afterEach(async () => {
  expect(await walk.tab.page.evaluate(() => (window as unknown as { pointersMet: string[] }).pointersMet)).toEqual([]);
});

const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => walk.tab.page.keyboard.press(key)), Promise.resolve());

/** Presses Tab until the focus is on the element, as somebody does who looks for it. */
async function tabTo(wanted: Locator) {
  await wanted.waitFor();
  for (let i = 0; i < 80; i++) {
    if (await wanted.evaluate((el) => el === document.activeElement)) return;
    await press("Tab");
  }
  throw new Error(`${wanted} is not reached by Tab`);
}

/** Goes to a button and presses it. */
async function use(name: string | RegExp) {
  const button = walk.tab.page.getByRole("button", { name, exact: true }).first();
  await tabTo(button);
  await expect.poll(() => button.isEnabled(), { timeout: 60_000 }).toBe(true);
  await press("Enter");
}

async function type(field: Locator, text: string) {
  await tabTo(field);
  await walk.tab.page.keyboard.type(text);
}

async function confirm(button: string) {
  await use(button);
  await walk.tab.page.getByRole("heading", { level: 1, name: "Run logs" }).waitFor();
  await walk.tab.page.getByText("Finished", { exact: true }).waitFor({ timeout: 60_000 });
}

test("connect and first sync", async () => {
  const { page } = walk.tab;
  await use("Connect");
  await page.getByRole("heading", { name: "IP allowlist", exact: true }).waitFor();
  await use("Skip this step");
  const form = page.getByRole("form", { name: "Atlassian organization" });
  await type(form.getByLabel(/^Organization ID/), walk.sim.organization.id);
  await type(form.getByLabel(/^API key/), walk.sim.organization.apiKey);
  await type(form.getByLabel("Name in Seatkeeper"), "Acme");
  await use("Test and connect");
  await use("Continue");
  for (const step of ["Jira site", "Verified domains"]) {
    await page.getByRole("heading", { name: step, exact: true }).waitFor();
    await use("Skip this step");
  }
  await use("Find people");
  await page.getByRole("grid", { name: "People" }).waitFor();
});

test("to the people, by the palette", async () => {
  await press("Control+k");
  await walk.tab.page.getByRole("textbox", { name: "Search commands and pages" }).waitFor();
  await walk.tab.page.keyboard.type("people");
  await press("Enter");
  await walk.tab.page.getByRole("grid", { name: "People" }).waitFor();
});

test("a filter by typing and its proposals", async () => {
  const { page } = walk.tab;
  await press("/");
  await type(page.getByRole("textbox", { name: "Filter" }), "stat");
  await page.getByRole("option", { name: /^status/ }).waitFor();
  await press("Tab");
  await page.keyboard.type("= acti");
  await page.getByRole("option", { name: /^active/ }).waitFor();
  await press("Tab");
  await page.keyboard.type("AND managed = yes AND inSyncedGroup = no");
  await press("Enter");
  await page.getByText(/^[\d,]+ of 300 people$/).waitFor();
  expect(await page.getByRole("textbox", { name: "Filter" }).inputValue()).toContain("status = active AND managed");
});

test("two people, looked at, selected, acted on by the menu of the row", async () => {
  const { page } = walk.tab;
  await tabTo(page.getByRole("grid", { name: "People" }));
  await press("Space");
  await page.getByRole("complementary", { name: "Person" }).getByRole("heading", { level: 2 }).waitFor();
  await press("Space");
  await press("x", "Shift+ArrowDown");
  await page.getByText("2 selected", { exact: true }).waitFor();
  await press("Shift+F10");
  await page.getByRole("menuitem", { name: "Suspend access…" }).waitFor();
  await walk.tab.look("menu");
  await press("End");
  await eventually("the menu's last item has the focus", async () =>
    (await page.evaluate(() => document.activeElement?.textContent)) === "Suspend access…" ? true : undefined,
  );
  await press("Enter");
  await page.getByRole("button", { name: "Preview" }).waitFor();
});

test("preview, confirm, run", async () => {
  await type(walk.tab.page.getByLabel("Reason"), "Left the company");
  await use("Preview");
  await walk.tab.page.getByText(/^Suspend .*2 people in /).waitFor();
  await confirm("Suspend 2 people");
});

test("the log, and undo", async () => {
  const { page } = walk.tab;
  await use("Details");
  await page.getByRole("dialog", { name: "Details" }).waitFor();
  await press("Escape");
  await page.getByRole("dialog", { name: "Details" }).waitFor({ state: "detached" });
  await use("Undo…");
  await confirm("Restore 2 people");
});

test("everything larger, and back", async () => {
  const size = () => walk.tab.page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  await press("Control+=", "Control+=");
  expect(await size()).toBe("20px");
  await walk.tab.look("larger");
  await press("Control+0");
  expect(await size()).toBe("16px");
});
