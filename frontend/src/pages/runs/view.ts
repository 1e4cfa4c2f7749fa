import type { RunQuery } from "../../api/runs";
import { numberOf, textOf } from "../../components/navigation";

/** The view state of the run logs, kept in the address. */
export interface RunsViewState {
  /** The run that is shown; "" for the list. */
  run: string;
  /** The result whose details are shown. */
  item: number | undefined;
  action: string;
  state: string;
  outcome: string;
  source: string;
  /** Local days, YYYY-MM-DD, both included. */
  from: string;
  to: string;
  search: string;
  offset: number;
}

export const RUNS_PER_PAGE = 50;

export function parseRunsView(raw: Record<string, unknown>): RunsViewState {
  return {
    run: textOf(raw.run),
    item: numberOf(raw.item),
    action: textOf(raw.action),
    state: textOf(raw.state),
    outcome: textOf(raw.outcome),
    source: textOf(raw.source),
    from: textOf(raw.from),
    to: textOf(raw.to),
    search: textOf(raw.search),
    offset: numberOf(raw.offset) ?? 0,
  };
}

/** Whether anything narrows the list. */
export function narrowed(v: RunsViewState): boolean {
  return [v.action, v.state, v.outcome, v.source, v.from, v.to, v.search].some((x) => x !== "");
}

/** The start of a local day as RFC 3339, `plus` days later; "" for what is no day. */
export function dayStart(day: string, plus = 0): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) {
    return "";
  }
  const at = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + plus);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

export function runQuery(v: RunsViewState): RunQuery {
  const one = (value: string) => (value === "" ? [] : [value]);
  return {
    actions: one(v.action),
    sourceIds: one(v.source),
    states: one(v.state),
    outcome: v.outcome,
    from: dayStart(v.from),
    to: dayStart(v.to, 1),
    search: v.search.trim(),
    offset: v.offset,
    limit: RUNS_PER_PAGE,
  };
}
