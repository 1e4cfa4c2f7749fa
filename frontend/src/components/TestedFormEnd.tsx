import { Button, Group } from "@mantine/core";
import type { Problem } from "../api/problem";
import type { TestView } from "../api/sources";
import { FieldInput } from "./form/FieldInput";
import { FormProblem } from "./form/FormProblem";
import { ownField } from "./form/ownField";
import { NoAnswer } from "./NoAnswer";
import { TestFindings } from "./TestFindings";

interface KeyExpiresInputProps {
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}

/** The day on which a key ends, as the operator knows it. */
export function KeyExpiresInput(input: KeyExpiresInputProps) {
  return <FieldInput field={expires} {...input} />;
}

const expires = ownField("keyExpires", "Key expires on", "date", {
  help: "Seatkeeper reminds you before. Leave it empty when the key has no end or the test shows it.",
});

interface TestedFormEndProps {
  problem: Problem | undefined;
  /** The names of the inputs that show what is wrong with them. */
  fields: string[];
  tested: TestView | undefined;
  testing: boolean;
  saving: boolean;
  /** What is filled in is not enough to be tested. */
  disabled: boolean;
  /** What the form does. */
  verb: string;
  onTest(): void;
  onCancel?(): void;
  cancelLabel?: string;
}

/** The end of a form that is tested before it is saved: what is wrong, what the test found, and the buttons. */
export function TestedFormEnd({ problem, fields, tested, testing, saving, disabled, ...rest }: TestedFormEndProps) {
  const { verb, onTest, onCancel, cancelLabel = "Cancel" } = rest;
  return (
    <>
      <FormProblem problem={problem} fields={fields} />
      {testing || saving ? <div role="status">Testing the connection…</div> : null}
      {tested ? <TestFindings test={tested} /> : null}
      <Group gap="xs">
        <Button type="submit" loading={saving} disabled={testing || disabled}>
          {verb}
        </Button>
        <Button variant="default" onClick={onTest} loading={testing} disabled={saving || disabled}>
          Test connection
        </Button>
        {onCancel ? (
          <Button variant="subtle" color="gray" onClick={onCancel} disabled={saving}>
            {cancelLabel}
          </Button>
        ) : null}
      </Group>
      <NoAnswer of="test" />
    </>
  );
}
