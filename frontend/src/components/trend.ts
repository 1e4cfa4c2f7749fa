import type { TrendView } from "../api/overview";

const DAY_MS = 86_400_000;

/** How a line is drawn: each has its own dash, so that color is never the only sign. */
export interface LineLook {
  /** A CSS variable. */
  color: string;
  dash: number[];
}

const LOOKS: LineLook[] = [
  { color: "--mantine-color-anchor", dash: [] },
  { color: "--sk-good", dash: [8, 4] },
  { color: "--sk-warn", dash: [2, 3] },
  { color: "--mantine-color-dimmed", dash: [10, 3, 2, 3] },
  { color: "--sk-bad", dash: [4, 2] },
  { color: "--mantine-color-dimmed", dash: [1, 5] },
];

/** The look of the line at a place. */
export function lookOf(index: number): LineLook {
  return LOOKS[index % LOOKS.length] as LineLook;
}

/** Days since 1970 of "2026-11-22". */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

/** "Nov 22, 2026" of "2026-11-22": a date without a time zone. */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat("en-US", { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" }).format(
    dayNumber(day) * DAY_MS,
  );
}

/**
 * The points as columns for a chart: every day from the first to the last in seconds, then each line. Days without a
 * sync are null, so that the line has a gap.
 */
export function columnsOf(trend: TrendView): { days: number[]; lines: (number | null)[][] } {
  const first = trend.points[0];
  const last = trend.points[trend.points.length - 1];
  if (!first || !last) {
    return { days: [], lines: trend.series.map(() => []) };
  }
  const from = dayNumber(first.day);
  const size = dayNumber(last.day) - from + 1;
  const days = Array.from({ length: size }, (_, i) => (from + i) * (DAY_MS / 1000));
  const lines = trend.series.map(() => new Array<number | null>(size).fill(null));
  for (const p of trend.points) {
    p.values.forEach((value, i) => {
      (lines[i] as (number | null)[])[dayNumber(p.day) - from] = value;
    });
  }
  return { days, lines };
}

/** The seconds that a chart spans. A first day alone stands in the middle of its week. */
export function spanOf(first: number, last: number): [number, number] {
  const room = first === last ? (3 * DAY_MS) / 1000 : 0;
  return [first - room, last + room];
}

/** The places of values that have a gap on both sides: a line would not show them. */
export function alone(line: (number | null | undefined)[]): number[] {
  return line.flatMap((v, i) => (v != null && line[i - 1] == null && line[i + 1] == null ? [i] : []));
}
