import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { SourceKindView, SourceView, TestView } from "../../api/sources";
import { SourceForm } from "../../components/SourceForm";
import { TestFindings } from "../../components/TestFindings";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import classes from "./GetStarted.module.css";

interface SourceStepProps {
  kind: SourceKindView;
  sources: SourceView[];
  onNext(): void;
}

/** Connects one kind of source, or shows that it is connected. Any source step may be skipped: one source is enough. */
export function SourceStep({ kind, sources, onNext }: SourceStepProps) {
  const connected = sources.filter((s) => s.kind === kind.kind && !s.demo);
  // The list grows as soon as the source is saved; the form stays until it has told what the test found.
  const [adding, setAdding] = useState(connected.length === 0);
  const [tested, setTested] = useState<TestView>();
  if (adding) {
    return (
      <SourceForm
        kind={kind}
        onSaved={(_source, test) => {
          setTested(test);
          setAdding(false);
        }}
        onCancel={onNext}
        cancelLabel="Skip this step"
      />
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
