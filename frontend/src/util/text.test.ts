import { describe, expect, test } from "vitest";
import cases from "../../../backend/domain/testdata/visible.json";
import { formatAgo, formatDuration, idTail, parseTime, plural } from "./format";
import { plainMarks, shorten, splitMarks } from "./marks";

describe("marks", () => {
  test("an ordinary text in any script is one piece", () => {
    for (const text of ["Ada Lovelace", "Łukasz Müller", "محمد علي", "王小明", "👩‍👩‍👧 family", "ក្រសួង", "می‌خواهم"]) {
      expect(splitMarks(text)).toEqual([{ text, mark: "" }]);
    }
  });

  test("half a surrogate pair becomes visible, and a piece that is a mark keeps its character", () => {
    expect(splitMarks("a\ud800b")).toEqual([
      { text: "a", mark: "" },
      { text: "\ud800", mark: "U+D800" },
      { text: "b", mark: "" },
    ]);
  });

  test.each(cases.shown)("%j is shown as the backend shows it", (text, shown) => {
    expect(plainMarks(text ?? "")).toBe(shown);
  });

  test("of all characters those are marked that the backend marks", () => {
    const hidden = (code: number) =>
      (code >= 0xd800 && code <= 0xdfff) || cases.hidden.some(([from = 0, to = 0]) => from <= code && code <= to);
    for (let code = 0; code <= 0x10ffff; code++) {
      const marked = splitMarks(`a${String.fromCodePoint(code)}b`).length === 3;
      if (marked !== hidden(code)) {
        expect.unreachable(`U+${code.toString(16)} is marked: ${marked}`);
      }
    }
  });
});

describe("format", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  test.each([
    ["2026-11-21T11:59:50Z", "just now"],
    ["2026-11-21T11:48:00Z", "12 min ago"],
    ["2026-11-21T09:00:00Z", "3 h ago"],
    ["2026-11-20T09:00:00Z", "27 h ago"],
    ["2026-11-10T12:00:00Z", "11 days ago"],
  ])("%s is %s", (iso, words) => {
    expect(formatAgo(new Date(iso), now)).toBe(words);
  });

  test("durations, counts and ids", () => {
    expect([400, 12_000, 185_000, 7_800_000].map(formatDuration)).toEqual([
      "400 ms",
      "12 s",
      "3 min 5 s",
      "2 h 10 min",
    ]);
    expect([plural(1, "person", "people"), plural(1234, "person", "people")]).toEqual(["1 person", "1,234 people"]);
    expect(idTail("712020:c7eef071-7a26")).toBe("…1-7a26");
  });

  test("what is no time is no time", () => {
    expect(parseTime("")).toBeUndefined();
    expect(parseTime("yesterday")).toBeUndefined();
  });
});

test("what is piled up on a letter, and what never ends, is cut short and said", () => {
  expect(splitMarks(`a${"\u0300".repeat(500)}b`).map((p) => p.mark)).toEqual(["", "U+0300 and 491 more", ""]);
  expect(splitMarks("Z\u0335\u0321o\u0301")).toHaveLength(1);
  expect(shorten("x".repeat(10_000))).toEqual({ shown: "x".repeat(300), left: 9700 });
  expect(shorten("長".repeat(300))).toEqual({ shown: "長".repeat(300), left: 0 });
  expect(shorten("🪑".repeat(200)).left).toBe(0);
});
