import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { built, emptyFolder, eventually, freePort, out, repository } from "./place";

/** A started program whose output goes to a file in `out`. */
export class Program {
  private ended: Promise<number | null>;

  private constructor(
    readonly name: string,
    readonly child: ChildProcess,
    readonly log: string,
  ) {
    this.ended = new Promise((done) => child.once("exit", (code) => done(code)));
  }

  static start(
    name: string,
    binary: string,
    args: string[],
    env: NodeJS.ProcessEnv = {},
    stdout: "log" | "pipe" = "log",
  ) {
    const log = join(out, `${name}.log`);
    const file = openSync(log, "a");
    const child = spawn(binary, args, {
      cwd: repository,
      env: { ...process.env, ...env },
      stdio: ["ignore", stdout === "pipe" ? "pipe" : file, file],
    });
    closeSync(file);
    return new Program(name, child, log);
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks the program to end, as a logout does, and gives its exit code. */
  async end(): Promise<number | null> {
    if (this.running) this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    const code = await this.ended;
    clearTimeout(late);
    return code;
  }

  /** Ends the program as a crash does: without a chance to write anything. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  /** Everything that it printed so far. */
  printed() {
    return readFileSync(this.log, "utf8");
  }
}

/** How Seatkeeper is started for a walk. */
export interface Start {
  /** API address of a running simulator; without it there is none. */
  simulator?: string;
  /** Folder with the data of an earlier start; without it an empty one. */
  data?: string;
  /** More flags. */
  flags?: string[];
  env?: NodeJS.ProcessEnv;
  name?: string;
}

export function flagsOf(start: Start, data: string): string[] {
  return ["--data", data, ...(start.simulator ? ["--simulator", start.simulator] : []), ...(start.flags ?? [])];
}

/** The program that a browser can open. */
export interface DevProgram {
  program: Program;
  url: string;
  data: string;
}

/**
 * Starts the dev-tagged program and waits until it serves the page. Wails takes its development settings from the environment, so
 * that the flags are only ours. Its own window stays hidden: the page must have one reader.
 */
export async function startDev(start: Start = {}): Promise<DevProgram> {
  const data = start.data ?? emptyFolder("data");
  const url = `http://localhost:${await freePort()}`;
  const program = Program.start(
    start.name ?? "seatkeeper",
    built("seatkeeper-dev"),
    [...flagsOf(start, data), "--hidden"],
    {
      assetdir: join(repository, "frontend/dist"),
      devserver: url.replace("http://", ""),
      loglevel: "Warning",
      ...start.env,
    },
  );
  await eventually(
    `${url} answers`,
    async () => {
      if (!program.running) return "ended";
      return (await fetch(url)).ok ? "serves" : undefined;
    },
    60,
  );
  if (!program.running) throw new Error(`Seatkeeper ended at its start:\n${program.printed()}`);
  return { program, url, data };
}

/** The first line that a program prints, as JSON. */
export async function firstLine<T>(program: Program): Promise<T> {
  const { stdout } = program.child;
  if (!stdout) throw new Error(`${program.name}: its output is not a pipe`);
  for await (const line of createInterface(stdout)) return JSON.parse(line) as T;
  throw new Error(`${program.name} ended without a line:\n${program.printed()}`);
}
