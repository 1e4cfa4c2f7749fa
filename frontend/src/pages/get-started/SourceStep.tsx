import { Button, Group, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useSkipStep } from "../../api/onboarding";
import type { SourceKindView, SourceView, TestView } from "../../api/sources";
import { SourceForm } from "../../components/SourceForm";
import { TestFindings } from "../../components/TestFindings";
import { Message, ProblemMessage } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import classes from "./GetStarted.module.css";

interface SourceStepProps {
  /** The step's name, for skipping. */
  step: string;
  /** The kinds that this step connects. */
  kinds: SourceKindView[];
  sources: SourceView[];
  onNext(): void;
}

/** Connects one kind of source, or shows that it is connected. Any source step may be skipped: one source is enough. */
export function SourceStep({ step, kinds, sources, onNext }: SourceStepProps) {
  const connected = sources.filter((s) => kinds.some((k) => k.kind === s.kind));
  // The list grows as soon as the source is saved; the form stays until it has told what the test found.
  const [adding, setAdding] = useState(connected.length === 0);
  const [tested, setTested] = useState<TestView>();
  const [chosen, setChosen] = useState(kinds[0]?.kind ?? "");
  const skip = useSkipStep();
  const kind = kinds.find((k) => k.kind === chosen);
  if (adding && kind) {
    return (
      <div className={classes.stack}>
        {kinds.length > 1 ? (
          <SegmentedControl
            aria-label="Kind of site"
            value={chosen}
            onChange={setChosen}
            data={kinds.map((k) => ({ value: k.kind, label: k.title }))}
          />
        ) : null}
        <SourceForm
          key={kind.kind}
          kind={kind}
          onSaved={(_source, test) => {
            setTested(test);
            setAdding(false);
          }}
          onCancel={() => (connected.length > 0 ? onNext() : skip.mutate(step, { onSuccess: onNext }))}
          cancelLabel={connected.length > 0 ? "Continue without" : "Skip this step"}
        />
        {skip.error ? <ProblemMessage problem={skip.error} /> : null}
      </div>
    );
  }
  return (
    <div className={classes.connected}>
      <ul>
        {connected.map((s) => (
          <li key={s.id}>
            <State tone="good">
              Connected: <StrangerText text={s.name} />
            </State>
          </li>
        ))}
      </ul>
      {tested ? (
        <Message tone="info" title="The first sync has started">
          It goes on in the background while you go through the other steps.
        </Message>
      ) : null}
      {tested ? <TestFindings test={tested} /> : null}
      <Group gap="xs">
        <Button onClick={onNext}>Continue</Button>
        <Button variant="default" onClick={() => setAdding(true)}>
          Connect another
        </Button>
      </Group>
    </div>
  );
}
