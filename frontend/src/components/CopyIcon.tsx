import { ActionIcon } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { copy } from "./copy";

/** Copies the text beside it. `what` names it: "Account ID". */
export function CopyIcon({ text, what }: { text: string; what: string }) {
  return (
    <ActionIcon
      size={24}
      variant="subtle"
      color="gray"
      aria-label={`Copy ${what.charAt(0).toLowerCase()}${what.slice(1)}`}
      onClick={() => copy(text, what)}
    >
      <IconCopy size={14} aria-hidden />
    </ActionIcon>
  );
}
