import { splitMarks } from "../util/marks";
import classes from "./StrangerText.module.css";

/**
 * Shows a text that a stranger wrote (a display name, a group's name): as text nodes only, isolated from the direction
 * of its surroundings, with control characters as visible marks.
 */
export function StrangerText({ text, empty = "(no name)" }: { text: string; empty?: string }) {
  if (text === "") {
    return <span className={classes.empty}>{empty}</span>;
  }
  const pieces = splitMarks(text);
  if (pieces.length === 1 && pieces[0]?.mark === "") {
    return <bdi>{text}</bdi>;
  }
  return (
    <bdi>
      {pieces.map((piece, i) =>
        piece.mark === "" ? (
          piece.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
          <span key={i} className={classes.mark} title={`Control character ${piece.mark}`}>
            {piece.mark}
          </span>
        ),
      )}
    </bdi>
  );
}
