import { Button, Group, Skeleton } from "@mantine/core";
import { IconChartLine, IconCopy, IconTable } from "@tabler/icons-react";
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useState } from "react";
import { copyText, reportError } from "../api/app";
import type { TrendView } from "../api/overview";
import { toast, toastProblem } from "../ui/toast";
import { count, plural } from "../util/format";
import { DataTable } from "./DataTable";
import classes from "./TrendChart.module.css";
import { dayWords, lookOf } from "./trend";

const TrendLines = lazy(async () => {
  giveLanguage();
  return import("./TrendLines").catch((cause: unknown) => {
    reportError("the chart could not be loaded", String(cause));
    return { default: NoLines };
  });
});

/** WebKit says "C" where the system has no language; the chart library makes a number format of it and would fail. */
function giveLanguage() {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
  }
}

/** What stands in place of lines that cannot be drawn: the page must not fail with them. */
function NoLines() {
  return <p>The chart could not be drawn here. The table has the same numbers.</p>;
}

const STEPS: Record<string, number> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 30,
  PageDown: -30,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/**
 * A trend as lines and, on demand, as table. The lines have a cursor for mouse and keyboard; what they show stands in
 * the summary and in the legend, so nobody needs to see them.
 */
export function TrendChart({ label, trend, actions }: { label: string; trend: TrendView; actions?: ReactNode }) {
  const [asTable, setAsTable] = useState(false);
  const [at, setAt] = useState<number>();
  const last = trend.points.length - 1;
  const cursor = Math.min(at ?? last, last);
  const point = trend.points[cursor];

  const onKey = (e: KeyboardEvent) => {
    const step = STEPS[e.key];
    if (step !== undefined) {
      e.preventDefault();
      setAt(Math.max(0, Math.min(last, cursor + step)));
    }
  };
  const copy = () =>
    copyText(asText(trend))
      .then(() => toast("success", `${plural(trend.points.length, "day was", "days were")} copied.`))
      .catch(toastProblem);

  return (
    <figure className={classes.figure} aria-label={label}>
      <figcaption className={classes.summary}>{trend.summary}</figcaption>
      {asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <section className={classes.table} aria-label={`${label}, as a table`} tabIndex={0}>
          <DataTable
            label={label}
            columns={[
              { name: "day", title: "Day", cell: (p) => dayWords(p.day) },
              ...trend.series.map((s, i) => ({
                name: s.name,
                title: s.title,
                right: true,
                cell: (p: TrendView["points"][number]) => <span className="num">{count(p.values[i] ?? 0)}</span>,
              })),
            ]}
            rows={[...trend.points].reverse()}
            rowKey={(p) => p.day}
            empty={null}
          />
        </section>
      ) : (
        <div
          className={classes.lines}
          role="slider"
          tabIndex={0}
          aria-label={`${label}: day`}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={cursor}
          aria-valuetext={point ? valueText(trend, cursor) : undefined}
          onKeyDown={onKey}
        >
          <Suspense fallback={<Skeleton height={240} animate={false} />}>
            <TrendLines trend={trend} cursor={at === undefined ? undefined : cursor} onCursor={setAt} />
          </Suspense>
        </div>
      )}
      <Group justify="space-between" align="center" gap="xs" className={classes.foot}>
        {asTable || !point ? (
          <span />
        ) : (
          <ul className={classes.legend} aria-label="Lines">
            <li className={classes.day}>{dayWords(point.day)}</li>
            {trend.series.map((s, i) => (
              <li key={s.name}>
                <svg width="26" height="8" aria-hidden className={classes.sample}>
                  <line
                    x1="1"
                    y1="4"
                    x2="25"
                    y2="4"
                    strokeWidth="2"
                    strokeDasharray={lookOf(i).dash.join(" ")}
                    style={{ stroke: `var(${lookOf(i).color})` }}
                  />
                </svg>
                {s.title} <span className="num">{count(point.values[i] ?? 0)}</span>
              </li>
            ))}
          </ul>
        )}
        <Group gap="xs">
          {asTable ? (
            <Button size="xs" variant="default" leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
              Copy
            </Button>
          ) : null}
          {asTable ? actions : null}
          <Button
            size="xs"
            variant="default"
            leftSection={asTable ? <IconChartLine size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? "Show as chart" : "Show as table"}
          </Button>
        </Group>
      </Group>
    </figure>
  );
}

function valueText(trend: TrendView, at: number): string {
  const point = trend.points[at];
  const values = trend.series.map((s, i) => `${s.title} ${count(point?.values[i] ?? 0)}`);
  return `${dayWords(point?.day ?? "")}: ${values.join(", ")}`;
}

/** The table with tabs between its cells, as spreadsheets take it. */
function asText(trend: TrendView): string {
  const rows = trend.points.map((p) => [p.day, ...p.values].join("\t"));
  return [["Day", ...trend.series.map((s) => s.title)].join("\t"), ...rows].join("\n");
}
