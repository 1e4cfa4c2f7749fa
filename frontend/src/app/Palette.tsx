import { Kbd } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { keyLabels } from "../ui/keys";
import { type Command, perform } from "./commands";

const groups: Command["group"][] = ["Go to", "Actions", "Bulk actions", "Sources", "View"];

/** The command palette, and the shortcuts of all commands. */
export function Palette({ commands }: { commands: Command[] }) {
  const keysOf = (c: Command) => [...(c.shortcut ? [c.shortcut] : []), ...(c.alsoBy ?? [])];
  const all = commands.flatMap((c) => keysOf(c).map((k): [string, () => void] => [k, () => perform(c)]));
  useHotkeys(all.filter(([k]) => !k.startsWith("mod+")));
  // These write nothing into a field, so they work there too.
  useHotkeys(
    all.filter(([k]) => k.startsWith("mod+")),
    [],
  );
  const actions: SpotlightActionGroupData[] = groups
    .map((group) => ({
      group,
      actions: commands
        .filter((c) => c.group === group && c.id !== "palette")
        .map((c) => ({
          id: c.id,
          label: c.label,
          description: c.disabled ?? c.description,
          onClick: () => perform(c),
          leftSection: <c.icon size={18} stroke={1.5} aria-hidden />,
          rightSection: c.shortcut ? <Kbd size="xs">{keyLabels(c.shortcut)}</Kbd> : undefined,
        })),
    }))
    .filter((g) => g.actions.length > 0);
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      nothingFound="No command with these words."
      highlightQuery
      scrollable
      maxHeight={420}
      lockScroll={false}
      // No blur: without a graphics card it costs a core.
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      transitionProps={{ duration: 80 }}
      attributes={{ content: { "aria-label": "Commands and pages" } }}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.5} aria-hidden />,
        placeholder: "Type a command or a page",
        "aria-label": "Search commands and pages",
      }}
    />
  );
}
