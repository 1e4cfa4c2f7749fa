import { Progress } from "@mantine/core";
import { type SyncView, useCancelSync } from "../api/sync";
import { toastProblem } from "../ui/toast";
import { plural } from "../util/format";
import { Unanswered } from "./NoAnswer";
import classes from "./SyncProgress.module.css";
import { syncPercent, syncProgressWords } from "./syncWords";

/** A running sync: bar, step, counts. Told to a screen reader at every tenth only. Where cancel is near, it needs no way out of its own. */
export function SyncProgress({ sync, cancelNear }: { sync: SyncView; cancelNear?: boolean }) {
  const cancel = useCancelSync();
  const percent = syncPercent(sync) ?? 0;
  return (
    <div className={classes.progress}>
      <div className={classes.line}>
        <span>{sync.step || "Connecting"}</span>
        <span className="num">{syncProgressWords(sync)}</span>
      </div>
      <Progress value={percent} size="sm" aria-label="Sync" transitionDuration={120} />
      {sync.requests > 0 ? (
        <div className={classes.sub}>
          {plural(sync.requests, "request", "requests")} to Atlassian so far
          {sync.resumed ? ", going on where the last sync ended" : ""}
        </div>
      ) : null}
      {sync.silentMs > 0 ? (
        <Unanswered
          party={sync.party}
          seconds={Math.floor(sync.silentMs / 1000)}
          verb="Cancel sync"
          onCancel={cancelNear ? undefined : () => cancel.mutate(sync.sourceId, { onError: toastProblem })}
        />
      ) : null}
      <div className="sr-only" role="status">
        {`Sync: ${Math.floor(percent / 10) * 10}%`}
      </div>
    </div>
  );
}
