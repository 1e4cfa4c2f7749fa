/** A piece of a text: as it stands, or one character that must be shown as a mark. */
export interface Piece {
  text: string;
  /** Code point name like "U+202E" when the piece is a control character; "" otherwise. */
  mark: string;
}

// The same as in backend/domain/visible.go, which says what they are; both pass backend/domain/testdata/visible.json. And what is piled
// up on a letter beyond eight marks, which no script needs and which would cover the lines above and below.
const HIDDEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|[\ud800-\udfff]|(?<=\p{Mn}{8})\p{Mn}+/gu;

// A joiner stays between two characters that may need one: emoji and several scripts do, Latin, Greek and Cyrillic do not.
const JOINER =
  /(?<=[^\0-\x7f\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u200c\u200d])[\u200c\u200d](?=[^\0-\x7f\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u200c\u200d])/uy;

/** Splits a text that a stranger wrote into readable pieces and control characters. */
export function splitMarks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const found of text.matchAll(HIDDEN)) {
    const at = found.index;
    const char = found[0];
    JOINER.lastIndex = at;
    if (JOINER.test(text)) {
      continue;
    }
    if (at > last) {
      pieces.push({ text: text.slice(last, at), mark: "" });
    }
    const code = char.codePointAt(0) ?? 0;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    const more = [...char].length;
    pieces.push({ text: char, mark: more > 1 ? `${name} and ${more - 1} more` : name });
    last = at + char.length;
  }
  if (last < text.length) {
    pieces.push({ text: text.slice(last), mark: "" });
  }
  return pieces;
}

/** The most characters that are shown of a text; nobody reads more, and a table must not grow without end. */
const LONG = 300;

/** The beginning of a text that is too long, with how much is left out; else the text. */
export function shorten(text: string): { shown: string; left: number } {
  if (text.length <= LONG) {
    return { shown: text, left: 0 };
  }
  const all = [...text];
  return { shown: all.slice(0, LONG).join(""), left: Math.max(all.length - LONG, 0) };
}

/** The text with every control character replaced by its code point, for places that take only a string. */
export function plainMarks(text: string): string {
  return splitMarks(text)
    .map((p) => (p.mark ? `⟨${p.mark}⟩` : p.text))
    .join("");
}
