import { PasswordInput } from "@mantine/core";

interface ChangeKeyInputProps {
  value: string;
  onChange(value: string): void;
  error?: string;
  className?: string;
  autoFocus?: boolean;
}

/** The key for changes of a source that asks for it at each run. Nothing keeps what is typed here. */
export function ChangeKeyInput({ value, onChange, error, className, autoFocus }: ChangeKeyInputProps) {
  return (
    <PasswordInput
      className={className}
      label="Key for changes"
      description="Not stored: kept in memory for this run only."
      inputWrapperOrder={["label", "input", "error", "description"]}
      autoComplete="off"
      spellCheck={false}
      data-autofocus={autoFocus || undefined}
      error={error || undefined}
      aria-invalid={error ? true : undefined}
      visibilityToggleButtonProps={{ "aria-label": "Show or hide: Key for changes" }}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  );
}
