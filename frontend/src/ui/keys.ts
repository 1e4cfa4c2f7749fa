/** A shortcut as Mantine's useHotkeys writes it, e.g. "mod+K". */
export type Keys = string;

const mac = typeof navigator !== "undefined" && /mac/i.test(navigator.platform);

/** A shortcut as it stands on the keyboard: "Ctrl+K", or "⌘K" on a Mac. */
export function keyLabels(keys: Keys): string {
  const parts = keys.split("+").map((part) => {
    switch (part) {
      case "mod":
        return mac ? "⌘" : "Ctrl";
      case "shift":
        return mac ? "⇧" : "Shift";
      case "alt":
        return mac ? "⌥" : "Alt";
      default:
        return part;
    }
  });
  if (parts[parts.length - 1] === "?") {
    return "?";
  }
  return parts.join(mac ? "" : "+");
}
