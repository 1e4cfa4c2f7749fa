import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { out } from "../harness/place";
import { confirmRun, filter, open, selectFirst, setUp } from "../harness/steps";
import { startWalk } from "../harness/walk";

// An organization in which everybody, every other group and the organization itself have names that mean harm: scripts, markup, links,
// directions, 10,000 characters. Names are text: nothing of them runs, loads, or leads anywhere, on any page.
/** What must stay empty: requests to other hosts, dialogs, other pages, downloads. */
const strange: string[] = [];

/** What the page keeps of scripts that ran and of what its policy stopped; filled before any script of the page. */
interface Watched {
  harmed?: number;
  stopped: string[];
}

const walk = startWalk(
  "hostile",
  { simulator: ["-people", "260", "-sites", "1", "-seed", "11", "-hostile"] },
  async (begun) => {
    const { page } = begun.tab;
    await page.addInitScript(() => {
      const watched = window as unknown as Watched;
      watched.stopped = [];
      window.addEventListener("securitypolicyviolation", (e) => {
        watched.stopped.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`);
      });
    });
    const ours = new URL(begun.seatkeeper.url).host;
    page.on("request", (r) => {
      const url = new URL(r.url());
      if (url.protocol !== "data:" && url.host !== ours) strange.push(`request ${r.url()}`);
    });
    page.on("dialog", (d) => strange.push(`dialog ${d.message()}`));
    page.on("popup", (p) => strange.push(`popup ${p.url()}`));
    page.on("framenavigated", (f) => {
      if (new URL(f.url()).host !== ours) strange.push(`frame ${f.url()}`);
    });
    await page.reload();
    await setUp(begun);
  },
);

afterEach(() => unharmed());

/** Nothing ran, nothing was asked for, no element stands where only text should, and no text holds what cannot be seen. */
async function unharmed() {
  const { page } = walk.tab;
  expect(await unseen(), "characters that cannot be seen").toEqual([]);
  const found = await page.evaluate(() => {
    const { harmed, stopped } = window as unknown as Watched;
    const elements = document.querySelectorAll(
      "#root :is(script, iframe, object, embed, base, meta, link, video, form[action], a[href^='javascript'], [onerror], [onload], [onfocus])",
    );
    return { harmed, stopped, elements: [...elements].map((e) => e.outerHTML) };
  });
  expect(found).toEqual({ harmed: undefined, stopped: [], elements: [] });
  expect(strange).toEqual([]);
  expect(new URL(page.url()).host).toBe(new URL(walk.seatkeeper.url).host);
}

/** The texts of the page, and what it reads out, that hold characters which turn text around, end a line or cannot be seen. */
function unseen(): Promise<string[]> {
  return walk.tab.page.evaluate(() => {
    const raw =
      /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
    const found: string[] = [];
    const look = (where: string, text: string) => {
      if (text.trim() && raw.test(text)) found.push(`${where}: ${JSON.stringify(text).slice(0, 80)}`);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ["aria-label", "aria-description", "title", "placeholder", "alt"]) {
          look(`${node.localName} ${name}`, node.getAttribute(name) ?? "");
        }
      } else if (!node.parentElement?.closest("style, script, textarea, pre")) {
        look(node.parentElement?.className ?? "", node.textContent ?? "");
      }
    }
    return found;
  });
}

/** Light and dark, for whoever wants to see what such names look like. */
async function picture(what: string) {
  for (const colorScheme of ["dark", "light"] as const) {
    await walk.tab.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await walk.tab.page.screenshot({ path: join(out, `hostile-${what}-${colorScheme}.png`) });
  }
  await unharmed();
}

test("the watch sees what it watches for", async () => {
  const { page } = walk.tab;
  await page.evaluate(() => {
    const img = document.createElement("img");
    img.setAttribute("onerror", "window.harmed=1");
    img.src = "https://evil.example/pixel";
    document.getElementById("root")?.append(img);
    img.remove();
  });
  await page.waitForFunction(() => (window as unknown as Watched).stopped.length > 0);
  await page.evaluate(() => {
    const planted = document.createElement("p");
    planted.textContent = "a\u202eb";
    planted.title = "a\u200bb";
    document.getElementById("root")?.append(planted);
  });
  expect(await unseen()).toHaveLength(2);
  await page.evaluate(() => document.querySelector("#root > p")?.remove());
  walk.tab.errors.length = 0; // the policy says it to the console too
  await page.evaluate(() => {
    (window as unknown as Watched).stopped = [];
  });
  strange.length = 0;
});

test("every page of the rail", async () => {
  const { page } = walk.tab;
  const titles = await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts();
  for (const title of titles) {
    await open(walk.tab, title);
    await page.waitForLoadState("networkidle");
    await unharmed();
  }
});

test("all rows of the list, from the first to the last", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "People");
  const grid = page.getByRole("grid", { name: "People" });
  await grid.focus();
  for (let i = 0; i < 13; i++) await page.keyboard.press("PageDown");
  await page.keyboard.press("End");
  await page.getByText("window.harmed=1").first().waitFor();
  await picture("people");
  await page.keyboard.press("Home");
});

test("groups, one of them opened, and names in the completion of a filter", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Groups");
  await page
    .getByText(/<img src=x onerror=window\.harmed=1>/)
    .first()
    .waitFor();
  await picture("groups");
  await open(walk.tab, "People");
  const line = page.getByRole("textbox", { name: "Filter" });
  await line.fill("group = ");
  await page.getByRole("option").first().waitFor();
  await line.pressSequentially('"<');
  await page.getByRole("option").first().waitFor();
  await unharmed();
  await page.keyboard.press("Escape");
  await line.fill("");
  await line.press("Enter");
});

test("a person, the palette, a preview, its run, its results and the run log", async () => {
  const { page } = walk.tab;
  await filter(walk.tab, "status = active AND role is empty AND source = invited");
  await page.getByRole("grid", { name: "People" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").waitFor();
  await picture("person");
  await page.keyboard.press("Escape");
  await selectFirst(walk.tab, 12);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await unharmed();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Suspend 12 people" }).waitFor();
  await picture("preview");
  await confirmRun(walk.tab, "Suspend 12 people");
  await page.getByRole("button", { name: "Details" }).first().click();
  await page.getByRole("dialog").waitFor();
  await picture("details");
});
