import { describe, expect, test } from "vitest";
import { formatAgo, formatDuration, idTail, parseTime, plural } from "./format";
import { plainMarks, shorten, splitMarks } from "./marks";

describe("marks", () => {
  test("an ordinary text in any script is one piece", () => {
    for (const text of ["Ada Lovelace", "Łukasz Müller", "محمد علي", "王小明", "👩‍👩‍👧 family", "ក្រសួង", "می‌خواهم"]) {
      expect(splitMarks(text)).toEqual([{ text, mark: "" }]);
    }
  });

  test.each([
    ["right-to-left override", "\u202e", "U+202E"],
    ["isolate", "\u2066", "U+2066"],
    ["zero-width space", "\u200b", "U+200B"],
    ["line end", "\n", "U+000A"],
    ["escape", "\u001b", "U+001B"],
    ["C1 control", "\u0085", "U+0085"],
    ["byte order mark", "\ufeff", "U+FEFF"],
    ["line separator", "\u2028", "U+2028"],
    ["tag character", "\u{e0041}", "U+E0041"],
    ["half a surrogate pair", "\ud800", "U+D800"],
    ["Hangul filler", "\u3164", "U+3164"],
  ])("%s becomes visible", (_name, char, mark) => {
    expect(splitMarks(`a${char}b`)).toEqual([
      { text: "a", mark: "" },
      { text: char, mark },
      { text: "b", mark: "" },
    ]);
  });

  test("a joiner at the edge hides something", () => {
    expect(splitMarks("Ada\u200d").map((p) => p.mark)).toEqual(["", "U+200D"]);
  });

  test("as plain text nothing of them is left", () => {
    expect(plainMarks("a\u202eb\u0000")).toBe("a⟨U+202E⟩b⟨U+0000⟩");
  });

  test("every control character of the planes is caught", () => {
    const raw = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
    for (let code = 0; code <= 0x10ffff; code++) {
      const char = String.fromCodePoint(code);
      if (raw.test(char)) {
        expect(splitMarks(`a${char}b`), code.toString(16)).toHaveLength(3);
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
