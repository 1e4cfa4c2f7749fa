/** What a key means in the list. */
export type GridCommand =
  | { do: "move"; to: number; extend: boolean }
  | { do: "look" | "open" | "toggle" | "selectAll" | "copy" | "close" | "menu" };

interface Key {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

interface Place {
  active: number;
  total: number;
  /** Rows that fit into the window. */
  page: number;
}

/** Turns a key into a command; undefined for keys that the list leaves to others. */
export function gridCommand(e: Key, { active, total, page }: Place): GridCommand | undefined {
  const mod = e.ctrlKey || e.metaKey;
  const move = (to: number): GridCommand => ({
    do: "move",
    to: Math.max(0, Math.min(total - 1, to)),
    extend: e.shiftKey,
  });
  if (e.altKey || total === 0) {
    return undefined;
  }
  if (mod) {
    switch (e.key.toLowerCase()) {
      case "a":
        return { do: "selectAll" };
      case "c":
        // Text that was marked by dragging is copied as everywhere.
        return window.getSelection()?.isCollapsed === false ? undefined : { do: "copy" };
      case "home":
        return move(0);
      case "end":
        return move(total - 1);
      default:
        return undefined;
    }
  }
  switch (e.key) {
    case "ArrowDown":
    case "j":
    case "J":
      return move(active + 1);
    case "ArrowUp":
    case "k":
    case "K":
      return move(active - 1);
    case "PageDown":
      return move(active + page);
    case "PageUp":
      return move(active - page);
    case "Home":
      return move(0);
    case "End":
      return move(total - 1);
    case " ":
      return { do: "look" };
    case "Enter":
      return { do: "open" };
    case "x":
    case "X":
      return { do: "toggle" };
    case "ContextMenu":
      return { do: "menu" };
    case "F10":
      return e.shiftKey ? { do: "menu" } : undefined;
    case "Escape":
      return { do: "close" };
    default:
      return undefined;
  }
}
