import { Fragment, type ReactNode } from "react";
import type { Problem } from "../../api/problem";
import type { FieldView } from "../../api/sources";
import { FieldInput } from "./FieldInput";

interface FormFieldsProps {
  /** What the form belongs to: a kind of source, an action, a kind of task. */
  form: string;
  /** The source whose groups and apps are offered, "" for none yet. */
  sourceId: string;
  fields: FieldView[];
  values: Record<string, string>;
  onChange(field: string, value: string): void;
  problem: Problem | null | undefined;
  /** Secrets are stored already: an empty input keeps them. */
  kept?: boolean;
  /** The first field has the focus when the dialog opens. */
  first?: boolean;
  /** What stands below a field. */
  below?(field: FieldView): ReactNode;
}

/** The inputs of a form that the backend declares. */
export function FormFields(props: FormFieldsProps) {
  const { form, sourceId, fields, values, onChange, problem, kept, first, below } = props;
  return fields.map((field, i) => (
    <Fragment key={field.name}>
      <FieldInput
        field={field}
        value={values[field.name] ?? ""}
        kept={kept && field.type === "password"}
        error={problem?.at(field.name)}
        first={first && i === 0}
        onChange={(value) => onChange(field.name, value)}
        around={{ form, sourceId, values }}
      />
      {below?.(field)}
    </Fragment>
  ));
}
