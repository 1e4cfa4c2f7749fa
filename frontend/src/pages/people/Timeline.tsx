import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { PersonView } from "../../api/people";
import { useGo } from "../../components/navigation";
import { statusWords } from "../../components/personWords";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { count } from "../../util/format";
import classes from "./PersonDrawer.module.css";
import { Part } from "./PersonSections";

/** How many entries are shown at first. */
const FIRST = 12;

const outcomes: Record<string, string> = {
  intent: "Under way",
  done: "Done",
  already: "Already so",
  skipped: "Skipped",
  refused: "Refused",
  unknown: "Not known",
};

type Deed = PersonView["runs"][number];
type Event = PersonView["history"][number];

/** What was done to a person by runs, and what syncs have found different, newest first. */
export function Timeline({ person }: { person: PersonView }) {
  const [all, setAll] = useState(false);
  const entries = [
    ...person.runs.map((r) => ({ key: `${r.runId} ${r.seq}`, at: r.at, of: <DeedEntry deed={r} /> })),
    ...person.history.map((e) => ({ key: `${e.at} ${e.kind} ${e.group}`, at: e.at, of: <EventEntry event={e} /> })),
    // What is under way has no time yet and stands first.
  ].sort((a, b) => (a.at === "" ? -1 : b.at === "" ? 1 : b.at.localeCompare(a.at)));
  const more = person.runsTotal - person.runs.length;
  return (
    <Part title="Timeline">
      {entries.length === 0 ? (
        <p className={classes.none}>Nothing was done by Seatkeeper on this machine, and no sync has found a change.</p>
      ) : null}
      <ol className={classes.list}>
        {(all ? entries : entries.slice(0, FIRST)).map((e) => (
          <li key={e.key} className={classes.entry}>
            {e.of}
          </li>
        ))}
      </ol>
      {!all && entries.length > FIRST ? (
        <Button size="compact-xs" variant="default" onClick={() => setAll(true)}>
          Show all {count(entries.length)}
        </Button>
      ) : null}
      {more > 0 && (all || entries.length <= FIRST) ? (
        <p className={classes.none}>{count(more)} older results stand in the run logs.</p>
      ) : null}
    </Part>
  );
}

function Line({ what, at }: { what: ReactNode; at: string }) {
  return (
    <div className={classes.line}>
      <span>{what}</span>
      {at ? <When iso={at} /> : null}
    </div>
  );
}

function DeedEntry({ deed }: { deed: Deed }) {
  const go = useGo();
  const result = outcomes[deed.state] ?? deed.state;
  return (
    <>
      <Line
        at={deed.at}
        what={
          <button
            type="button"
            className={classes.link}
            onClick={() => go("/runs", { run: deed.runId, item: deed.seq })}
          >
            {deed.undo ? "Undo: " : ""}
            {deed.action}: {result}
          </button>
        }
      />
      {deed.group ? (
        <div className={classes.dim}>
          Group <StrangerText text={deed.group} />
        </div>
      ) : null}
      {deed.reason ? <div className={classes.dim}>{deed.reason}</div> : null}
      {deed.note ? <div className={classes.dim}>Note: {deed.note}</div> : null}
      {deed.by ? <div className={classes.dim}>By {deed.by}</div> : null}
    </>
  );
}

function EventEntry({ event }: { event: Event }) {
  return <Line what={eventWords(event)} at={event.at} />;
}

/** What a sync has found, in words. It happened between that sync and the one before. */
function eventWords(event: Event): ReactNode {
  const group = <StrangerText text={event.group} />;
  switch (event.kind) {
    case "listed":
      return "In the first sync of this source";
    case "came":
      return "First seen";
    case "gone":
      return "No longer listed by Atlassian";
    case "back":
      return "Listed again";
    case "joined":
      return <>Joined {group}</>;
    case "left":
      return <>Left {group}</>;
    case "newStatus":
      return `Found ${statusWords(event.status).word.toLowerCase()}`;
    default:
      return event.kind;
  }
}
