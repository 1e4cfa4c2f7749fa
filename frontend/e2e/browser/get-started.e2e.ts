import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { type DevProgram, startDev } from "../harness/program";
import { Simulator } from "../harness/simulator";
import { open, skipStep } from "../harness/steps";

// Get started from zero to a local copy: with an organization and a site on a machine without a keyring, ended and started again in the
// middle; with a Jira Data Center alone.
const passphrase = "correct horse battery staple";
const noKeyring = { DBUS_SESSION_BUS_ADDRESS: "disabled:" };
let sim: Simulator;
let seatkeeper: DevProgram;
let tab: Tab;

beforeAll(async () => {
  sim = await Simulator.start(["-people", "300", "-sites", "1", "-seed", "5", "-key-expires", "120h"]);
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await tab.pictureOfFailure();
  expect(tab.errors).toEqual([]);
});

afterAll(() => sim?.end());

const button = (name: string | RegExp) => tab.page.getByRole("button", { name, exact: true });
const heading = (name: string) => tab.page.getByRole("heading", { name, exact: true });

async function unlock(typed: string) {
  const form = tab.page.getByRole("form", { name: "Encrypted key file" });
  await form.getByLabel(/^Passphrase/).fill(typed);
  await form.getByRole("button", { name: "Unlock" }).click();
}

describe("without a keyring", () => {
  beforeAll(async () => {
    seatkeeper = await startDev({ simulator: sim.api, name: "seatkeeper-first", env: noKeyring });
    tab = await Tab.open(seatkeeper.url, "get-started");
  });

  afterAll(async () => {
    await tab?.close();
    expect(await seatkeeper?.program.end()).toBe(0);
  });

  /** Ends the program and starts it again on the same data. */
  async function again(name: string) {
    await tab.close();
    expect(await seatkeeper.program.end()).toBe(0);
    seatkeeper = await startDev({ simulator: sim.api, data: seatkeeper.data, name, env: noKeyring });
    tab = await Tab.open(seatkeeper.url, name);
  }

  test("a site that keeps this computer out is told from one that lets it in", async () => {
    const { page } = tab;
    const strict = await Simulator.start(["-people", "20", "-sites", "1", "-ip-blocked"]);
    await button("Connect").click();
    await page.getByLabel("Site address").fill(strict.site.url);
    await button("Check").click();
    await page.getByText("This computer's IP address is not on the site's allowlist.").waitFor();
    await tab.look("allowlist-blocked");
    await strict.end();
    await page.getByLabel("Site address").fill(sim.site.url);
    await button("Check again").click();
    await page.getByText("The site answers this computer").waitFor();
    await tab.look("allowlist");
    await button("Continue").click();
  });

  test("no keyring is said, and the encrypted file takes a passphrase typed twice", async () => {
    const { page } = tab;
    await page.getByText("This machine has no keyring that Seatkeeper can use.").waitFor();
    expect(await page.getByLabel(/^API key/).count()).toBe(0);
    await button("Use an encrypted file").click();
    await page.getByLabel("Passphrase", { exact: false }).first().fill(passphrase);
    await page.getByLabel(/^Passphrase again/).fill(passphrase);
    await tab.look("encrypted-file");
    await button("Create the file").click();
    await page.getByLabel(/^API key/).waitFor();
  });

  test("the organization is connected, and its first sync goes on in the background", async () => {
    const { page } = tab;
    const form = page.getByRole("form", { name: "Atlassian organization" });
    await form.getByLabel(/^Organization ID/).fill(sim.organization.id);
    await form.getByLabel(/^API key/).fill(sim.organization.apiKey);
    await form.getByLabel("Name in Seatkeeper").fill("Acme");
    await form.getByRole("button", { name: "Test and connect" }).click();
    await page.getByText("The first sync has started").waitFor();
    await page.getByRole("list", { name: "In the background" }).getByText("Acme").waitFor();
    await tab.look("organization");
    await button("Continue").click();
    await heading("Jira site").waitFor();
  });

  test("ended in the middle, it goes on where it was; a wrong passphrase is named", async () => {
    const { page } = tab;
    await page.getByText(/^Synced/).waitFor({ timeout: 30_000 });
    await again("resumed");
    await heading("Jira site").waitFor();
    await button(/^Organization ?\(done\)$/).waitFor();
    await unlock("not the passphrase at all");
    await tab.page.getByText("This is not the passphrase of the encrypted file.").waitFor();
    await tab.look("locked");
    await unlock(passphrase);
    await tab.page.getByLabel(/^API token/).waitFor();
  });

  test("the site beside it, the domains, and the end", async () => {
    const { page } = tab;
    const form = page.getByRole("form", { name: "Jira Cloud site" });
    await form.getByLabel(/^Site address/).fill(sim.site.url);
    await form.getByLabel(/^Your e-mail address/).fill(sim.site.email);
    await form.getByLabel(/^API token/).fill(sim.site.token);
    await form.getByLabel("Name in Seatkeeper").fill("Acme site");
    await tab.look("site");
    await form.getByRole("button", { name: "Test and connect" }).click();
    await page.getByText(/^Connected to /).waitFor();
    await button("Continue").click();
    await heading("Verified domains").waitFor();
    const domains = page.getByRole("region", { name: "Domains of Acme" });
    await domains.getByText("Verified", { exact: true }).first().waitFor();
    await tab.look("domains");
    await button("Continue").click();
    await page.getByText(/^The local copy holds/).waitFor({ timeout: 60_000 });
    await tab.look("done");
    await button("Open the overview").click();
    await tab.page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  });

  test("set up, it does not open any more; locked keys are said above every page, and unlocked the sync works", async () => {
    await again("again");
    const { page } = tab;
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await button("Unlock").click();
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await unlock("wrong once more, sorry");
    await dialog.getByText("This is not the passphrase of the encrypted file.").waitFor();
    await tab.look("unlock");
    await unlock(passphrase);
    await dialog.waitFor({ state: "detached" });
    const before = (await sim.journal()).length;
    await page.getByRole("button", { name: /^Local copy:/ }).click();
    await page.getByRole("button", { name: /^(Sync now|Full sync)$/ }).click();
    await sim.saw("the sync", (e) => e.seq > before && e.path.includes("users/search"));
    await page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor({ timeout: 30_000 });
    await page.keyboard.press("Escape");
  });

  test("a key that ends in five days is said in the header and on its pages", async () => {
    const { page } = tab;
    await page
      .getByRole("region", { name: "What needs attention" })
      .getByRole("button", { name: /^The key of Acme expires on / })
      .first()
      .waitFor();
    await tab.look("key-ends");
    await page.getByRole("button", { name: /^Key expires in \d days\. Replace key$/ }).click();
    const dialog = page.getByRole("dialog", { name: "Replace the key of Acme" });
    await dialog.getByLabel(/^API key/).waitFor();
    await tab.look("replace-key");
    await dialog.getByLabel(/^API key/).fill("ATCTT3-not-a-key-of-anybody");
    await dialog.getByRole("button", { name: "Test and replace" }).click();
    await dialog.getByText("Not connected").waitFor();
    await page.keyboard.press("Escape");
  });

  test("it can be opened again from Settings", async () => {
    await open(tab, "Settings");
    await button("Open Get started").click();
    await heading("Get started").waitFor();
  });
});

describe("with a Jira Data Center alone", () => {
  beforeAll(async () => {
    seatkeeper = await startDev({ simulator: sim.api, name: "seatkeeper-data-center" });
    tab = await Tab.open(seatkeeper.url, "data-center");
  });

  afterAll(async () => {
    await tab?.close();
    expect(await seatkeeper?.program.end()).toBe(0);
  });

  test("an organization is not needed, and nobody asks for its domains", async () => {
    const { page } = tab;
    await button("Connect").click();
    await skipStep(page, "IP allowlist");
    await skipStep(page, "Organization");
    await page.getByText("Jira Data Center", { exact: true }).click();
    const form = page.getByRole("form", { name: "Jira Data Center" });
    await form.getByLabel(/^Address of Jira/).fill(sim.dataCenter.url);
    await form.getByLabel(/^Personal access token/).fill(sim.dataCenter.token);
    await form.getByRole("button", { name: "Test and connect" }).click();
    await button("Continue").click();
    await page.getByText(/^The local copy holds/).waitFor({ timeout: 60_000 });
    await button("Find people").click();
    await page.getByRole("grid", { name: "People" }).waitFor();
  });
});
