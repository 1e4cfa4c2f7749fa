import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { copyText } from "../../api/app";
import type { BadRow } from "../../api/imports";
import { toProblem } from "../../api/problem";
import { toast, toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import classes from "./Rows.module.css";

interface RowsProps {
  title: string;
  /** How many there are in all; `children` are the first `shown` of them. */
  total: number;
  shown: number;
  /** The shown ones as text, for copying. */
  text(): string;
  /** Another way to get all of them. */
  action?: ReactNode;
  children: ReactNode;
}

/** A part of a report that is opened when somebody wants to know. */
export function Rows({ title, total, shown, text, action, children }: RowsProps) {
  if (total === 0) {
    return null;
  }
  const copy = () => {
    copyText(text()).then(
      () => toast("info", "Copied", plural(shown, "row", "rows")),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  };
  return (
    <details className={classes.details}>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable with the keyboard */}
      <ul className={classes.rows} tabIndex={0} aria-label={title}>
        {children}
        {shown < total ? <li className={classes.dim}>and {count(total - shown)} more</li> : null}
      </ul>
      <div className={classes.actions}>
        <Button size="xs" variant="default" onClick={copy}>
          Copy
        </Button>
        {action}
      </div>
    </details>
  );
}

/** Rows and values that cannot be read, with their lines in the file. */
export function BadRows({ bad, total, title }: { bad: BadRow[]; total: number; title?: string }) {
  return (
    <Rows
      title={title ?? `${plural(total, "value", "values")} could not be read`}
      total={total}
      shown={bad.length}
      text={() => bad.map((b) => `${b.line}\t${b.reason}`).join("\n")}
    >
      {bad.map((b, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line may have several mistakes, and the list never changes
        <li key={i}>
          <span className={classes.dim}>Line {count(b.line)}:</span> {b.reason}
          {b.whole && !title ? <span className={classes.dim}> The row is left out.</span> : null}
        </li>
      ))}
    </Rows>
  );
}
