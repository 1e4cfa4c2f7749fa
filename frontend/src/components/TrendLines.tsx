import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { TrendView } from "../api/overview";
import { count } from "../util/format";
import { alone, columnsOf, dayNumber, lookOf, spanOf } from "./trend";

const HEIGHT = 240;
const DAY_S = 86_400;

interface TrendLinesProps {
  trend: TrendView;
  /** The point that the cursor stands on, an index of the trend's points. */
  cursor: number | undefined;
  onCursor(index: number): void;
}

/** The lines themselves. This file is loaded when the first chart is shown; the rest of the program knows no chart library. */
export default function TrendLines({ trend, cursor, onCursor }: TrendLinesProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const tell = useRef(onCursor);
  tell.current = onCursor;
  const scheme = useComputedColorScheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another color scheme needs other colors, which are read from the page
  useEffect(() => {
    const box = place.current;
    if (!box) {
      return;
    }
    const chart = new uPlot(
      optionsOf(trend, box, (day) => {
        const at = trend.points.findIndex((p) => dayNumber(p.day) * DAY_S === day);
        if (at >= 0) {
          tell.current(at);
        }
      }),
      dataOf(trend),
      box,
    );
    plot.current = chart;
    const watch = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: HEIGHT }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      plot.current = null;
      chart.destroy();
    };
  }, [trend, scheme]);

  useEffect(() => {
    const chart = plot.current;
    const point = cursor === undefined ? undefined : trend.points[cursor];
    if (chart && point) {
      chart.setCursor({ left: chart.valToPos(dayNumber(point.day) * DAY_S, "x"), top: 0 }, false);
    }
  }, [cursor, trend]);

  return <div ref={place} style={{ height: HEIGHT }} aria-hidden />;
}

function dataOf(trend: TrendView): uPlot.AlignedData {
  const { days, lines } = columnsOf(trend);
  return [days, ...lines];
}

function optionsOf(trend: TrendView, box: HTMLElement, onDay: (day: number) => void): uPlot.Options {
  const style = getComputedStyle(box);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const ink = color("--mantine-color-dimmed");
  const grid = { stroke: color("--sk-line"), width: 1 };
  const font = `12px ${style.fontFamily}`;
  const axis = { stroke: ink, font, grid, ticks: { show: false } };
  return {
    width: box.clientWidth || 600,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
    scales: {
      // By the days themselves: of a single one the library says here that it lasts three years.
      x: { time: true, range: (u) => spanOf(u.data[0][0] ?? 0, u.data[0].at(-1) ?? 0) },
      y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.08)] },
    },
    axes: [
      { ...axis, incrs: [1, 2, 7, 14, 30, 61, 91, 182, 365].map((days) => days * DAY_S), space: 64 },
      { ...axis, size: 64, values: (_u, values) => values.map((v) => (Number.isInteger(v) ? count(v) : "")) },
    ],
    series: [
      {},
      ...trend.series.map((s, i): uPlot.Series => {
        const look = lookOf(i);
        const stroke = color(look.color);
        return {
          label: s.title,
          stroke,
          width: 2,
          dash: look.dash,
          spanGaps: false,
          points: { show: true, size: 5, fill: stroke, filter: (u) => alone(u.data[i + 1] as (number | null)[]) },
        };
      }),
    ],
    hooks: {
      setCursor: [
        (u) => {
          const day = u.cursor.idx == null ? undefined : u.data[0][u.cursor.idx];
          if (day !== undefined) {
            onDay(day);
          }
        },
      ],
    },
  };
}
