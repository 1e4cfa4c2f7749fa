import { IconCheck, IconMinus } from "@tabler/icons-react";
import type { StepView } from "../../api/onboarding";
import type { SourceView } from "../../api/sources";
import { useSync } from "../../api/sync";
import { syncState } from "../../components/syncWords";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { useNow } from "../../ui/When";
import classes from "./GetStarted.module.css";
import type { Place } from "./steps";

const words: Record<string, string> = { done: " (done)", skipped: " (skipped)" };

/** The steps with their state; any of them can be gone to but those that wait for an earlier one. */
export function StepList({ steps, current, onGo }: { steps: StepView[]; current: Place; onGo(to: Place): void }) {
  return (
    <ol className={classes.list}>
      {steps.map((s, i) => (
        <li key={s.step}>
          <button
            type="button"
            className={classes.step}
            aria-current={s.step === current ? "step" : undefined}
            onClick={() => onGo(s.step as Place)}
            disabled={s.state === "waiting"}
          >
            <span className={classes.number} data-state={s.state} aria-hidden>
              {s.state === "done" ? <IconCheck size={14} /> : s.state === "skipped" ? <IconMinus size={14} /> : i + 1}
            </span>
            {s.title}
            {words[s.state] ? <span className="sr-only">{words[s.state]}</span> : null}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The syncs that run in the background while the steps go on. */
export function BackgroundSyncs({ sources }: { sources: SourceView[] }) {
  return (
    <ul className={classes.syncs} aria-label="In the background">
      {sources.map((s) => (
        <BackgroundSync key={s.id} source={s} />
      ))}
    </ul>
  );
}

function BackgroundSync({ source }: { source: SourceView }) {
  const now = useNow();
  const sync = useSync(source.id) ?? source.sync;
  const { tone, words: state } = syncState(sync, source.paused, now);
  return (
    <li>
      <StrangerText text={source.name} />
      <State tone={tone}>{state}</State>
    </li>
  );
}
