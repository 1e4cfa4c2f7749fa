import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
  IconCircleMinus,
  IconCircleXFilled,
  IconClockPause,
  IconInfoCircleFilled,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./State.module.css";

/** What a state means; each has its own shape, so that color is never the only sign. */
export type Tone = "good" | "busy" | "warn" | "bad" | "info" | "idle" | "off" | "paused";

const icons = {
  good: IconCircleCheckFilled,
  busy: IconCircleHalf2,
  warn: IconAlertTriangleFilled,
  bad: IconCircleXFilled,
  info: IconInfoCircleFilled,
  idle: IconCircleDashed,
  off: IconCircleMinus,
  paused: IconClockPause,
} as const;

/** A state as shape and word. */
export function State({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <span className={classes.state} data-tone={tone}>
      <Icon size={14} aria-hidden className={classes.icon} />
      <span>{children}</span>
    </span>
  );
}
