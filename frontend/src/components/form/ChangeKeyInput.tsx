import { FieldInput } from "./FieldInput";
import { ownField } from "./ownField";

interface ChangeKeyInputProps {
  value: string;
  onChange(value: string): void;
  error?: string;
  className?: string;
  autoFocus?: boolean;
}

const field = ownField("key", "Key for changes", "password", { help: "Not stored: kept in memory for this run only." });

/** The key for changes of a source that asks for it at each run. Nothing keeps what is typed here. */
export function ChangeKeyInput({ autoFocus, ...input }: ChangeKeyInputProps) {
  return <FieldInput field={field} first={autoFocus} {...input} />;
}
