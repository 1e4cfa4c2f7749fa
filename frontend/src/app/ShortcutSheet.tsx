import { Kbd, Modal } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { type Keys, keyLabels } from "../ui/keys";
import type { Command } from "./commands";
import { shortcutSheet } from "./openShortcuts";
import classes from "./ShortcutSheet.module.css";

const gridKeys: { keys: Keys[]; does: string }[] = [
  { keys: ["↑", "↓", "J", "K"], does: "One row up or down" },
  { keys: ["Page Up", "Page Down"], does: "One page up or down" },
  { keys: ["Home", "End"], does: "First or last row" },
  { keys: ["Space"], does: "Quick look at the person" },
  { keys: ["X"], does: "Select or unselect the row" },
  { keys: ["Shift+↓"], does: "Extend the selection" },
  { keys: ["mod+A"], does: "Select everyone in the list" },
  { keys: ["mod+C"], does: "Copy the selected rows, or the row" },
  { keys: ["Menu", "Shift+F10"], does: "Menu of the row" },
  { keys: ["Enter"], does: "Open the person" },
  { keys: ["Esc"], does: "Close, then clear the selection" },
  { keys: ["/"], does: "Go to the search field" },
];

/** All shortcuts on one page. */
export function ShortcutSheet({ commands }: { commands: Command[] }) {
  const isOpen = useSyncExternalStore(shortcutSheet.subscribe, shortcutSheet.isOpen);
  const rows = [
    { title: "Everywhere", rows: commands.flatMap((c) => (c.shortcut ? [{ keys: [c.shortcut], does: c.label }] : [])) },
    { title: "In the list of people", rows: gridKeys },
  ];
  return (
    <Modal
      opened={isOpen}
      onClose={shortcutSheet.close}
      title="Keyboard shortcuts"
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={classes.columns}>
        {rows.map((part) => (
          <section key={part.title} aria-label={part.title}>
            <h3 className={classes.title}>{part.title}</h3>
            <dl className={classes.list}>
              {part.rows.map((row) => (
                <div key={row.does} className={classes.row}>
                  <dt>{row.does}</dt>
                  <dd>
                    {row.keys.map((k) => (
                      <Kbd key={k} size="xs">
                        {keyLabels(k)}
                      </Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
