import { Button, Group } from "@mantine/core";
import type { Problem } from "../../api/problem";
import { FormProblem } from "./FormProblem";

interface FormEndProps {
  problem: Problem | null | undefined;
  /** The names of the inputs that show what is wrong with them. */
  fields: string[];
  /** What the form does. */
  verb: string;
  busy: boolean;
  /** What is filled in is not enough yet. */
  disabled?: boolean;
  onCancel(): void;
  cancelLabel?: string;
}

/** The end of a short form: what is wrong that no input says, the way out, and what the form does. */
export function FormEnd({ problem, fields, verb, busy, disabled, onCancel, cancelLabel = "Cancel" }: FormEndProps) {
  return (
    <>
      <FormProblem problem={problem ?? undefined} fields={fields} short />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          {cancelLabel}
        </Button>
        <Button type="submit" loading={busy} disabled={disabled}>
          {verb}
        </Button>
      </Group>
    </>
  );
}
