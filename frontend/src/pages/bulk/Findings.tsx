import { Button } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { type GuardView, type PlanView, useWithoutUsed } from "../../api/bulk";
import { useGo } from "../../components/navigation";
import { Message } from "../../ui/Message";
import type { Tone } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { toastProblem } from "../../ui/toast";
import classes from "./PlanReview.module.css";

const guardTones: Record<string, Tone> = { block: "bad", confirm: "warn", info: "info" };

const isStop = (g: GuardView) => g.level === "stop";

/** What stops the plan: red, before everything else, and where the focus starts. */
export function Stops({ plan }: { plan: PlanView }) {
  const stops = plan.guard.filter(isStop);
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plan in the same place is another stop
  useEffect(() => box.current?.focus(), [plan.id]);
  if (stops.length === 0) {
    return null;
  }
  return (
    <section ref={box} tabIndex={-1} className={classes.stop} aria-label="What stops this plan">
      <IconHandStop size={28} aria-hidden className={classes.stopIcon} />
      <div>
        {stops.map((g) => (
          <div key={g.rule} className={classes.stopText}>
            <strong>{g.message}</strong>
            <p>{g.hint}</p>
          </div>
        ))}
      </div>
    </section>
  );
}

/** What else the guard says. Who used an app lately can be shown alone and left out. */
export function Findings({ plan, used, onUsed }: { plan: PlanView; used: boolean; onUsed: (used: boolean) => void }) {
  const go = useGo();
  const without = useWithoutUsed();
  const leaveOut = () =>
    without.mutate(plan.id, {
      onSuccess: (next) => {
        onUsed(false);
        go("/bulk", { plan: next.id });
      },
      onError: toastProblem,
    });
  return plan.guard
    .filter((g) => !isStop(g))
    .map((g) => (
      <Message
        key={g.rule + g.message}
        tone={guardTones[g.level] ?? "info"}
        title={g.message}
        hint={g.hint}
        actions={
          g.rule === "used" ? (
            <>
              <Button size="xs" variant="default" aria-pressed={used} onClick={() => onUsed(!used)}>
                Show only them
              </Button>
              <Button size="xs" variant="default" loading={without.isPending} onClick={leaveOut}>
                Leave them out
              </Button>
            </>
          ) : null
        }
      >
        {g.names.length > 0 ? <Names names={g.names} /> : null}
      </Message>
    ));
}

function Names({ names }: { names: string[] }) {
  return (
    <>
      Among them:{" "}
      {names.map((name, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the names of one finding never move, and two may be equal
        <span key={i}>
          {i > 0 ? ", " : ""}
          <StrangerText text={name} />
        </span>
      ))}
    </>
  );
}
