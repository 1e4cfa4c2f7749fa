import { describe, expect, test } from "vitest";
import { WindowCache } from "./windowCache";

interface Ask {
  from: number;
  count: number;
  answer(rows?: string[]): Promise<void>;
  fail(message: string): Promise<void>;
}

/** A source of rows that answers when the test says so. */
function slowSource(total: number, options = {}) {
  const asked: Ask[] = [];
  const settle = () => new Promise<void>((done) => setTimeout(done));
  const cache = new WindowCache<string>(
    (from, count) =>
      new Promise((resolve, reject) => {
        asked.push({
          from,
          count,
          answer: (rows) => {
            resolve(
              rows ?? Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, i) => `row ${from + i}`),
            );
            return settle();
          },
          fail: (message) => {
            reject(new Error(JSON.stringify({ code: "stale", message })));
            return settle();
          },
        });
      }),
    total,
    options,
  );
  return { cache, asked };
}

describe("WindowCache", () => {
  test("reads whole pages and gives rows by position", async () => {
    const { cache, asked } = slowSource(450);
    cache.want(0, 30);
    expect(asked.map((a) => [a.from, a.count])).toEqual([[0, 200]]);
    expect(cache.get(3)).toBeUndefined();
    await asked[0]?.answer();
    expect(cache.get(3)).toBe("row 3");
    cache.want(190, 210);
    await asked[1]?.answer();
    expect(cache.get(205)).toBe("row 205");
    expect(asked).toHaveLength(2);
  });

  test("asks for nothing while nothing is in view, and nothing twice", async () => {
    const { cache, asked } = slowSource(450);
    cache.want(0, 0);
    expect(asked).toHaveLength(0);
    cache.want(0, 30);
    cache.want(0, 31);
    await asked[0]?.answer();
    cache.want(0, 32);
    expect(asked).toHaveLength(1);
  });

  test("keeps two reads under way and forgets what was wanted before", async () => {
    const { cache, asked } = slowSource(100_000);
    for (let at = 0; at < 50_000; at += 1000) {
      cache.want(at, at + 30);
    }
    expect(asked.map((a) => a.from)).toEqual([0, 1000]);
    await asked[0]?.answer();
    // Only the newest want is left of fifty.
    expect(asked.map((a) => a.from)).toEqual([0, 1000, 49_000]);
    await asked[1]?.answer();
    await asked[2]?.answer();
    expect(asked).toHaveLength(3);
    expect(cache.get(49_001)).toBe("row 49001");
  });

  test("reads what is in view before what lies beyond it", () => {
    const { cache, asked } = slowSource(100_000, { maxInFlight: 5 });
    cache.want(1010, 1050, 250);
    expect(asked.map((a) => a.from)).toEqual([1000, 1200, 600, 800]);
  });

  test("of a million rows it keeps as many as ever, wherever the view goes", async () => {
    const million = 1_000_000;
    const { cache, asked } = slowSource(million, { maxPages: 40 });
    for (let from = 0; from < million; from += 9_973) {
      cache.want(from, from + 40, 100);
      while (asked.length > 0) await asked.shift()?.answer();
      expect(cache.get(from)).toBe(`row ${from}`);
    }
    let kept = 0;
    for (let i = 0; i < million; i++) if (cache.get(i) !== undefined) kept++;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(40 * 200);
  });

  test("forgets the pages that were not used for the longest time", async () => {
    const { cache, asked } = slowSource(2000, { pageSize: 10, maxPages: 3 });
    for (const at of [0, 10, 20]) {
      cache.want(at, at + 10);
      await asked[asked.length - 1]?.answer();
    }
    cache.want(0, 10);
    cache.want(30, 40);
    await asked[asked.length - 1]?.answer();
    expect([0, 10, 20, 30].map((at) => cache.get(at))).toEqual(["row 0", undefined, "row 20", "row 30"]);
  });

  test("tells a problem, stops asking, and tries again when told to", async () => {
    const { cache, asked } = slowSource(450);
    cache.want(0, 30);
    await asked[0]?.fail("This list is no longer kept.");
    expect(cache.problem).toMatchObject({ code: "stale" });
    cache.want(200, 230);
    expect(asked).toHaveLength(1);
    cache.retry();
    expect(cache.problem).toBeUndefined();
    expect(asked.map((a) => a.from)).toEqual([0, 200]);
  });

  test("reads nothing between a change that is shown and its being carried out", async () => {
    const { cache, asked } = slowSource(450);
    cache.want(0, 30);
    let done = (): void => {};
    const carried = new Promise<void>((resolve) => {
      done = resolve;
    });
    cache.patch((row) => `${row}!`, carried);
    await asked[0]?.answer(); // may show the state before
    expect(asked).toHaveLength(1);
    cache.want(190, 230);
    expect(asked).toHaveLength(1);
    done();
    await carried;
    await Promise.resolve();
    expect(asked.map((a) => a.from).sort()).toEqual([0, 0, 200]);
    await asked[1]?.answer();
    await asked[2]?.answer();
    expect(cache.get(4)).toBe("row 4");
  });

  test("a change of rows keeps the others as they are and repeats reads under way", async () => {
    const { cache, asked } = slowSource(450);
    cache.want(0, 30);
    await asked[0]?.answer();
    cache.want(190, 230);
    const before = cache.get(5);
    let told = 0;
    cache.subscribe(() => told++);
    cache.patch((row, i) => (i === 4 ? `${row}!` : row));
    expect([cache.get(4), cache.get(5) === before, told]).toEqual(["row 4!", true, 1]);
    // The answer may show the state before the change: it does not count.
    await asked[1]?.answer(["old"]);
    expect(cache.get(200)).toBeUndefined();
    await asked[2]?.answer();
    expect(cache.get(200)).toBe("row 200");
  });

  test("forgetting reads what is in view afresh", async () => {
    const { cache, asked } = slowSource(450);
    cache.want(0, 30);
    await asked[0]?.answer();
    cache.forget();
    expect(cache.get(0)).toBeUndefined();
    await asked[1]?.answer(["new"]);
    expect(cache.get(0)).toBe("new");
  });
});
