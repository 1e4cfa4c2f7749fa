import { modals } from "@mantine/modals";
import { type FormEvent, useState } from "react";
import { useSteerRun } from "../../api/bulk";
import type { Problem } from "../../api/problem";
import type { RunView } from "../../api/runs";
import { ChangeKeyInput } from "../../components/form/ChangeKeyInput";
import { FormEnd } from "../../components/form/FormEnd";
import classes from "./RunDetails.module.css";

/** Asks for the key for changes and goes on with a paused run; a key that is not taken is said in the dialog. */
export function resumeWithKey(run: RunView) {
  const id = modals.open({
    title: "Type the key to go on",
    children: <ResumeForm run={run} onDone={() => modals.close(id)} />,
  });
}

function ResumeForm({ run, onDone }: { run: RunView; onDone(): void }) {
  const steer = useSteerRun();
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (key.trim() === "" || steer.isPending) {
      return;
    }
    setProblem(undefined);
    steer.mutate(
      { runId: run.id, to: "resume", key },
      { onSuccess: onDone, onError: setProblem, onSettled: () => steer.reset() },
    );
  };
  return (
    <form onSubmit={submit} className={classes.resume} noValidate>
      <ChangeKeyInput autoFocus value={key} onChange={setKey} error={problem?.at("key")} />
      <FormEnd
        problem={problem}
        fields={["key"]}
        verb="Resume"
        busy={steer.isPending}
        disabled={key.trim() === ""}
        onCancel={onDone}
      />
    </form>
  );
}
