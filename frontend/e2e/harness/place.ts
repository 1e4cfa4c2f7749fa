import { mkdirSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The repository's folder. */
export const repository = resolve(import.meta.dirname, "../../..");

/** A program that the task has built. */
export const built = (name: string) => join(repository, "build/bin", name);

/** Where pictures, logs and exported files go; the task names it. */
export const out = process.env.SEATKEEPER_OUT ?? join(repository, "build/out/e2e");
mkdirSync(out, { recursive: true });

if (!process.env.DISPLAY) throw new Error("There is no display. `go run ./build/task e2e` makes one.");

/** A new empty folder that only we may read. */
export const emptyFolder = (name: string) => mkdtempSync(join(tmpdir(), `seatkeeper-${name}-`));

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Asks again and again until probe gives something; its last refusal is the error. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined>, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (refusal) {
      last = refusal;
    }
    await pause(100);
  }
  throw new Error(`${what}: not within ${seconds} s`, { cause: last });
}
