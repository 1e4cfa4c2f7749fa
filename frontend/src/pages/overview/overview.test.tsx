import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { AttentionItem, TrendQuery, TrendView } from "../../api/overview";
import type { AppTile } from "../../api/people";
import { alone, columnsOf, spanOf } from "../../components/trend";
import { sync } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

// There is no canvas here; the lines themselves are seen in the walks through a browser.
const drawn = vi.hoisted(() => ({ span: [] as number[] }));
vi.mock("uplot", () => ({
  default: class {
    constructor(
      options: { scales: { x: { range: (u: unknown, min: number, max: number) => number[] } } },
      data: number[][],
    ) {
      const days = data[0] ?? [];
      const first = days[0] ?? 0;
      // As the library does: of a single day it makes years.
      drawn.span = options.scales.x.range({ data }, first, days.length === 1 ? first + 86_400_000 : (days.at(-1) ?? 0));
    }
    setSize() {}
    setCursor() {}
    destroy() {}
    valToPos() {
      return 0;
    }
  },
}));

const tile = (app: string, site: string, seats: number): AppTile => ({
  appId: `ari:${app}:${site}`,
  app,
  site,
  siteUrl: `https://${site}.atlassian.net`,
  plan: "STANDARD",
  usage: app === "Confluence" ? seats - 3 : seats,
  partial: false,
  numbers: [
    { name: "seats", count: seats, filter: `app = "${app} (${site})"` },
    { name: "active", count: seats / 2, filter: `lastActive("${app} (${site})") >= -90d` },
    { name: "unknown", count: 7, filter: `lastActive("${app} (${site})") is unknown` },
    { name: "suspended", count: 5, filter: `app = "${app} (${site})" AND status = suspended` },
  ],
});

const item = (more: Partial<AttentionItem>): AttentionItem => ({
  kind: "invited",
  level: "warn",
  title: "12 people were invited more than 30 days ago and never accepted",
  hint: "An invited person takes a seat.",
  count: 12,
  page: "people",
  filter: "status = invited AND added < -30d",
  query: {},
  ...more,
});

const trend: TrendView = {
  series: [
    { name: "seats", title: "Have access" },
    { name: "active", title: "Active" },
  ],
  points: [
    { day: "2026-11-18", computed: false, values: [1200, 900] },
    { day: "2026-11-20", computed: false, values: [1300, 901] },
    { day: "2026-11-21", computed: false, values: [1400, 902] },
  ],
  step: 90,
  summary: "Jira (acme): 1,400 people have access.",
  zone: "CET (UTC+01:00)",
  zones: 1,
};

const overview = {
  "People.Overview": () => [tile("Confluence", "acme", 40), tile("Jira", "acme", 1400), tile("Jira", "beta", 10)],
};

test("each number opens its list; the number of days is kept", async () => {
  const backend = installBackend(overview);
  const { user, history } = open("/overview");
  expect(await screen.findByRole("button", { name: "1,400 people have access" })).toBeTruthy();
  await waitFor(() => expect(backend.callsOf("People.Overview")).toEqual([["src-1", 90]]));
  await user.click(screen.getByRole("combobox", { name: "Inactive means not used for" }));
  await user.click(await screen.findByRole("option", { name: "180 days" }));
  await waitFor(() => expect(backend.callsOf("Overview.SetDays")).toEqual([[180]]));
  expect(await violations()).toEqual([]);
  const jira = screen.getAllByRole("listitem").filter((li) => li.textContent?.startsWith("Jiraacme"))[0] as HTMLElement;
  expect(within(jira).getByRole("button", { name: "Suspended 5" })).toBeTruthy(); // no share: they are not among the 1,400
  expect(within(jira).queryByText(/^Atlassian counts/)).toBeNull();
  expect(screen.getByText("Atlassian counts 37 seats")).toBeTruthy();
  await user.click(within(jira).getByRole("button", { name: "Use not known 7 1%" }));
  await waitFor(() => expect(history.location.pathname).toBe("/people"));
  expect(new URLSearchParams(history.location.search).get("filter")).toBe('lastActive("Jira (acme)") is unknown');
});

test("any number of days can be typed", async () => {
  const backend = installBackend(overview);
  const { user } = open("/overview");
  const days = await screen.findByRole("combobox", { name: "Inactive means not used for" });
  await waitFor(() => expect((days as HTMLInputElement).value).toBe("90 days"));
  await user.clear(days);
  await user.type(days, "75");
  await user.click(await screen.findByRole("option", { name: "75 days" }));
  await waitFor(() => expect(backend.callsOf("Overview.SetDays")).toEqual([[75]]));
});

test("a site narrows tiles and trends", async () => {
  const backend = installBackend({ ...overview, "Overview.Trend": () => trend });
  const { user } = open("/overview");
  await screen.findByRole("button", { name: "40 people have access" });
  const asked = () => backend.callsOf("Overview.Trend").map(([q]) => (q as TrendQuery).appId);
  await waitFor(() => expect(asked()).toEqual(["ari:Jira:acme"]));
  await user.click(screen.getByRole("combobox", { name: "Site" }));
  await user.click(await screen.findByRole("option", { name: "beta" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "40 people have access" })).toBeNull());
  expect(screen.getByRole("button", { name: "10 people have access" })).toBeTruthy();
  await waitFor(() => expect(asked()).toEqual(["ari:Jira:acme", "ari:Jira:beta"]));
});

test("a trend is read with the keyboard and as a table", async () => {
  const backend = installBackend({
    ...overview,
    "Overview.Trend": () => trend,
    "Overview.ExportTrend": () => ({ path: "/tmp/trend.csv", rows: 3 }),
  });
  const { user } = open("/overview?range=30");
  const slider = await screen.findByRole("slider", { name: "Trend of Jira (acme): day" });
  expect(screen.getByText(trend.summary)).toBeTruthy();
  expect(screen.getByText(/^Days end at midnight, CET/)).toBeTruthy();
  const says = () => slider.getAttribute("aria-valuetext");
  expect(says()).toBe("Nov 21, 2026: Have access 1,400, Active 902");
  fireEvent.keyDown(slider, { key: "ArrowLeft" });
  expect(says()).toBe("Nov 20, 2026: Have access 1,300, Active 901");
  fireEvent.keyDown(slider, { key: "Home" });
  expect(says()).toBe("Nov 18, 2026: Have access 1,200, Active 900");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Show as table" }));
  const rows = within(screen.getByRole("table", { name: "Trend of Jira (acme)" })).getAllByRole("row");
  expect(rows.map((r) => r.textContent)).toEqual([
    "DayHave accessActive",
    "Nov 21, 20261,400902",
    "Nov 20, 20261,300901",
    "Nov 18, 20261,200900",
  ]);
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Export the trend" }));
  await user.click(await screen.findByRole("menuitem", { name: "CSV" }));
  expect(await screen.findByText("3 days were exported.")).toBeTruthy();
  expect(backend.callsOf("Overview.ExportTrend")).toEqual([
    [{ sourceId: "src-1", appId: "ari:Jira:acme", days: 30, inactive: 90 }, "csv"],
  ]);
});

test("an app that is no longer there can be chosen while days of it are kept", async () => {
  const backend = installBackend({
    ...overview,
    "Overview.Trend": (q: TrendQuery) => (q.appId === "ari:old" && q.days > 0 ? { ...trend, points: [] } : trend),
    "Overview.GoneApps": () => [
      { appId: "ari:old", app: "Opsgenie", site: "beta", last: "2026-06-30" },
      { appId: "ari:Jira:beta", app: "Jira", site: "beta", last: "2026-11-20" }, // came back since
    ],
  });
  const { user } = open("/overview");
  await user.click(await screen.findByRole("combobox", { name: "Trend of" }));
  expect((await screen.findAllByRole("option")).map((o) => o.textContent)).toEqual([
    "Confluence (acme)",
    "Jira (acme)",
    "Jira (beta)",
    "Opsgenie (beta), no longer there",
    "Everybody, by status",
  ]);
  await user.click(screen.getByRole("option", { name: "Opsgenie (beta), no longer there" }));
  expect(await screen.findByText(/it was last counted on Jun 30, 2026\.$/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Show all days" }));
  expect(
    await screen.findByText(/^This app is no longer there: it was last counted on Jun 30, 2026\. Days end/),
  ).toBeTruthy();
  expect(backend.callsOf("Overview.Trend").at(-1)).toEqual([
    { sourceId: "src-1", appId: "ari:old", days: 0, inactive: 90 },
  ]);
  expect(await violations()).toEqual([]);
});

test("a first day is drawn in its week", async () => {
  installBackend({ ...overview, "Overview.Trend": () => ({ ...trend, points: trend.points.slice(0, 1) }) });
  open("/overview");
  await screen.findByRole("slider");
  const day = Date.parse("2026-11-18T00:00:00Z") / 1000;
  await waitFor(() => expect(drawn.span).toEqual([day - 3 * 86_400, day + 3 * 86_400]));
});

test("before the first sync the trend says when it begins; the demo says what was not counted", async () => {
  const backend = installBackend(overview);
  open("/overview");
  expect(await screen.findByText(/Trends begin with today's sync/)).toBeTruthy();
  backend.on({
    "Overview.Trend": () => ({ ...trend, step: 60, points: trend.points.map((p) => ({ ...p, computed: true })) }),
  });
  backend.emit("trends", { sourceId: "src-1" });
  expect(await screen.findByText(/drawn are 60 days, the nearest\. Demo: the days before/)).toBeTruthy();
});

test("what needs attention opens what it is about, and can be hidden until tomorrow", async () => {
  const items = [
    item({
      kind: "runs_unknown",
      level: "bad",
      page: "runs",
      title: "2 runs",
      query: { outcome: "unknown" },
      filter: "",
    }),
    item({}),
    ...["a", "b", "c", "d", "e"].map((kind) => item({ kind, title: `line ${kind}` })),
  ];
  const backend = installBackend({ ...overview, "Overview.Attention": () => ({ items, hidden: [] }) });
  const { user, history } = open("/overview");
  expect(await screen.findByRole("button", { name: items[1]?.title })).toBeTruthy();
  expect(await violations()).toEqual([]);
  expect(screen.queryByRole("button", { name: "line e" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show 1 more" }));
  expect(screen.getByRole("button", { name: "line e" })).toBeTruthy();
  backend.on({ "Overview.Attention": () => ({ items: items.slice(0, 1), hidden: items.slice(1, 2) }) });
  await user.click(screen.getByRole("button", { name: `Hide until tomorrow: ${items[1]?.title}` }));
  await user.click(await screen.findByRole("button", { name: "1 line hidden until tomorrow" }));
  expect(backend.callsOf("Overview.PutAside")).toEqual([["src-1", "invited", true]]);
  await user.click(screen.getByRole("button", { name: `Show again: ${items[1]?.title}` }));
  await waitFor(() => expect(backend.callsOf("Overview.PutAside")[1]).toEqual(["src-1", "invited", false]));
  await user.click(screen.getByRole("button", { name: "2 runs" }));
  await waitFor(() => expect(history.location.pathname).toBe("/runs"));
  expect(new URLSearchParams(history.location.search).get("outcome")).toBe("unknown");
});

test("numbers of a first sync that runs are marked", async () => {
  const partial = { ...sync, state: "running", revision: 0, completeAt: "", partial: true, people: 1234 };
  const backend = installBackend({ ...overview, "Sync.State": () => partial });
  open("/overview");
  expect(await screen.findByText("Numbers are of the people who have arrived so far.")).toBeTruthy();
  backend.emit("sync", { ...partial, partial: false, people: 0, peopleDone: 2000, peopleTotal: 9000 });
  expect(await screen.findByRole("button", { name: "Local copy: Syncing 22%" })).toBeTruthy();
  expect(screen.getByText("Numbers are of the people who have arrived so far.")).toBeTruthy();
  expect(screen.getByText(/^1,234 people, local copy of/)).toBeTruthy();
  backend.on({ "Sync.State": () => sync });
  backend.emit("sync", sync);
  await waitFor(() => expect(screen.queryByText("Numbers are of the people who have arrived so far.")).toBeNull());
});

test("the end of a first sync is said when the numbers are of it", async () => {
  const early = [{ ...tile("Jira", "acme", 1400), partial: true }];
  const backend = installBackend({ ...overview, "People.Overview": () => early });
  open("/overview");
  expect(await screen.findByText("Numbers are of the people who have arrived so far.")).toBeTruthy();
  expect(screen.getByText("a sync that is not complete")).toBeTruthy();
  backend.on(overview);
  backend.emit("people", { sourceId: sync.sourceId });
  await waitFor(() => expect(screen.queryByText("Numbers are of the people who have arrived so far.")).toBeNull());
});

test("a failure says why", async () => {
  installBackend({ ...overview, "Overview.Attention": () => refuse("internal", "The local copy is damaged.") });
  open("/overview");
  expect(await screen.findByText("The local copy is damaged.")).toBeTruthy();
});

test("days without a sync are gaps, and a day between two gaps is a dot", () => {
  const { days, lines } = columnsOf(trend);
  expect(days.length).toBe(4);
  expect(lines[0]).toEqual([1200, null, 1300, 1400]);
  expect(alone(lines[0] ?? [])).toEqual([0]);
  expect(spanOf(days[0] ?? 0, days[2] ?? 0)).toEqual([days[0], days[2]]);
  expect(spanOf(86_400 * 10, 86_400 * 10)).toEqual([86_400 * 7, 86_400 * 13]);
});
