import { Button, Progress } from "@mantine/core";
import { useLive } from "../../api/live";
import { cancelRecheck, liveRechecks, rechecked } from "../../api/recheck";
import { Message } from "../../ui/Message";
import { StrangerText } from "../../ui/StrangerText";
import { toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import classes from "./PlanReview.module.css";

/** The people of a plan are being read afresh, before anything is sent. */
export function RecheckProgress({ planId }: { planId: string }) {
  const live = useLive(liveRechecks, planId);
  const { done, total } = live ?? { done: 0, total: 0 };
  return (
    <div className={classes.recheck} role="status">
      <span>
        {total > 0
          ? `Reading everybody afresh before the run: ${count(done)} of ${plural(total, "person", "people")}`
          : "Reading everybody afresh before the run"}
      </span>
      <Progress value={total > 0 ? (100 * done) / total : 0} size="sm" aria-label="People read afresh" />
      <Button size="xs" variant="default" onClick={() => cancelRecheck(planId).catch(toastProblem)}>
        Stop reading
      </Button>
    </div>
  );
}

/** Says that this preview took the place of one that did not hold any more. */
export function Rechecked({ planId }: { planId: string }) {
  const found = useLive(rechecked, planId);
  if (!found) {
    return null;
  }
  const more = found.changed - found.names.length;
  return (
    <Message
      tone="warn"
      title={`${plural(found.changed, "person has", "people have")} changed since the preview: review it again`}
      hint="Nothing was sent. This is what would be done now."
    >
      <StrangerText text={found.names.join(", ")} />
      {more > 0 ? ` and ${count(more)} more` : ""}
    </Message>
  );
}
