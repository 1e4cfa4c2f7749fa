import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type ActionView, usePreview } from "../../api/bulk";
import type { SourceView } from "../../api/sources";
import { NoAnswer } from "../NoAnswer";
import { FormFields } from "./FormFields";
import { FormProblem } from "./FormProblem";
import { ReadingRoles } from "./ReadingRoles";

interface PlanFormProps {
  source: SourceView;
  /** The chosen action; undefined for none yet. */
  action: ActionView | undefined;
  /** The ids of chosen groups, for an action about such. */
  groups: string[];
  /** How those were chosen whom the plan is about, in words. */
  selection(values: Record<string, string>): string;
  onPlan(planId: string): void;
  /** The form is in a dialog. */
  onCancel?(): void;
  /** What stands above the fields. */
  children: ReactNode;
}

/** What an action asks for, the reason, and the way to the preview. Nothing is changed here. */
export function PlanForm({ source, action, groups, selection, onPlan, onCancel, children }: PlanFormProps) {
  const preview = usePreview();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [note, setNote] = useState("");
  const fields = action?.params ?? [];
  const values = Object.fromEntries(fields.map((f) => [f.name, typed[f.name] ?? ""]));
  const complete = action?.supported === true && fields.every((f) => !f.required || values[f.name]?.trim() !== "");
  const submit = (kind: string) =>
    preview.mutate(
      { sourceId: source.id, action: kind, params: values, note: note.trim(), groups, selection: selection(values) },
      { onSuccess: (plan) => onPlan(plan.id) },
    );
  return (
    <form
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        if (action && complete) {
          submit(action.kind);
        }
      }}
    >
      {children}
      {action ? (
        <Stack gap="sm" mt={onCancel ? "sm" : "lg"}>
          <FormFields
            form={action.kind}
            sourceId={source.id}
            fields={fields}
            values={values}
            problem={preview.error}
            first={onCancel !== undefined}
            onChange={(field, value) => setTyped({ ...typed, [field]: value })}
          />
          <Textarea
            label="Reason"
            description={action.groups ? "Kept in the run log." : "Kept in the run log and shown with each person."}
            placeholder={action.groups ? undefined : "For example: left the company in October"}
            rows={2}
            maxLength={500}
            value={note}
            onChange={(e) => setNote(e.currentTarget.value)}
          />
          <FormProblem
            problem={preview.error ?? undefined}
            fields={fields.map((f) => f.name)}
            short={onCancel !== undefined}
          />
          <Group justify="space-between" mt={onCancel ? 0 : "sm"}>
            <Text size={onCancel ? "xs" : "sm"} c="dimmed">
              Nothing is changed until you confirm the preview.
            </Text>
            <Group gap="xs">
              {onCancel ? (
                <Button variant="default" onClick={onCancel}>
                  Cancel
                </Button>
              ) : null}
              <Button type="submit" disabled={!complete} loading={preview.isPending}>
                Preview
              </Button>
            </Group>
          </Group>
          {preview.isPending ? <ReadingRoles /> : null}
          <NoAnswer of="preview" />
        </Stack>
      ) : null}
    </form>
  );
}
