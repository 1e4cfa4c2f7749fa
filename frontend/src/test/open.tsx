import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { App } from "../app/App";

/** Opens the whole program at an address, e.g. "/people?search=ada". */
export function open(address: string) {
  const history = createMemoryHistory({ initialEntries: [address] });
  const user = userEvent.setup();
  const screen = render(<App history={history} env="test" />);
  return { ...screen, user, history };
}

/** The accessibility violations that can be seen without a layout, as "rule: element". */
export async function violations(root: Element = document.body): Promise<string[]> {
  const result = await axe.run(root, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    // Contrast needs a layout: the browser tests check it.
    rules: { "color-contrast": { enabled: false } },
  });
  return result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)}`));
}
