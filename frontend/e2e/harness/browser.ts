import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults, RunOptions } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { out } from "./place";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const axeRules: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/**
 * What the dev overlay of Wails itself throws at a load, and its socket when an event comes before the runtime is there; they are not part of
 * the program that is shipped.
 */
const notOurs = /reading '(nodes|EventsNotify)'/;

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

async function findBrowser(): Promise<string> {
  const { access } = await import("node:fs/promises");
  for (const folder of (process.env.PATH ?? "").split(":"))
    for (const name of names) {
      const path = join(folder, name);
      const there = await access(path).then(
        () => true,
        () => false,
      );
      if (there) return path;
    }
  throw new Error(`none of ${names.join(", ")} is on the PATH; \`go run ./build/task setup\` installs one`);
}

/** A page in Chromium that remembers everything which went wrong in it. */
export class Tab {
  /** Errors of the page so far: exceptions, console errors, answers that are missing. A walk expects none. */
  readonly errors: string[] = [];
  private pictures = 0;

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    private readonly name: string,
  ) {
    page.on("pageerror", (error) => {
      if (!notOurs.test(error.message)) this.errors.push(`exception: ${error.message}`);
    });
    page.on("console", (message) => {
      const icon = message.location().url.endsWith("/favicon.ico"); // only a browser asks for it
      if (message.type() === "error" && !icon) this.errors.push(`console: ${message.text()}`);
    });
    page.on("response", (answer) => {
      if (answer.status() >= 400) this.errors.push(`${answer.status()} ${answer.url()}`);
    });
  }

  static async open(url: string, name: string): Promise<Tab> {
    const browser = await chromium.launch({
      executablePath: await findBrowser(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-US",
      timezoneId: "UTC",
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(40_000);
    const tab = new Tab(browser, page, name);
    await page.goto(url);
    return tab;
  }

  /** Takes a picture in light and one in dark, and lets axe judge both; every violation is an error. */
  async look(what: string) {
    this.pictures++;
    const found: string[] = [];
    for (const scheme of ["dark", "light"] as const) {
      await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await this.page.waitForFunction((want) => document.documentElement.dataset.mantineColorScheme === want, scheme);
      const number = String(this.pictures).padStart(2, "0");
      await this.page.screenshot({ path: join(out, `${this.name}-${number}-${what}-${scheme}.png`) });
      for (const v of (await this.axe()).violations)
        for (const node of v.nodes)
          found.push(`${scheme}: ${v.id} (${v.impact}): ${node.target.join(" ")}: ${node.failureSummary ?? v.help}`);
    }
    if (found.length > 0) throw new Error(`${what}: axe finds ${found.length} violations\n${found.join("\n")}`);
  }

  private async axe(): Promise<AxeResults> {
    await this.page.evaluate(axeSource);
    return this.page.evaluate(async (rules) => {
      const { axe } = window as unknown as {
        axe: { run(root: Document | HTMLElement, rules: RunOptions): Promise<AxeResults> };
      };
      // Behind a modal dialog nothing can be reached, so only the dialog counts.
      const dialog = document.querySelector<HTMLElement>('[aria-modal="true"]');
      if (!dialog) return axe.run(document, rules);
      // The head of a dialog is a <header> too, but not the page's.
      return axe.run(dialog, { ...rules, rules: { "landmark-no-duplicate-banner": { enabled: false } } });
    }, axeRules);
  }

  /** A picture for whoever reads a failed walk. */
  async pictureOfFailure() {
    await this.page.screenshot({ path: join(out, `${this.name}-failed.png`) }).catch(() => undefined);
  }

  async close() {
    await this.browser.close();
  }
}
