import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { SourceKindView, SourceView } from "../../api/sources";
import { SourceForm } from "../../components/SourceForm";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import classes from "./GetStarted.module.css";

interface SourceStepProps {
  kind: SourceKindView | undefined;
  sources: SourceView[];
  onNext(): void;
}

/** Connects one kind of source, or shows that it is connected. Any source step may be skipped: one source is enough. */
export function SourceStep({ kind, sources, onNext }: SourceStepProps) {
  const [another, setAnother] = useState(false);
  if (!kind) {
    return null;
  }
  const connected = sources.filter((s) => s.kind === kind.kind && !s.demo);
  if (connected.length > 0 && !another) {
    return (
      <>
        <ul className={classes.connected}>
          {connected.map((s) => (
            <li key={s.id}>
              <State tone="good">
                Connected: <StrangerText text={s.name} />
              </State>
            </li>
          ))}
        </ul>
        <Group gap="xs" mt="md">
          <Button onClick={onNext}>Continue</Button>
          <Button variant="default" onClick={() => setAnother(true)}>
            Connect another
          </Button>
        </Group>
      </>
    );
  }
  return <SourceForm kind={kind} onSaved={onNext} onCancel={onNext} cancelLabel="Skip this step" />;
}
