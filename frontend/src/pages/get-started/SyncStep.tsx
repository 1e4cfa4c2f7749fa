import { Button, Group } from "@mantine/core";
import { useEffect } from "react";
import { useFinishSetUp } from "../../api/onboarding";
import type { SourceView } from "../../api/sources";
import { useStartSync, useSync } from "../../api/sync";
import { useGo } from "../../components/navigation";
import { SyncProgress } from "../../components/SyncProgress";
import { syncState } from "../../components/syncWords";
import { Empty } from "../../ui/Empty";
import { Message, ProblemMessage } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { useNow } from "../../ui/When";
import { plural } from "../../util/format";
import classes from "./GetStarted.module.css";

/** The first sync of each source, live. */
export function SyncStep({ sources, onDone }: { sources: SourceView[]; onDone(): void }) {
  const go = useGo();
  const complete = sources.length > 0 && sources.every((s) => s.sync.revision > 0);
  useEffect(() => {
    if (complete) {
      onDone();
    }
    // Only the moment of completion moves on; coming back to this step by hand does too, which is right.
  }, [complete, onDone]);
  if (sources.length === 0) {
    return (
      <Empty
        title="Nothing to sync yet"
        action={<Button onClick={() => go("/get-started", { step: "organization" })}>Connect</Button>}
      >
        Connect an organization or a site first.
      </Empty>
    );
  }
  return (
    <>
      {sources.map((s) => (
        <SourceSync key={s.id} source={s} />
      ))}
      <Group gap="xs" mt="md">
        <Button variant="default" onClick={onDone}>
          Go on while it runs
        </Button>
        <Button variant="subtle" color="gray" onClick={() => go("/people")}>
          Look at the people meanwhile
        </Button>
      </Group>
    </>
  );
}

function SourceSync({ source }: { source: SourceView }) {
  const now = useNow();
  const sync = useSync(source.id) ?? source.sync;
  const start = useStartSync();
  const { tone, words } = syncState(sync, source.paused, now);
  return (
    <section className={classes.sync} aria-label={`Sync of ${source.name}`}>
      <div className={classes.syncHead}>
        <strong>
          <StrangerText text={source.name} />
        </strong>
        <State tone={tone}>{words}</State>
      </div>
      {sync.state === "running" ? <SyncProgress sync={sync} /> : null}
      {sync.state !== "running" && sync.problem ? <ProblemMessage problem={sync.problem} /> : null}
      {start.error ? <ProblemMessage problem={start.error} /> : null}
      {sync.state === "running" || sync.revision > 0 ? null : (
        <Button loading={start.isPending} onClick={() => start.mutate(source.id)}>
          {sync.state === "never" ? "Start the first sync" : "Try again"}
        </Button>
      )}
    </section>
  );
}

/** The end: what was found, and where to go. Who sees it is set up: Get started does not open by itself any more. */
export function DoneStep({ sources }: { sources: SourceView[] }) {
  const go = useGo();
  const { mutate: finish, error } = useFinishSetUp();
  const connected = sources.length > 0;
  useEffect(() => {
    if (connected) {
      finish(undefined);
    }
  }, [connected, finish]);
  const total = sources.reduce((sum, s) => sum + s.sync.people, 0);
  const groups = sources.reduce((sum, s) => sum + s.sync.groups, 0);
  const running = sources.filter((s) => s.sync.revision === 0 && !s.paused);
  return (
    <>
      {running.length > 0 ? (
        <Message tone="busy" title="The first sync goes on in the background">
          What has arrived can be looked at already; it is marked as not complete until the end.
        </Message>
      ) : (
        <p className={classes.why}>
          The local copy holds {plural(total, "person", "people")} and {plural(groups, "group", "groups")}. Seatkeeper
          keeps it on this machine and tells how old it is.
        </p>
      )}
      {error ? <ProblemMessage problem={error} /> : null}
      <ul className={classes.next}>
        <li>
          <Button onClick={() => go("/people")}>Find people</Button>
          <span>Search and filter everybody, select, and preview a change before anything happens.</span>
        </li>
        <li>
          <Button variant="default" onClick={() => go("/overview")}>
            Open the overview
          </Button>
          <span>Seats by app and site: in use, inactive, never used.</span>
        </li>
      </ul>
      <p className={classes.why}>Get started can be opened again from Settings.</p>
    </>
  );
}
