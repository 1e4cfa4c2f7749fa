import { execFileSync } from "node:child_process";
import { eventually, pause } from "./place";

const xdotool = (...args: string[]) => execFileSync("xdotool", args, { encoding: "utf8" }).trim();

/** The window of a native dialog; undefined when there is none, which xdotool calls a failure. */
function dialogOf(title: string): string | undefined {
  try {
    return xdotool("search", "--onlyvisible", "--name", `^${title}$`).split("\n").filter(Boolean).at(-1);
  } catch {
    return undefined;
  }
}

/** Answers the native dialog of that title, which asks for a file to open. What is typed while it still opens is lost, so it is typed again. */
export async function chooseFile(title: string, path: string) {
  await eventually(`the dialog "${title}"`, async () => dialogOf(title));
  await eventually(`the dialog "${title}" is answered`, async () => {
    const id = dialogOf(title);
    if (id === undefined) return true;
    await pause(500);
    xdotool("windowactivate", "--sync", id, "key", "--clearmodifiers", "ctrl+a");
    // The first slash opens the input; what follows at once can be lost.
    xdotool("type", "--clearmodifiers", path.slice(0, 1));
    await pause(300);
    xdotool("type", "--clearmodifiers", "--delay", "15", path.slice(1));
    await pause(300);
    xdotool("key", "Return");
    await pause(700);
    return dialogOf(title) === undefined || undefined;
  });
}
