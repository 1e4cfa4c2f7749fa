import { Anchor, Button, PasswordInput, Select, TextInput } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { FieldView } from "../api/sources";

interface FieldInputProps {
  field: FieldView;
  value: string;
  onChange(value: string): void;
  /** What is wrong with the value, "" for nothing. */
  error?: string;
  /** A secret is stored already: an empty input keeps it. */
  kept?: boolean;
  /** For a file: opens the system's dialog. */
  onChooseFile?(): void;
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

/** One input of a form that the backend declares. Pasting is always allowed; nothing is filled in by the browser. */
export function FieldInput({ field, value, onChange, error, kept, onChooseFile }: FieldInputProps) {
  const common = {
    label: field.label,
    description: <Description field={field} kept={kept} />,
    placeholder: field.placeholder,
    required: field.required && !kept,
    error: error || undefined,
    inputWrapperOrder: ["label", "input", "error", "description"] as ("label" | "input" | "error" | "description")[],
  };
  switch (field.type) {
    case "password":
      return (
        <PasswordInput
          {...common}
          aria-invalid={error ? true : undefined} // Mantine says it of every input but this one
          value={value}
          autoComplete="off"
          spellCheck={false}
          visibilityToggleButtonProps={{ "aria-label": `Show or hide: ${field.label}` }}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
    case "choice":
      return <Select {...common} value={value || null} data={field.choices} onChange={(v) => onChange(v ?? "")} />;
    case "file":
      return (
        <TextInput
          {...common}
          value={value}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => onChange(e.currentTarget.value)}
          rightSectionWidth={116}
          rightSection={
            <Button
              size="compact-sm"
              variant="default"
              onClick={onChooseFile}
              aria-label={`Choose file: ${field.label}`}
            >
              Choose file…
            </Button>
          }
        />
      );
    default:
      return (
        <TextInput
          {...common}
          // An address or e-mail is checked by the backend, with a sentence; the browser's own bubbles stay away.
          type={field.type === "date" ? "date" : "text"}
          value={value}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
  }
}
