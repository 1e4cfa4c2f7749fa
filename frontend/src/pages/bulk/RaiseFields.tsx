import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import classes from "./PlanReview.module.css";

/** What an operator says to raise the caps at which one plan stops. */
export interface Raise {
  words: string;
  reason: string;
}

/** Whether the words are typed and a reason is given, by the backend's rules. */
export function raises({ words, reason }: Raise, wanted: string): boolean {
  return plain(words) === plain(wanted) && /[\p{L}\p{Nd}]/u.test(reason);
}

const plain = (s: string) => s.toLowerCase().replaceAll(",", "").trim().split(/\s+/).join(" ");

/**
 * Raises the caps of one plan. Pasting is off in the field of the words: they say nothing that is not shown above, and are there so that
 * the numbers go through the operator's head once.
 */
export function RaiseFields({
  wanted,
  value,
  onChange,
}: {
  wanted: string;
  value: Raise;
  onChange: (value: Raise) => void;
}) {
  const [pasted, setPasted] = useState(false);
  const refuse = (e: { preventDefault: () => void }) => {
    e.preventDefault();
    setPasted(true);
  };
  return (
    <fieldset className={classes.raise}>
      <legend>Raise the cap for this plan only</legend>
      <TextInput
        label={
          <>
            Type <b className={classes.words}>{wanted}</b>
          </>
        }
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
        value={value.words}
        onChange={(e) => {
          setPasted(false);
          onChange({ ...value, words: e.currentTarget.value });
        }}
        onPaste={refuse}
        onDrop={refuse}
        error={
          pasted ? (
            <span role="alert">Pasting is off here: type the words, so that the numbers are read.</span>
          ) : undefined
        }
      />
      <Textarea
        label="Reason for raising it"
        description="Kept in the run log and in its exports, with the words."
        rows={2}
        maxLength={500}
        required
        withAsterisk={false}
        value={value.reason}
        onChange={(e) => onChange({ ...value, reason: e.currentTarget.value })}
      />
    </fieldset>
  );
}
