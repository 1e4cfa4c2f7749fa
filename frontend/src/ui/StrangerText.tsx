import { count } from "../util/format";
import { shorten, splitMarks } from "../util/marks";
import classes from "./StrangerText.module.css";

/**
 * Shows a text that a stranger wrote (a display name, a group's name): as text nodes only, isolated from the direction
 * of its surroundings, with control characters as visible marks.
 */
export function StrangerText({ text, empty = "(no name)" }: { text: string; empty?: string }) {
  if (text === "") {
    return <span className={classes.empty}>{empty}</span>;
  }
  const { shown, left } = shorten(text);
  const pieces = splitMarks(shown);
  if (left === 0 && pieces.length === 1 && pieces[0]?.mark === "") {
    return <bdi className={classes.text}>{text}</bdi>;
  }
  return (
    <bdi className={classes.text}>
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
      {left > 0 ? <span className={classes.mark}>{`${count(left)} more characters`}</span> : null}
    </bdi>
  );
}
