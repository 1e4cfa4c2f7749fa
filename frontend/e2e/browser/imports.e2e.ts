import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chooseFile } from "../harness/dialog";
import { emptyFolder } from "../harness/place";
import { filter, open, skipStep } from "../harness/steps";
import { startWalk } from "../harness/walk";

// A site tells no last activity. Atlassian's own export fills it in, a list from a file narrows the people, and both can be taken back.
const folder = emptyFolder("files");
const walk = startWalk("imports", { simulator: ["-people", "60", "-sites", "1", "-seed", "7"] });

const button = (name: string | RegExp) => walk.tab.page.getByRole("button", { name, exact: true });

/** The e-mail addresses of the first rows. */
async function addresses(n: number): Promise<string[]> {
  const found: string[] = [];
  for (let i = 2; found.length < n && i < 40; i++) {
    const cell = walk.tab.page.getByRole("grid").locator(`[aria-rowindex="${i}"] [aria-colindex="3"]`);
    const text = (await cell.innerText()).trim();
    if (text.includes("@")) found.push(text);
  }
  return found;
}

test("a site alone is connected; it does not tell last activity", async () => {
  const { page } = walk.tab;
  await button("Connect").click();
  await skipStep(page, "IP allowlist");
  await skipStep(page, "Organization");
  const form = page.getByRole("form", { name: "Jira Cloud site" });
  await form.getByLabel(/^Site address/).fill(walk.sim.site.url);
  await form.getByLabel(/^Your e-mail address/).fill(walk.sim.site.email);
  await form.getByLabel(/^API token/).fill(walk.sim.site.token);
  await form.getByLabel("Name in Seatkeeper").fill("Acme site");
  await form.getByRole("button", { name: "Test and connect" }).click();
  await button("Continue").click();
  await page.getByText(/^The local copy holds/).waitFor({ timeout: 60_000 });
  await button("Find people").click();
  await page.getByRole("grid", { name: "People" }).waitFor();
  expect(await filter(walk.tab, `lastActive("Jira") is not empty`)).toBe(0);
  expect(await filter(walk.tab, `lastActive("Jira") is unknown AND email is not empty`)).toBeGreaterThan(10);
});

test("an export says when people were active; the filter follows", async () => {
  const { page } = walk.tab;
  const [first = "", second = "", third = ""] = await addresses(3);
  const day = new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 10);
  const file = join(folder, "export-users.csv");
  writeFileSync(
    file,
    [
      "User name;email;User status;Last seen in Jira;Shoe size",
      `=HYPERLINK(1);${first};Active;${day};42`,
      `Two;${second.toUpperCase()};Active;Never accessed;`,
      `Three;${third};Active;03/04/2026;`,
      "Nobody;nobody@else.example;Active;;",
    ].join("\r\n"),
  );
  await button("Last activity is not known: import an Atlassian export").click();
  await chooseFile("Import an Atlassian export", file);
  const dialog = page.getByRole("dialog", { name: "Import into Acme site" });
  await dialog.getByText("3 people, by a file of 4 rows").waitFor();
  await dialog.getByText("Shoe size").waitFor();
  await dialog.getByText("1 row matches nobody for certain").click();
  await dialog.getByText("nobody@else.example").waitFor();
  await walk.tab.look("import-preview");
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/^activity from the file of /).waitFor();
  await expect.poll(() => filter(walk.tab, `lastActive("Jira") < -90d`)).toBe(1);
  await walk.tab.look("imported");
});

test("a list narrows the people, and leaves them out", async () => {
  const { page } = walk.tab;
  await filter(walk.tab, `status = active AND email is not empty AND lastActive("Jira") is unknown`);
  const people = await addresses(2);
  await filter(walk.tab, "status = active");
  await button("Lists").click();
  const text = ["email,why", ...people.map((p) => `${p},left`), "nobody@else.example,left"].join("\n");
  await page.getByRole("textbox", { name: "New list" }).fill(text);
  await button("Check the text").click();
  const dialog = page.getByRole("dialog", { name: "Save the list" });
  await dialog.getByText("2 of 3 entries match a person here.").waitFor();
  await dialog.getByText("1 entry matches nobody").click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("leavers");
  await walk.tab.look("list");
  await dialog.getByRole("button", { name: "Save and show" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/^2 of \d+ people$/).waitFor();
  expect(await page.getByRole("textbox", { name: "Filter" }).inputValue()).toContain(`list = "leavers"`);
});

test("the import is removed again", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Sources");
  const files = page.getByRole("list", { name: "Imported files" });
  await files.getByText("export-users.csv").waitFor();
  await walk.tab.look("imported-files");
  await files.getByRole("button", { name: "Remove" }).click();
  await button("Remove import").click();
  await files.waitFor({ state: "detached" });
  await open(walk.tab, "People");
  await expect.poll(() => filter(walk.tab, `lastActive("Jira") is not empty`)).toBe(0);
});
