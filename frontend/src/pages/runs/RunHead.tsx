import { Button, Group, Menu, Progress } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { usePreviewRetry, usePreviewUndo, useSteerRun } from "../../api/bulk";
import { type RunView, useExportRun } from "../../api/runs";
import { useSources } from "../../api/sources";
import { useGo } from "../../components/navigation";
import { outcome, RUN_STATES } from "../../components/outcomes";
import { SourceTag } from "../../components/SourceTag";
import { confirm } from "../../ui/confirm";
import { Message } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { When } from "../../ui/When";
import { count, plural } from "../../util/format";
import { resumeWithKey } from "./ResumeWithKey";
import classes from "./RunDetails.module.css";

/**
 * What the run is, how far it is, and what can be done with it. Of a run that is followed `live` nothing comes or goes
 * here, where it would move the results below.
 */
export function RunHead({ run, live }: { run: RunView; live: boolean }) {
  const state = outcome(RUN_STATES, run.state);
  return (
    <>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>
            {run.trigger === "undo" ? "Undo: " : ""}
            {run.actionTitle}
          </h2>
          <p className={classes.meta}>
            <State tone={state.tone}>{state.label}</State> · <SourceTag id={run.sourceId} name={run.sourceName} /> ·{" "}
            <When iso={run.createdAt} /> · by {run.operator}
          </p>
          {run.note === "" ? null : (
            <p className={classes.meta}>
              Reason: <StrangerText text={run.note} />
            </p>
          )}
        </div>
        <RunTools run={run} />
      </div>
      {live || run.state !== "done" ? <RunProgress run={run} /> : null}
      {live ? null : <RunNotices run={run} />}
    </>
  );
}

/** What must be looked at: that the run waits, and results that nobody knows. */
export function RunNotices({ run }: { run: RunView }) {
  return (
    <>
      {run.raised ? (
        <Message tone="info" title="The cap was raised for this run.">
          {run.raised.caps.map((cap) => (
            <div key={cap}>{cap}</div>
          ))}
          Typed: <StrangerText text={run.raised.words} />. Reason: <StrangerText text={run.raised.reason} />
        </Message>
      ) : null}
      {run.state === "paused" ? (
        <Message tone="warn" title="This run is paused." hint="Resume goes on exactly where it stopped.">
          {run.pauseReason}
        </Message>
      ) : null}
      {(run.counts.unknown ?? 0) > 0 ? (
        <Message
          tone="bad"
          title={`${plural(run.counts.unknown ?? 0, "result is", "results are")} not known.`}
          hint={`Look at these ${run.groups ? "groups" : "people"} at Atlassian before you act on them again; nothing was sent a second time.`}
        />
      ) : null}
    </>
  );
}

function RunProgress({ run }: { run: RunView }) {
  const percent = run.total === 0 ? 100 : (100 * run.finished) / run.total;
  // Told to screen readers in steps of ten, not for each person.
  const tens = Math.floor(percent / 10) * 10;
  return (
    <div className={classes.progress}>
      <div className={classes.numbers}>
        <span className="num">
          {count(run.finished)} of {count(run.total)}
        </span>
        <span className="num">{Math.floor(percent)}%</span>
      </div>
      <Progress value={percent} aria-label="Progress of the run" />
      <span className="sr-only" role="status">
        {tens}% of the run is finished
      </span>
    </div>
  );
}

function RunTools({ run }: { run: RunView }) {
  const go = useGo();
  const steer = useSteerRun();
  const undo = usePreviewUndo();
  const retry = usePreviewRetry();
  const failed = (run.counts.refused ?? 0) + (run.counts.unknown ?? 0);
  const save = useExportRun();
  const source = useSources().data?.find((s) => s.id === run.sourceId);
  const asksKey = source?.keys.changes.keeping === "asked";
  const send = (to: "pause" | "resume" | "stop") => steer.mutate({ runId: run.id, to }, { onError: toastProblem });
  const stop = async () => {
    const left = run.total - run.finished;
    const sure = await confirm({
      title: "Stop this run?",
      body: `${plural(left, "change", "changes")} will not be started. Calls under way are finished and recorded. A stopped run cannot be resumed.`,
      verb: "Stop the run",
      danger: true,
    });
    if (sure) {
      send("stop");
    }
  };
  const write = (format: "json" | "csv") =>
    save.mutate(
      { runId: run.id, format },
      {
        onSuccess: (file) => {
          if (file.path !== "") {
            toast("success", `${plural(file.rows, "result was", "results were")} written.`, file.path);
          }
        },
        onError: toastProblem,
      },
    );
  const active = run.state === "running" || run.state === "paused";

  return (
    <Group gap="xs" wrap="nowrap">
      {run.state === "running" ? (
        <Button variant="default" onClick={() => send("pause")} loading={steer.isPending}>
          Pause
        </Button>
      ) : null}
      {run.state === "paused" ? (
        <Button onClick={() => (asksKey ? resumeWithKey(run) : send("resume"))} loading={steer.isPending}>
          {asksKey ? "Resume…" : "Resume"}
        </Button>
      ) : null}
      {!active && failed > 0 ? (
        <Button
          variant="default"
          loading={retry.isPending}
          onClick={() =>
            retry.mutate(run.id, { onSuccess: (plan) => go("/bulk", { plan: plan.id }), onError: toastProblem })
          }
        >
          Try {count(failed)} again…
        </Button>
      ) : null}
      {active ? (
        <Button variant="default" onClick={stop}>
          Stop
        </Button>
      ) : (
        <Button
          variant="default"
          disabled={!run.canUndo}
          title={run.undoReason || undefined}
          loading={undo.isPending}
          onClick={() =>
            undo.mutate(run.id, { onSuccess: (plan) => go("/bulk", { plan: plan.id }), onError: toastProblem })
          }
        >
          Undo…
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={14} aria-hidden />} loading={save.isPending}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => write("csv")}>CSV, for spreadsheets</Menu.Item>
          <Menu.Item onClick={() => write("json")}>JSON, with requests and answers</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
