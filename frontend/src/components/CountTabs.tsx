import { Group, UnstyledButton } from "@mantine/core";
import { State } from "../ui/State";
import { count } from "../util/format";
import classes from "./CountTabs.module.css";
import type { Outcome } from "./outcomes";

/** Numbers by outcome; each opens the list that it counts. Outcomes without any are left out. */
export function CountTabs({
  label,
  outcomes,
  counts,
  total,
  value,
  onChange,
}: {
  label: string;
  outcomes: Outcome[];
  counts: Record<string, number>;
  total: number;
  /** "" for all. */
  value: string;
  onChange: (key: string) => void;
}) {
  const shown = outcomes.filter((o) => (counts[o.key] ?? 0) > 0 || o.key === value);
  return (
    <Group gap={6} role="group" aria-label={label}>
      <UnstyledButton className={classes.tab} aria-pressed={value === ""} onClick={() => onChange("")}>
        <span className="num">{count(total)}</span> All
      </UnstyledButton>
      {shown.map((o) => (
        <UnstyledButton
          key={o.key}
          className={classes.tab}
          aria-pressed={value === o.key}
          onClick={() => onChange(o.key)}
        >
          <span className="num">{count(counts[o.key] ?? 0)}</span> <State tone={o.tone}>{o.label}</State>
        </UnstyledButton>
      ))}
    </Group>
  );
}
