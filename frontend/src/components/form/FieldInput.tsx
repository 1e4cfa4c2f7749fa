import { Anchor, Button, NumberInput, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { toProblem } from "../../api/problem";
import { chooseFile, type FieldView } from "../../api/sources";
import { plainMarks } from "../../util/marks";
import { AppsInput, GroupsInput, RolesInput } from "./PickInput";

/** What some fields need of the form around them. */
export interface Around {
  /** What the form belongs to, for its files: a kind of source, an action, a kind of task. */
  form?: string;
  /** The source whose groups and apps are offered. */
  sourceId?: string;
  /** What is filled in so far: roles are those of the chosen apps. */
  values?: Record<string, string>;
}

interface FieldInputProps {
  field: FieldView;
  value: string;
  onChange(value: string): void;
  /** What is wrong with the value, "" for nothing. */
  error?: string;
  /** A secret is stored already: an empty input keeps it. */
  kept?: boolean;
  /** It has the focus when its dialog opens. */
  first?: boolean;
  className?: string;
  around?: Around;
}

/** What every input has. */
export interface Common {
  label: string;
  description: ReactNode;
  placeholder: string | undefined;
  required: boolean;
  error: string | undefined;
  inputWrapperOrder: ("label" | "input" | "error" | "description")[];
  className: string | undefined;
  "data-autofocus": true | undefined;
}

function Description({ field, kept }: { field: FieldView; kept?: boolean }): ReactNode {
  return (
    <>
      {field.help}
      {kept ? " Leave it empty to keep the stored one." : ""}
      {field.docsUrl ? (
        <>
          {" "}
          <Anchor href={field.docsUrl} inherit underline="always">
            {field.docsLabel || "Open the page"}
            <IconExternalLink size={12} aria-hidden style={{ marginLeft: 3, verticalAlign: -1 }} />
          </Anchor>
        </>
      ) : null}
    </>
  );
}

/**
 * One input of a form that the backend declares. Pasting is always allowed; nothing is filled in by the browser. One character more than is
 * allowed can be typed, so that the backend says what is too long and nothing is cut off without a word.
 */
export function FieldInput({ field, value, onChange, error, kept, first, className, around = {} }: FieldInputProps) {
  const common: Common = {
    label: field.label,
    description: field.help || field.docsUrl || kept ? <Description field={field} kept={kept} /> : undefined,
    placeholder: field.placeholder || undefined,
    required: field.required && !kept,
    error: error || undefined,
    inputWrapperOrder: ["label", "input", "error", "description"],
    className,
    "data-autofocus": first || undefined,
  };
  const typed = {
    value,
    maxLength: field.longest + 1,
    autoComplete: "off",
    spellCheck: false,
    onChange: (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value),
  };
  const list = { common, value, most: field.most, onChange };
  switch (field.type) {
    case "password":
      return (
        <PasswordInput
          {...common}
          {...typed}
          aria-invalid={error ? true : undefined} // Mantine says it of every input but this one
          visibilityToggleButtonProps={{ "aria-label": `Show or hide: ${field.label}` }}
        />
      );
    case "lines":
      return <Textarea {...common} {...typed} rows={4} />;
    case "number":
      return (
        <NumberInput
          {...common}
          value={value}
          min={field.min}
          max={field.max}
          allowDecimal={false}
          allowNegative={field.min < 0}
          clampBehavior="none" // what is out of bounds is said, not changed
          onChange={(n) => onChange(String(n))}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          value={value || null}
          data={field.choices.map((c) => ({ value: c.id, label: plainMarks(c.name) }))}
          allowDeselect={!field.required}
          openOnFocus={false}
          onChange={(v) => onChange(v ?? "")}
        />
      );
    case "groups":
      return <GroupsInput {...list} sourceId={around.sourceId ?? ""} />;
    case "apps":
      return <AppsInput {...list} sourceId={around.sourceId ?? ""} />;
    case "roles":
      return <RolesInput {...list} sourceId={around.sourceId ?? ""} apps={around.values?.[field.of] ?? ""} />;
    case "file":
      return <FileInput field={field} common={common} typed={typed} form={around.form ?? ""} onChange={onChange} />;
    default:
      // An address or e-mail is checked by the backend, with a sentence; the browser's own bubbles stay away.
      return <TextInput {...common} {...typed} type={field.type === "date" ? "date" : "text"} />;
  }
}

interface FileInputProps {
  field: FieldView;
  common: Common;
  typed: object;
  form: string;
  onChange(value: string): void;
}

/** A path, typed or chosen in the system's dialog. A file that the field does not take is refused here. */
function FileInput({ field, common, typed, form, onChange }: FileInputProps) {
  const [refused, setRefused] = useState("");
  const choose = () => {
    setRefused("");
    chooseFile(form, field.name).then(
      (path) => path && onChange(path),
      (cause: unknown) => setRefused(toProblem(cause).message),
    );
  };
  return (
    <TextInput
      {...common}
      {...typed}
      error={refused || common.error}
      rightSectionWidth={116}
      rightSection={
        <Button size="compact-sm" variant="default" onClick={choose} aria-label={`Choose file: ${field.label}`}>
          Choose file…
        </Button>
      }
    />
  );
}
