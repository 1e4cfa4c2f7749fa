import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { Tab } from "./browser";
import { type DevProgram, startDev } from "./program";
import { Simulator } from "./simulator";

/** What the steps of a walk go through. All of it is there when the first step begins; `sim` only where one was asked for. */
export interface Walk {
  tab: Tab;
  seatkeeper: DevProgram;
  sim: Simulator;
}

/** What is started for a walk. */
interface Needs {
  /** Flags of a simulated Atlassian; without them there is none. */
  simulator?: string[];
  /** Flags of the program. */
  flags?: string[];
}

/** Starts the program and opens its page. */
async function start(walk: Walk, name: string, how: { flags?: string[]; data?: string }) {
  walk.seatkeeper = await startDev({ ...how, simulator: walk.sim?.api, name: `seatkeeper-${name}` });
  walk.tab = await Tab.open(walk.seatkeeper.url, name);
}

/** Starts the program again on the same data, after it has ended. */
export async function restart(walk: Walk, name: string) {
  await walk.tab.close();
  await start(walk, name, { data: walk.seatkeeper.data });
}

/**
 * Starts the program for the steps of this file, opens its page in Chromium, and ends both after them. No step may leave an error in
 * the page, and the program must end well. `begin` brings the page to where the first step begins.
 */
export function startWalk(name: string, { simulator, flags }: Needs, begin?: (walk: Walk) => Promise<void>): Walk {
  const walk = {} as Walk;
  beforeAll(async () => {
    if (simulator) walk.sim = await Simulator.start(simulator);
    await start(walk, name, { flags });
    await begin?.(walk);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await walk.tab.pictureOfFailure();
    expect(walk.tab.errors).toEqual([]);
  });

  afterAll(async () => {
    await walk.tab?.close();
    expect(await walk.seatkeeper?.program.end()).toBe(0);
    await walk.sim?.end();
  });
  return walk;
}
