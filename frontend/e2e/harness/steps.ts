import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Tab } from "./browser";
import type { Simulator } from "./simulator";

/** From the page of the first start to a connected organization; ends on the step for a site. */
export async function connectOrganization({ page }: Tab, { organization }: Simulator) {
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await skipStep(page, "IP allowlist");
  const form = page.getByRole("form", { name: "Atlassian organization" });
  await form.getByLabel(/^Organization ID/).fill(organization.id);
  await form.getByLabel(/^API key/).fill(organization.apiKey);
  await form.getByLabel("Name in Seatkeeper").fill("Acme");
  await form.getByRole("button", { name: "Test and connect" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Passes over a step of Get started. */
export async function skipStep(page: Page, title: string) {
  await page.getByRole("heading", { name: title, exact: true }).waitFor();
  await page.getByRole("button", { name: "Skip this step" }).click();
  await page.getByRole("heading", { name: title, exact: true }).waitFor({ state: "detached" });
}

/** Leaves the set-up after the organization is connected, and waits for its first local copy. */
export async function finishSetUp({ page }: Tab) {
  await skipStep(page, "Jira site");
  await skipStep(page, "Verified domains");
  await page.getByRole("button", { name: "Find people" }).click({ timeout: 60_000 });
  await page.getByRole("grid", { name: "People" }).waitFor();
}

/** From the page of the first start to the people of a connected organization. */
export async function setUp({ tab, sim }: { tab: Tab; sim: Simulator }) {
  await connectOrganization(tab, sim);
  await finishSetUp(tab);
}

/** Waits for the first local copy of what is there from the start, as of the demo organization. */
export async function synced({ tab }: { tab: Tab }) {
  await tab.page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor({ timeout: 60_000 });
}

/** Opens a page by the rail at the left. */
export async function open({ page }: Tab, title: string) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: title }).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** Applies a filter by its text and gives how many people it finds. */
export async function filter({ page }: Tab, text: string): Promise<number> {
  const line = page.getByRole("textbox", { name: "Filter" });
  await line.fill(text);
  await line.press("Enter");
  // The list before stays until the new one is there.
  const status = page
    .locator(`[role=status][data-filter=${JSON.stringify(text)}]`)
    .getByText(/^[\d,]+ of [\d,]+ people$/);
  await status.waitFor();
  return Number((await status.innerText()).split(" ")[0]?.replaceAll(",", ""));
}

/** Selects the first people of the list by their boxes, and gives their names as the boxes say them. */
export async function selectFirst({ page }: Tab, n: number): Promise<string[]> {
  const boxes = page.getByRole("checkbox", { name: /^Select / }).filter({ hasNot: page.locator("input") });
  const names: string[] = [];
  for (let i = 0; i < n; i++) {
    const box = page
      .getByRole("grid")
      .locator(`[aria-rowindex="${i + 2}"]`)
      .getByRole("checkbox");
    names.push((await box.getAttribute("aria-label")) ?? "");
    await box.click();
  }
  await boxes.first().waitFor();
  await page.getByText(`${n} selected`, { exact: true }).waitFor();
  return names;
}

/** Confirms the preview that is open and waits for the end of its run. */
export async function confirmRun({ page }: Tab, button: string) {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Run logs" }).waitFor();
  await page.getByText("Finished", { exact: true }).waitFor({ timeout: 60_000 });
}

/** The numbers by outcome above a table, e.g. {All: 3, Done: 3}. */
export async function outcomes({ page }: Tab, group: string): Promise<Record<string, number>> {
  const tabs = await page.getByRole("group", { name: group }).getByRole("button").allInnerTexts();
  const found: Record<string, number> = {};
  for (const tab of tabs) {
    const [number = "", ...words] = tab.replace(/\s+/g, " ").trim().split(" ");
    found[words.join(" ")] = Number(number.replaceAll(",", ""));
  }
  expect(Object.keys(found).length).toBeGreaterThan(0);
  return found;
}
