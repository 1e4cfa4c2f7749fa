import { Button, Group, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { exportTrend, useGoneApps, useTrend } from "../../api/overview";
import type { AppTile } from "../../api/people";
import { ExportMenu } from "../../components/ExportMenu";
import { TrendChart } from "../../components/TrendChart";
import { dayWords } from "../../components/trend";
import { Empty } from "../../ui/Empty";
import { ProblemMessage } from "../../ui/Message";
import { plural } from "../../util/format";
import { plainMarks } from "../../util/marks";
import classes from "./Attention.module.css";

/** How far back, in days; 0 is all. */
export const RANGES = [30, 90, 365, 0];

const EVERYBODY = "everybody";

interface TrendsProps {
  sourceId: string;
  /** Undefined while it is not known. */
  days: number | undefined;
  /** The apps to choose from; undefined while they load. */
  tiles: AppTile[] | undefined;
  /** The site whose apps are shown, "" for all. */
  site: string;
  /** The chosen app's id, "everybody", or "" for the app with most people. */
  app: string;
  range: number;
  onView(patch: { trend?: string | undefined; range?: number | undefined }): void;
}

/** The lines of one app over time. */
export function Trends({ sourceId, days, tiles, site, app, range, onView }: TrendsProps) {
  const there = tiles ?? [];
  const kept = useGoneApps(sourceId);
  const gone = (kept.data ?? []).filter(
    (g) => (site === "" || g.site === site) && !there.some((t) => t.appId === g.appId),
  );
  const choices = [
    ...there.map((t) => ({ value: t.appId, label: nameOf(t) })),
    ...gone.map((g) => ({ value: g.appId, label: `${nameOf(g)}, no longer there` })),
    { value: EVERYBODY, label: "Everybody, by status" },
  ];
  const value = choices.some((c) => c.value === app) ? app : (largest(there) ?? EVERYBODY);
  const last = gone.find((g) => g.appId === value)?.last;
  const label = choices.find((c) => c.value === value)?.label ?? "";
  const query = { sourceId, appId: value === EVERYBODY ? "" : value, days: range, inactive: days ?? 90 };
  // While the apps that are gone are not known, it is not known whether the chosen one is among them.
  const chosen = tiles !== undefined && (app === "" || value === app || !kept.isPending);
  const trend = useTrend(query, days !== undefined && chosen);
  const t = trend.data;
  return (
    <section className={classes.card} aria-labelledby="trends">
      <Group justify="space-between" gap="xs" mb="xs">
        <h2 className={classes.title} id="trends" style={{ margin: 0 }}>
          Trends
        </h2>
        <Group gap="xs">
          <Select
            w={250}
            size="xs"
            aria-label="Trend of"
            data={choices}
            value={value}
            allowDeselect={false}
            searchable={choices.length > 12}
            onChange={(v) => v && onView({ trend: v })}
          />
          <SegmentedControl
            size="xs"
            aria-label="How far back"
            value={String(range)}
            onChange={(v) => onView({ range: v === "90" ? undefined : Number(v) })}
            data={RANGES.map((r) => ({ value: String(r), label: r === 0 ? "All" : `${r} days` }))}
          />
        </Group>
      </Group>
      {trend.error ? <ProblemMessage problem={trend.error} /> : null}
      {t === undefined && !trend.error ? <Skeleton height={290} animate={false} /> : null}
      {t?.points.length === 0 && last !== undefined ? (
        <Empty
          title="No counts in this time"
          action={<Button onClick={() => onView({ range: 0 })}>Show all days</Button>}
        >
          {label}: it was last counted on {dayWords(last)}.
        </Empty>
      ) : null}
      {t?.points.length === 0 && last === undefined ? (
        <Empty title="No trend yet">
          Trends begin with today's sync: each day with a sync adds a point. Days without one stay gaps.
        </Empty>
      ) : null}
      {t && t.points.length > 0 ? (
        <>
          <TrendChart
            label={`Trend of ${label}`}
            trend={t}
            actions={
              <ExportMenu
                what="the trend"
                size="xs"
                said={(n) => `${plural(n, "day was", "days were")} exported.`}
                write={(format) => exportTrend(query, format)}
              />
            }
          />
          <p className={classes.hint} style={{ margin: "6px 0 0" }}>
            {last === undefined ? "" : `This app is no longer there: it was last counted on ${dayWords(last)}. `}
            {notes(t.points, t.zone, t.zones, days !== undefined && query.appId !== "" && t.step !== days ? t.step : 0)}
          </p>
        </>
      ) : null}
    </section>
  );
}

/** An app's name with its site's. */
function nameOf({ app, site }: { app: string; site: string }): string {
  return plainMarks(site === "" ? app : `${app} (${site})`);
}

/** The id of the app that most people may open. */
function largest(tiles: AppTile[]): string | undefined {
  const seats = (t: AppTile) => t.numbers.find((n) => n.name === "seats")?.count ?? 0;
  return tiles.reduce<AppTile | undefined>((best, t) => (best && seats(best) >= seats(t) ? best : t), undefined)?.appId;
}

/** What must be known about the points. */
function notes(points: { computed: boolean }[], zone: string, zones: number, step: number): string {
  const said = [`Days end at midnight, ${zone}${zones > 1 ? " (some were counted in other time zones)" : ""}.`];
  if (step > 0) {
    said.push(`Trends are kept for fixed numbers of days; drawn are ${step} days, the nearest.`);
  }
  if (points.some((p) => p.computed)) {
    said.push(
      "Demo: the days before the first sync were worked out from the dates of the demo's people; they were not counted.",
    );
  }
  if (points.length === 1) {
    said.push("Each day with a sync adds a point.");
  }
  return said.join(" ");
}
