import { Button } from "@mantine/core";
import type { SourceView } from "../api/sources";
import { Message } from "../ui/Message";
import { formatDay, parseTime } from "../util/format";

/** Says that a source's key ends soon or has ended, and leads to another one; nothing while there is time. */
export function KeyWarning({ source, onReplace }: { source: SourceView; onReplace(): void }) {
  const { phase, expires, words } = source.key;
  const at = parseTime(expires);
  if (phase !== "ending" && phase !== "ended") {
    return null;
  }
  const ended = phase === "ended";
  return (
    <Message
      tone={ended ? "bad" : "warn"}
      title={ended ? `The key of ${source.name} has expired` : `${words}${at ? `, on ${formatDay(at)}` : ""}`}
      hint={
        ended
          ? "Nothing is lost: the local copy stays readable. Syncs and changes go on with a new key."
          : "Make a new one at Atlassian and put it in before this one ends. Nothing is lost either way."
      }
      actions={
        source.demo ? null : (
          <Button size="xs" variant="default" onClick={onReplace}>
            Replace key
          </Button>
        )
      }
    />
  );
}
