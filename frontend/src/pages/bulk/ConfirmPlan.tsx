import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { discardPlan, type PlanView, useConfirmPlan } from "../../api/bulk";
import { keys } from "../../api/client";
import { useGo } from "../../components/navigation";
import { ProblemMessage } from "../../ui/Message";
import { count } from "../../util/format";
import classes from "./PlanReview.module.css";

/** The decision. The focus starts on Cancel; many changes ask for their number to be typed; the button says verb and count. */
export function ConfirmPlan({ plan }: { plan: PlanView }) {
  const go = useGo();
  const client = useQueryClient();
  const confirm = useConfirmPlan();
  const [typed, setTyped] = useState("");
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);

  const leave = () => {
    // A plan that cannot be discarded expires by itself; leaving must not fail for it.
    discardPlan(plan.id).catch(() => undefined);
    client.removeQueries({ queryKey: keys.plan(plan.id) });
    go(plan.undoOf === "" ? "/people" : "/runs", plan.undoOf === "" ? {} : { run: plan.undoOf });
  };
  const number = typed.replace(/[\s,.]/g, "");
  const ready = !plan.blocked && plan.changes > 0 && (!plan.mustType || number === String(plan.changes));
  const run = () => {
    confirm.mutate(
      { planId: plan.id, hash: plan.hash, typed: number, key: "" },
      { onSuccess: (r) => go("/runs", { run: r.id }) },
    );
  };

  return (
    <>
      <form
        className={classes.decision}
        onSubmit={(e) => {
          e.preventDefault();
          if (ready && !confirm.isPending) {
            run();
          }
        }}
      >
        {plan.mustType && !plan.blocked ? (
          <TextInput
            className={classes.typed}
            label={`Type ${count(plan.changes)} to confirm`}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
          />
        ) : null}
        <Button ref={cancel} variant="default" onClick={leave}>
          Cancel
        </Button>
        <Button
          type="submit"
          color={plan.action.risk === "high" ? "red" : undefined}
          disabled={!ready}
          loading={confirm.isPending}
        >
          {plan.buttonLabel}
        </Button>
      </form>
      {confirm.error ? <ProblemMessage problem={confirm.error} /> : null}
    </>
  );
}
