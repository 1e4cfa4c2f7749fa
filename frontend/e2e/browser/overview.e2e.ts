import { expect, test } from "vitest";
import { eventually } from "../harness/place";
import { open, synced } from "../harness/steps";
import { startWalk } from "../harness/walk";

// What needs attention and the trends, on the demo organization: each number is the list that it opens.
const walk = startWalk("overview", { flags: ["--demo", "--demo-people", "400"] }, synced);

const attention = () => walk.tab.page.getByRole("region", { name: "What needs attention" });
const slider = () => walk.tab.page.getByRole("slider", { name: /^Trend of / });

test("the demo's past is drawn, and said not to be counted", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Overview");
  await page.getByText(/^Days end at midnight, UTC\. Demo: the days before/).waitFor();
  await slider().locator("canvas").waitFor();
  const inked = await eventually("lines on the canvas", () =>
    slider()
      .locator("canvas")
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        let n = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) n++;
        return n > 1000 ? n : undefined;
      }),
  );
  expect(inked).toBeGreaterThan(1000);
  await walk.tab.look("overview");
});

test("the cursor goes through the days by keyboard, and the table has the same numbers", async () => {
  const { page } = walk.tab;
  await slider().focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowLeft");
  const said = (await slider().getAttribute("aria-valuetext")) ?? "";
  const [day = "", numbers = ""] = said.split(": ");
  await page.getByRole("button", { name: "Show as table" }).click();
  const table = page.getByRole("table", { name: /^Trend of / });
  const cells = await table.getByRole("row").filter({ hasText: day }).getByRole("cell").allInnerTexts();
  expect(cells.slice(1)).toEqual(numbers.match(/\d[\d,]*(?=, [A-Z]|$)/g));
  await walk.tab.look("trend-table");
  await page.getByRole("button", { name: "Show as chart" }).click();
});

test("each number that needs attention is the length of its list", async () => {
  const { page } = walk.tab;
  const more = attention().getByRole("button", { name: /^Show \d+ more$/ });
  const showAll = async () => {
    await attention().getByRole("listitem").first().waitFor();
    if (await more.isVisible()) await more.click();
  };
  await showAll();
  const lines = await attention()
    .getByRole("button", { name: /^[\d,]+ (?!line)/ })
    .allInnerTexts();
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    await showAll();
    const wanted = line.split(" ")[0] ?? "";
    await attention().getByRole("button", { name: line, exact: true }).click();
    const title = page.getByRole("heading", { level: 1, name: /^(People|Groups)$/ });
    await title.waitFor();
    if ((await title.innerText()) === "People")
      await page.getByText(new RegExp(`^${wanted} of [\\d,]+ people$`)).waitFor();
    else await page.getByText(new RegExp(`of ${wanted} groups?$`)).waitFor();
    await open(walk.tab, "Overview");
  }
});

test("a line is hidden until tomorrow, and the number of days is kept", async () => {
  const { page } = walk.tab;
  const hide = attention()
    .getByRole("button", { name: /^Hide until tomorrow: / })
    .first();
  const what = ((await hide.getAttribute("aria-label")) ?? "").replace("Hide until tomorrow: ", "");
  await hide.click();
  await attention().getByRole("button", { name: what, exact: true }).waitFor({ state: "detached" });
  const days = page.getByRole("combobox", { name: "Inactive means not used for" });
  await days.fill("75");
  await page.getByRole("option", { name: "75 days" }).click();
  await page
    .getByRole("button", { name: /^Inactive for 75 days / })
    .first()
    .waitFor();
  await page.getByText(/drawn are 60 days, the nearest/).waitFor();
  await page.reload();
  await page
    .getByRole("button", { name: /^Active in 75 days / })
    .first()
    .waitFor();
  await attention().getByRole("button", { name: "1 line hidden until tomorrow" }).click();
  await attention()
    .getByRole("button", { name: `Show again: ${what}` })
    .waitFor();
  await walk.tab.look("hidden");
});
