import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { discardPlan, type PlanView, useConfirmPlan } from "../../api/bulk";
import { keys } from "../../api/client";
import type { Problem } from "../../api/problem";
import { useRecheck } from "../../api/recheck";
import { ChangeKeyInput } from "../../components/form/ChangeKeyInput";
import { useGo } from "../../components/navigation";
import { ProblemMessage } from "../../ui/Message";
import { toast } from "../../ui/toast";
import { count, plural } from "../../util/format";
import classes from "./PlanReview.module.css";
import { type Raise, RaiseFields, raises } from "./RaiseFields";
import { RecheckProgress } from "./Recheck";

/**
 * The decision. The focus starts on Cancel; many changes ask for their number to be typed, a plan that stops for its words and a reason;
 * the button says verb and count.
 */
export function ConfirmPlan({ plan }: { plan: PlanView }) {
  const go = useGo();
  const client = useQueryClient();
  const confirm = useConfirmPlan();
  const recheck = useRecheck();
  const busy = recheck.isPending || confirm.isPending;
  const [typed, setTyped] = useState("");
  const [key, setKey] = useState("");
  const [raise, setRaise] = useState<Raise>({ words: "", reason: plan.note });
  const stops = plan.words !== "" && !plan.blocked;
  const [refused, setRefused] = useState<Problem>();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (plan.words === "") {
      cancel.current?.focus({ preventScroll: true }); // what the plan does stays in sight
    }
  }, [plan.words]);

  const leave = () => {
    // A plan that cannot be discarded expires by itself; leaving must not fail for it.
    discardPlan(plan.id).catch(() => undefined);
    client.removeQueries({ queryKey: keys.plan(plan.id) });
    if (plan.undoOf !== "") {
      go("/runs", { run: plan.undoOf });
    } else {
      go(plan.action.groups ? "/groups" : "/people");
    }
  };
  const number = typed.replace(/[\s,.]/g, "");
  const ready =
    !plan.blocked &&
    plan.changes > 0 &&
    (!plan.mustType || number === String(plan.changes)) &&
    (!stops || raises(raise, plan.words)) &&
    (!plan.asksKey || key.trim() !== "");
  // First everybody is read afresh; where somebody has changed, the new preview has to be looked at.
  const start = () =>
    recheck.mutate(plan.id, {
      onSuccess: (view) => {
        if (view.changed > 0) {
          go("/bulk", { plan: view.plan.id });
          return;
        }
        if (view.skipped !== "") {
          toast(
            "info",
            `The ${plan.action.groups ? "groups" : "people"} were not read again before the run.`,
            view.skipped,
          );
        }
        run();
      },
    });
  const run = () => {
    setRefused(undefined);
    confirm.mutate(
      { planId: plan.id, hash: plan.hash, typed: number, key, raise: stops ? raise : undefined },
      {
        onError: (problem) => setRefused(problem),
        onSuccess: (r) => {
          setKey("");
          go("/runs", { run: r.id });
        },
        onSettled: () => confirm.reset(), // what was typed is not kept
      },
    );
  };

  return (
    <>
      <form
        className={classes.decision}
        onSubmit={(e) => {
          e.preventDefault();
          if (ready && !busy) {
            start();
          }
        }}
      >
        {stops ? <RaiseFields wanted={plan.words} value={raise} onChange={setRaise} /> : null}
        {plan.mustType && !plan.blocked ? (
          <TextInput
            className={classes.typed}
            label={`Type ${count(plan.changes)} to confirm`}
            description={
              plan.action.groups || plan.people === plan.changes
                ? undefined
                : `${plural(plan.people, "person", "people")}, ${plural(plan.changes, "change", "changes")}`
            }
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
          />
        ) : null}
        {plan.asksKey && !plan.blocked ? (
          <ChangeKeyInput
            className={classes.typed}
            value={key}
            onChange={setKey}
            error={refused?.field === "key" ? refused.message : undefined}
          />
        ) : null}
        <Button ref={cancel} variant="default" disabled={busy} onClick={leave}>
          Cancel
        </Button>
        <Button
          type="submit"
          color={plan.action.risk === "high" || stops ? "red" : undefined}
          disabled={!ready}
          loading={busy}
        >
          {plan.buttonLabel}
        </Button>
      </form>
      {plan.key === "changes" && !plan.asksKey && !plan.blocked ? (
        <p className={classes.key}>The key for changes is unlocked for this run and forgotten when it ends.</p>
      ) : null}
      {recheck.isPending ? <RecheckProgress planId={plan.id} groups={plan.action.groups} /> : null}
      {recheck.error && recheck.error.code !== "cancelled" ? <ProblemMessage problem={recheck.error} /> : null}
      {refused ? (
        <ProblemMessage
          problem={refused.field === "key" ? { message: "The key was not taken.", hint: refused.hint } : refused}
        />
      ) : null}
    </>
  );
}
