import type { ReactNode } from "react";
import classes from "./Message.module.css";
import { State, type Tone } from "./State";

interface MessageProps {
  tone: Tone;
  title: string;
  /** What happened and why, in sentences. */
  children?: ReactNode;
  /** What to do about it. */
  hint?: string;
  actions?: ReactNode;
}

/** A message inside a page: state, title, sentence, hint, actions. Problems are announced at once. */
export function Message({ tone, title, children, hint, actions }: MessageProps) {
  const urgent = tone === "bad" || tone === "warn";
  return (
    <div className={classes.message} data-tone={tone} role={urgent ? "alert" : "status"}>
      <strong className={classes.title}>
        <State tone={tone}>{title}</State>
      </strong>
      {children ? <div>{children}</div> : null}
      {hint ? <div className={classes.hint}>{hint}</div> : null}
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  );
}

/** A problem of the backend inside a page. */
export function ProblemMessage({
  problem,
  actions,
}: {
  problem: { message: string; hint: string; code?: string };
  actions?: ReactNode;
}) {
  // What the operator stopped is no fault.
  return (
    <Message
      tone={problem.code === "cancelled" ? "idle" : "bad"}
      title={problem.message}
      hint={problem.hint}
      actions={actions}
    />
  );
}
