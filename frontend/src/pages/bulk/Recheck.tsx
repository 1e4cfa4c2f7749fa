import { Button, Progress } from "@mantine/core";
import { useLive } from "../../api/live";
import { cancelRecheck, liveRechecks, rechecked } from "../../api/recheck";
import { NoAnswer } from "../../components/NoAnswer";
import { Message } from "../../ui/Message";
import { StrangerText } from "../../ui/StrangerText";
import { toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import classes from "./PlanReview.module.css";

/** The people or groups of a plan are being read afresh, before anything is sent. */
export function RecheckProgress({ planId, groups }: { planId: string; groups: boolean }) {
  const live = useLive(liveRechecks, planId);
  const { done, total } = live ?? { done: 0, total: 0 };
  const said = `Reading ${groups ? "every group" : "everybody"} afresh before the run`;
  return (
    <div className={classes.recheck} role="status">
      <span>{total > 0 ? `${said}: ${count(done)} of ${words(total, groups)}` : said}</span>
      <Progress
        value={total > 0 ? (100 * done) / total : 0}
        size="sm"
        aria-label={`${groups ? "Groups" : "People"} read afresh`}
      />
      <Button size="xs" variant="default" onClick={() => cancelRecheck(planId).catch(toastProblem)}>
        Stop reading
      </Button>
      <NoAnswer of="recheck" />
    </div>
  );
}

function words(n: number, groups: boolean) {
  return groups ? plural(n, "group", "groups") : plural(n, "person", "people");
}

/** Says that this preview took the place of one that did not hold any more. */
export function Rechecked({ planId, groups }: { planId: string; groups: boolean }) {
  const found = useLive(rechecked, planId);
  if (!found) {
    return null;
  }
  const more = found.changed - found.names.length;
  return (
    <Message
      tone="warn"
      title={`${words(found.changed, groups)} ${found.changed === 1 ? "has" : "have"} changed since the preview: review it again`}
      hint="Nothing was sent. This is what would be done now."
    >
      <StrangerText text={found.names.join(", ")} />
      {more > 0 ? ` and ${count(more)} more` : ""}
    </Message>
  );
}
