import { SOURCE_COLORS } from "./theme";

/** The CSS color that marks a source; an unknown name becomes gray. Shade 7 stands out in light and dark. */
export function sourceColor(name: string): string {
  const known =
    (SOURCE_COLORS as readonly string[]).includes(name) ||
    name === "indigo" ||
    name === "violet" ||
    name === "green" ||
    name === "yellow";
  return `var(--mantine-color-${known ? name : "gray"}-7)`;
}
