import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { built, emptyFolder, eventually, freePort, out, pause } from "./place";
import { flagsOf, Program, type Start } from "./program";

// Elements are found by role and accessible name in the real page too: Testing Library knows both, so it is loaded into the page.
const testingLibrary = readFileSync(
  createRequire(import.meta.url).resolve("@testing-library/dom/dist/@testing-library/dom.umd.min.js"),
  "utf8",
);

/** The key under which the WebDriver protocol hands out elements. */
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** The keys that walks press, as the protocol writes them. */
export const keys = {
  enter: "\uE007",
  escape: "\uE00C",
  control: "\uE009",
  tab: "\uE004",
  space: " ",
  shift: "\uE008",
  down: "\uE015",
} as const;

type Reference = Record<typeof elementKey, string>;

/** The window of the program that is shipped, driven by WebKitWebDriver. */
export class RealWindow {
  private pictures = 0;

  private constructor(
    private readonly driver: Program,
    private readonly session: string,
    readonly data: string,
    private readonly pidFile: string,
    readonly log: string,
  ) {}

  static async open(start: Start = {}): Promise<RealWindow> {
    const data = start.data ?? emptyFolder("data");
    const folder = emptyFolder("driver");
    const name = start.name ?? "window";
    const log = join(out, `${name}.log`);
    const pidFile = join(folder, "pid");
    // The driver starts "the browser" itself; this is where the program gets the library that lets the driver in.
    const starter = join(folder, "start");
    writeFileSync(
      starter,
      `#!/bin/sh\necho $$ > '${pidFile}'\nLD_PRELOAD='${built("automation.so")}'\nexport LD_PRELOAD\nexec '${built("seatkeeper")}' "$@" >> '${log}' 2>&1\n`,
    );
    chmodSync(starter, 0o700);
    const port = await freePort();
    const driver = Program.start(
      `${name}-driver`,
      "WebKitWebDriver",
      ["--host=127.0.0.1", `--port=${port}`],
      start.env,
    );
    const base = `http://127.0.0.1:${port}`;
    await eventually("WebKitWebDriver answers", async () => ((await fetch(`${base}/status`)).ok ? true : undefined));
    const made = await call<{ sessionId: string }>("POST", `${base}/session`, {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: starter, args: flagsOf(start, data) } } },
    });
    return new RealWindow(driver, `${base}/session/${made.sessionId}`, data, pidFile, log);
  }

  /** Runs a function's body in the page and gives what it returns. */
  run<T>(body: string, ...args: unknown[]): Promise<T> {
    return call<T>("POST", `${this.session}/execute/sync`, { script: body, args });
  }

  private async locate(
    role: string,
    name: string | RegExp | undefined,
    within?: Reference,
  ): Promise<Reference | undefined> {
    const pattern = name instanceof RegExp ? { source: name.source, flags: name.flags } : name;
    const search = `
      const [role, name, within] = arguments;
      const options = name === null ? {} : { name: typeof name === "string" ? name : new RegExp(name.source, name.flags) };
      return TestingLibraryDom.queryAllByRole(within ?? document.body, role, options)[0] ?? null;`;
    if (!(await this.run<boolean>("return 'TestingLibraryDom' in globalThis"))) await this.run(testingLibrary);
    return (await this.run<Reference | null>(search, role, pattern ?? null, within ?? null)) ?? undefined;
  }

  /** Waits for the element of a role and an accessible name. */
  find(
    role: string,
    name?: string | RegExp,
    options: { within?: Reference; seconds?: number } = {},
  ): Promise<Reference> {
    return eventually(`${role} ${name ?? ""}`, () => this.locate(role, name, options.within), options.seconds);
  }

  /** Waits until no such element is there. */
  gone(role: string, name?: string | RegExp, seconds?: number): Promise<true> {
    return eventually(
      `no ${role} ${name ?? ""}`,
      async () => ((await this.locate(role, name)) ? undefined : true),
      seconds,
    );
  }

  /** Waits until the page shows a text. */
  text(pattern: RegExp, seconds?: number): Promise<string> {
    return eventually(
      `text ${pattern}`,
      async () => pattern.exec(await this.run<string>("return document.body.innerText"))?.[0],
      seconds,
    );
  }

  async click(role: string, name?: string | RegExp, options: { within?: Reference; seconds?: number } = {}) {
    const element = await this.find(role, name, options);
    await eventually(`${role} ${name ?? ""} can be used`, async () =>
      (await this.run<boolean>("return !arguments[0].disabled && arguments[0].ariaDisabled !== 'true'", element))
        ? true
        : undefined,
    );
    await call("POST", `${this.session}/element/${element[elementKey]}/click`);
  }

  /** Presses and lets go of the button, so many times, where the middle of an element is now, as a hand does that does not look again. */
  async press(element: Reference, times = 1) {
    const { x, y } = await this.run<{ x: number; y: number }>(
      "const at = arguments[0].getBoundingClientRect(); return { x: Math.round(at.x + at.width / 2), y: Math.round(at.y + at.height / 2) }",
      element,
    );
    const click = [
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    const move = { type: "pointerMove", x, y, duration: 0, origin: "viewport" };
    const actions = [move, ...Array.from({ length: times }, () => click).flat()];
    await call("POST", `${this.session}/actions`, {
      actions: [{ type: "pointer", id: "hand", parameters: { pointerType: "mouse" }, actions }],
    });
  }

  /** Replaces the text of a field. */
  async fill(name: string | RegExp, text: string, role = "textbox") {
    const element = await this.find(role, name);
    await call("POST", `${this.session}/element/${element[elementKey]}/clear`);
    await call("POST", `${this.session}/element/${element[elementKey]}/value`, { text });
  }

  /** Types into a field that has no role of its own: WebKit gives password fields none. */
  async fillLabel(label: string, text: string) {
    const element = await eventually(`field ${label}`, async () => {
      if (!(await this.run<boolean>("return 'TestingLibraryDom' in globalThis"))) await this.run(testingLibrary);
      const found = await this.run<Reference | null>(
        "return TestingLibraryDom.queryAllByLabelText(document.body, new RegExp(arguments[0]), { selector: 'input,textarea' })[0] ?? null",
        label,
      );
      return found ?? undefined;
    });
    await call("POST", `${this.session}/element/${element[elementKey]}/value`, { text });
  }

  async type(text: string) {
    const element = await call<Reference>("GET", `${this.session}/element/active`);
    await call("POST", `${this.session}/element/${element[elementKey]}/value`, { text });
  }

  /** A picture of the whole display, native parts included. */
  async look(what: string) {
    await pause(250); // the last frame is painted
    this.pictures++;
    const file = join(out, `${String(this.pictures).padStart(2, "0")}-${what}.png`);
    execFileSync("import", ["-window", "root", file]);
  }

  /** Answers the native "save" dialog that is open. */
  async saveAs(path: string) {
    const id = await eventually("the save dialog", async () => {
      const found = execFileSync("xdotool", ["search", "--onlyvisible", "--class", "seatkeeper"], { encoding: "utf8" })
        .trim()
        .split("\n");
      return found.length > 1 ? found.at(-1) : undefined;
    });
    execFileSync("xdotool", ["windowactivate", "--sync", id, "key", "--clearmodifiers", "ctrl+a"]);
    execFileSync("xdotool", ["type", "--clearmodifiers", "--delay", "15", path]);
    execFileSync("xdotool", ["key", "Return"]);
  }

  get pid() {
    return Number(readFileSync(this.pidFile, "utf8"));
  }

  /** Waits until the program has ended by itself, and ends its driver. */
  async ended() {
    const { pid } = this;
    await eventually("Seatkeeper ends", async () => (alive(pid) ? undefined : true));
    await this.driver.end();
  }

  /** Ends the program as a logout does; it must obey. The driver's own end would kill it. */
  async close() {
    const { pid } = this;
    try {
      process.kill(pid, "SIGTERM");
      await eventually("Seatkeeper ends when asked to", async () => (alive(pid) ? undefined : true));
    } finally {
      if (alive(pid)) process.kill(pid, "SIGKILL");
      await this.driver.end();
    }
  }
}

function alive(pid: number) {
  try {
    process.kill(pid, 0);
    // A program that ended stays in the table until its parent asks for it.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function call<T>(method: string, url: string, body: unknown = {}): Promise<T> {
  const answer = await fetch(url, {
    method,
    ...(method === "POST" ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {}),
    signal: AbortSignal.timeout(60_000),
  });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}
