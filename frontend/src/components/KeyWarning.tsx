import { Button } from "@mantine/core";
import type { KeyView, SourceView } from "../api/sources";
import { Message } from "../ui/Message";
import { formatDay, parseTime } from "../util/format";

interface KeyWarningProps {
  source: SourceView;
  onReplace(): void;
  /** Replace the key for changes. */
  onReplaceChanges(): void;
}

/** Says that a key of a source ends soon or has ended, and leads to another one; nothing while there is time. */
export function KeyWarning({ source, onReplace, onReplaceChanges }: KeyWarningProps) {
  return (
    <>
      <Warning source={source} of="The key" state={source.key} lost="Syncs and changes go on" onReplace={onReplace} />
      <Warning
        source={source}
        of="The key for changes"
        state={source.keys.changes.key}
        lost="Syncs go on as before, changes"
        onReplace={onReplaceChanges}
      />
    </>
  );
}

interface WarningProps {
  source: SourceView;
  /** Which key it is. */
  of: string;
  state: KeyView;
  /** What needs a new key. */
  lost: string;
  onReplace(): void;
}

function Warning({ source, of, state, lost, onReplace }: WarningProps) {
  const { phase, expires, words } = state;
  const at = parseTime(expires);
  if (phase !== "ending" && phase !== "ended") {
    return null;
  }
  const ended = phase === "ended";
  const soon = of === "The key" ? words : words.replace("Key", "Key for changes");
  return (
    <Message
      tone={ended ? "bad" : "warn"}
      title={ended ? `${of} of ${source.name} has expired` : `${soon}${at ? `, on ${formatDay(at)}` : ""}`}
      hint={
        ended
          ? `Nothing is lost: the local copy stays readable. ${lost} with a new key.`
          : "Make a new one at Atlassian and put it in before this one ends. Nothing is lost either way."
      }
      actions={
        source.demo ? null : (
          <Button size="xs" variant="default" onClick={onReplace}>
            {of === "The key" ? "Replace key" : "Replace key for changes"}
          </Button>
        )
      }
    />
  );
}
