import { Button, Group, Popover, UnstyledButton } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { SourceView } from "../api/sources";
import { useCancelSync, useStartChanges, useStartSync, useSync } from "../api/sync";
import { NextSync } from "../components/NextSync";
import { SyncProgress } from "../components/SyncProgress";
import { fullSyncWords, syncState } from "../components/syncWords";
import { Message, ProblemMessage } from "../ui/Message";
import { Facts } from "../ui/Page";
import { State } from "../ui/State";
import { toastProblem } from "../ui/toast";
import { useNow, When } from "../ui/When";
import { count } from "../util/format";
import classes from "./Header.module.css";

/** How fresh the local copy is; opens what the last sync did, and starts or cancels one. */
export function SyncPill({ source }: { source: SourceView }) {
  const now = useNow();
  const sync = useSync(source.id) ?? source.sync;
  const start = useStartSync();
  const changes = useStartChanges();
  const cancel = useCancelSync();
  const running = sync.state === "running";
  const box = useRef<HTMLDivElement>(null);
  const busy = running || start.isPending || changes.isPending;
  // The button that was pressed goes or is disabled, and takes the focus with it: Escape must still close the popover.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time the buttons change
  useEffect(() => {
    const focused = document.activeElement;
    if (focused === document.body || (focused?.matches(":disabled") && box.current?.contains(focused))) {
      box.current?.focus();
    }
  }, [busy, running]);
  const { tone, words } = syncState(sync, source.paused, now);
  return (
    <Popover position="bottom-end" width={360} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.pill} aria-label={`Local copy: ${words}`}>
          <State tone={tone}>{words}</State>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Local copy">
        <div ref={box} tabIndex={-1} className={classes.popover}>
          {running ? <SyncProgress sync={sync} cancelNear /> : null}
          {!running && sync.problem ? <ProblemMessage problem={sync.problem} /> : null}
          {sync.partial && !running ? (
            <Message tone="warn" title="The first sync is not complete" hint="Sync again to get everybody." />
          ) : null}
          {sync.note && !running ? <div>{sync.note}</div> : null}
          {sync.drift ? (
            <Message tone="warn" title="The last sync left something open">
              {sync.drift}
            </Message>
          ) : null}
          <Facts
            items={[
              { name: "Last complete sync", value: <When iso={sync.completeAt} none="never" /> },
              ...(sync.changesAt ? [{ name: "Last sync of changes", value: <When iso={sync.changesAt} /> }] : []),
              { name: "Next sync", value: <NextSync source={source} /> },
              { name: "People", value: <span className="num">{count(sync.people)}</span> },
              { name: "Groups", value: <span className="num">{count(sync.groups)}</span> },
              // A sync that failed counts nothing, nor does one that is running, which is not the same as finding nothing.
              ...(sync.problem || running
                ? []
                : [
                    {
                      name: "Changes found",
                      value: (
                        <span className="num">
                          {count(sync.added)} added, {count(sync.changed)} changed, {count(sync.removed)} removed
                        </span>
                      ),
                    },
                  ]),
            ]}
          />
          {running ? (
            <Button variant="default" onClick={() => cancel.mutate(source.id, { onError: toastProblem })}>
              Cancel sync
            </Button>
          ) : (
            <Group gap="xs" grow>
              {sync.canFollow ? (
                <Button
                  disabled={source.paused}
                  loading={changes.isPending}
                  onClick={() => changes.mutate(source.id, { onError: toastProblem })}
                >
                  Sync changes
                </Button>
              ) : null}
              <Button
                variant={sync.canFollow ? "default" : "filled"}
                disabled={source.paused}
                loading={start.isPending}
                onClick={() => start.mutate(source.id, { onError: toastProblem })}
              >
                {fullSyncWords(sync)}
              </Button>
            </Group>
          )}
          {source.paused ? <div>The source is paused. Resume it on the Sources page.</div> : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
