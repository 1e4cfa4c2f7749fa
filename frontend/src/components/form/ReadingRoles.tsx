import { Button, Progress } from "@mantine/core";
import { useLive } from "../../api/live";
import { liveRechecks } from "../../api/recheck";
import { giveUp } from "../../api/silence";
import { toastProblem } from "../../ui/toast";
import { useIntoView } from "../../ui/useIntoView";
import { count, plural } from "../../util/format";
import classes from "./ReadingRoles.module.css";

/** Before a preview about roles everybody's roles are read, one request each: how far that is, with the way out. */
export function ReadingRoles() {
  const live = useLive(liveRechecks, "");
  const place = useIntoView(live !== undefined && live.total > 0);
  if (!live || live.total === 0) {
    return null;
  }
  const { done, total } = live;
  return (
    <div ref={place} className={classes.reading} role="status">
      <span className="num">{`Reading who has which roles: ${count(done)} of ${plural(total, "person", "people")}`}</span>
      <Progress value={(100 * done) / total} size="sm" aria-label="People whose roles were read" />
      <Button size="xs" variant="default" onClick={() => giveUp("Bulk.Preview").catch(toastProblem)}>
        Stop reading
      </Button>
    </div>
  );
}
