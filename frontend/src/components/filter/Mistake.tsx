import { Button } from "@mantine/core";
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import type { FilterError } from "../../api/people";
import classes from "./Filter.module.css";

/** Underlines the place of a mistake: the same text behind the input, transparent, with the mistake marked. */
export function MistakeUnderline({ text, mistake, left }: { text: string; mistake: FilterError; left: number }) {
  // A mistake at the very end has no characters: one blank stands for it.
  const end = Math.max(mistake.end, mistake.start + 1);
  return (
    <div className={classes.mirror} aria-hidden>
      <div style={{ transform: `translateX(${-left}px)` }}>
        {text.slice(0, mistake.start)}
        <u className={classes.wrong} data-testid="filter-mistake-place">
          {text.slice(mistake.start, end) || "\u00a0"}
        </u>
        {text.slice(end)}
      </div>
    </div>
  );
}

interface MistakeProps {
  id?: string;
  mistake: FilterError;
  /** The filter works, but hardly as it is meant. */
  mild?: boolean;
  onFix(text: string): void;
}

/** What is wrong, what may stand there, and the correction if there is one. */
export function Mistake({ id, mistake, mild, onFix }: MistakeProps) {
  return (
    <div id={id} className={classes.mistake} role="status">
      <IconAlertTriangleFilled size={14} aria-hidden className={mild ? classes.doubtIcon : classes.mistakeIcon} />
      <span className={classes.mistakeText}>
        {mistake.message}
        {mistake.expected.length > 0 ? ` Expected: ${mistake.expected.slice(0, 8).join(", ")}.` : ""}
      </span>
      {mistake.suggestion ? (
        <Button
          size="xs"
          variant="light"
          // The input must not lose the focus before the click counts.
          onMouseDown={(e) => e.preventDefault()}
          onClick={() => onFix(mistake.suggestion)}
        >
          Use: {mistake.suggestion}
        </Button>
      ) : null}
    </div>
  );
}
