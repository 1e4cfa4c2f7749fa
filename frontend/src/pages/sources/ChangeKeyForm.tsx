import { Radio, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Problem } from "../../api/problem";
import {
  type ChangeKeyDraft,
  type SourceView,
  type TestView,
  useSetChangeKey,
  useTestChangeKey,
} from "../../api/sources";
import { FieldInput } from "../../components/form/FieldInput";
import { ownField } from "../../components/form/ownField";
import { KeyExpiresInput, TestedFormEnd } from "../../components/TestedFormEnd";
import classes from "./Sources.module.css";

/** Adds or replaces a source's key for changes: what is typed lives here only and is cleared as soon as it is saved. */
export function ChangeKeyForm({
  source,
  onSaved,
  onCancel,
}: {
  source: SourceView;
  onSaved(): void;
  onCancel(): void;
}) {
  const present = source.keys.changes;
  const stored = present.keeping === "stored";
  const test = useTestChangeKey();
  const set = useSetChangeKey();
  const [key, setKey] = useState("");
  const [ask, setAsk] = useState(present.keeping === "asked");
  const [expires, setExpires] = useState(present.key.expires);
  const [tested, setTested] = useState<TestView>();
  const [problem, setProblem] = useState<Problem>();
  const apiKey = ownField("key", "API key without scopes", "password", {
    required: true,
    help: stored ? "" : "Made at Settings > API keys of the same organization. It is tested once now.",
  });
  const busy = test.isPending || set.isPending;
  const ready = stored || key.trim() !== "";
  const input = { id: source.id, draft: { key, ask, expires } as ChangeKeyDraft };
  const clear = () => {
    setProblem(undefined);
    setTested(undefined);
  };
  const runTest = () => {
    clear();
    test.mutate(input, { onSuccess: setTested, onError: setProblem, onSettled: () => test.reset() });
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!ready || busy) {
      return;
    }
    clear();
    set.mutate(input, {
      onError: setProblem,
      onSuccess: (added) => {
        setTested(added.test);
        if (added.source) {
          setKey("");
          onSaved();
        }
      },
      onSettled: () => set.reset(),
    });
  };
  return (
    <form onSubmit={submit} className={classes.form} noValidate aria-label="Key for changes">
      <p className={classes.plain}>
        A run unlocks this key for its changes and forgets it when it ends or pauses. Syncs, schedules and previews
        never hold it: they go on with the key for reading.
      </p>
      <FieldInput field={apiKey} kept={stored} value={key} error={problem?.at("key")} onChange={setKey} />
      <Radio.Group label="Between runs" value={ask ? "ask" : "store"} onChange={(v) => setAsk(v === "ask")}>
        <Stack gap="xs" mt="xs">
          <Radio
            value="store"
            label="Keep it where the other keys are kept"
            description="Each run takes it from there."
          />
          <Radio
            value="ask"
            label="Ask for it at each run"
            description="It is not stored. A run that was interrupted waits until you type it."
          />
        </Stack>
      </Radio.Group>
      <KeyExpiresInput value={expires} error={problem?.at("expires")} onChange={setExpires} />
      <TestedFormEnd
        problem={problem}
        fields={["key", "expires"]}
        tested={tested}
        testing={test.isPending}
        saving={set.isPending}
        disabled={!ready}
        verb="Test and save"
        onTest={runTest}
        onCancel={onCancel}
      />
    </form>
  );
}
