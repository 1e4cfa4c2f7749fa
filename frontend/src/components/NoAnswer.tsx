import { Button } from "@mantine/core";
import { giveUp, useSilence } from "../api/silence";
import { State } from "../ui/State";
import { toastProblem } from "../ui/toast";
import { useIntoView } from "../ui/useIntoView";
import classes from "./NoAnswer.module.css";

/** The calls whose form says itself that nobody answers. */
const FORMS = {
  test: ["Sources.Test", "Sources.Add", "Sources.Update", "Sources.TestChangeKey", "Sources.SetChangeKey"],
  lookUp: ["Sources.FindOrganization"],
  site: ["Onboarding.CheckSite"],
  preview: ["Bulk.Preview"],
  recheck: ["Bulk.Recheck"],
} as const;

const told: readonly string[] = Object.values(FORMS).flat();

interface UnansweredProps {
  party: string;
  seconds: number;
  /** What the way out is called, and what it does; without it there is another one nearby. */
  verb?: string;
  onCancel?(): void;
}

/** Says that a server has not answered for a while, with the way out. A screen reader is told once, not each second. */
export function Unanswered({ party, seconds, verb = "Cancel", onCancel }: UnansweredProps) {
  const whom = party || "Atlassian";
  const place = useIntoView();
  return (
    <div ref={place} className={classes.line}>
      <State tone="warn">
        <span className="num">{`${whom} has not answered for ${seconds} s`}</span>
      </State>
      {onCancel ? (
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          {verb}
        </Button>
      ) : null}
      <span className="sr-only" role="status">
        {whom} is not answering.
      </span>
    </div>
  );
}

/** Within a form: that its call has had no answer for a while, with the way out. Nothing while there are answers. */
export function NoAnswer({ of }: { of: keyof typeof FORMS }) {
  const calls: readonly string[] = FORMS[of];
  return <Calls wanted={(name) => calls.includes(name)} />;
}

/** Above everything: the same for all other calls, whoever made them. */
export function NoAnswerBar() {
  const some = useSilence().some((s) => !told.includes(s.call));
  return some ? (
    <aside className={classes.bar} aria-label="Waiting for an answer">
      <Calls wanted={(name) => !told.includes(name)} />
    </aside>
  ) : null;
}

function Calls({ wanted }: { wanted(name: string): boolean }) {
  return useSilence()
    .filter((s) => wanted(s.call))
    .map((s) => (
      <Unanswered
        key={s.call}
        party={s.party}
        seconds={s.seconds}
        onCancel={() => giveUp(s.call).catch(toastProblem)}
      />
    ));
}
