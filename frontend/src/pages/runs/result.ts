import type { RunView } from "../../api/runs";
import { ITEM_STATES } from "../../components/outcomes";
import { count } from "../../util/format";

/** A run's numbers in one line: "211 done, 3 skipped". */
export function resultLine(run: RunView): string {
  return ITEM_STATES.filter((s) => (run.counts[s.key] ?? 0) > 0)
    .map((s) => `${count(run.counts[s.key] ?? 0)} ${s.label.toLowerCase()}`)
    .join(", ");
}
