import { Button, CloseButton } from "@mantine/core";
import type { ReactNode } from "react";
import { oneClick } from "../ui/oneClick";
import { State } from "../ui/State";
import { count } from "../util/format";
import classes from "./ChosenBar.module.css";

interface ChosenBarProps {
  label: string;
  /** What stands here while nothing is chosen. */
  hint: ReactNode;
  /** What can be done without a choice; stands at the end. */
  always?: ReactNode;
  n: number;
  /** "selected", "chosen". */
  word: string;
  /** How many of them are not in the list that is seen. */
  outside: number;
  /** How many the choice of the whole list took out. */
  aside: number;
  onShow?: () => void;
  onDrop: () => void;
  onKeep: () => void;
  onClear: () => void;
  children: ReactNode;
}

/**
 * What is chosen in a list, and what can be done with it. It has its place above the list whether anything is chosen or
 * not, so that no row moves under the pointer.
 */
export function ChosenBar(props: ChosenBarProps) {
  const { label, hint, always, n, word, outside, aside } = props;
  return (
    <div className={classes.place} data-on={n > 0 || undefined} onClickCapture={oneClick}>
      <section className={classes.bar} aria-label={n > 0 ? label : undefined}>
        <div className={classes.what}>
          {n === 0 ? (
            <span className={classes.hint}>{hint}</span>
          ) : (
            <>
              <strong className={classes.count} role="status">
                <span className="num">{count(n)}</span> {word}
              </strong>
              {outside > 0 ? <Outside {...props} /> : null}
            </>
          )}
          {outside === 0 && aside > 0 ? (
            <Button size="xs" variant="light" className={classes.fixed} onClick={props.onKeep}>
              Keep {count(aside)} others too
            </Button>
          ) : null}
        </div>
        <div className={classes.do}>{n > 0 ? props.children : null}</div>
        <div className={classes.end}>
          {n > 0 ? (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              leftSection={<CloseButton component="span" size={16} aria-hidden tabIndex={-1} />}
              onClick={props.onClear}
            >
              Clear
            </Button>
          ) : null}
          {always}
        </div>
      </section>
    </div>
  );
}

/** Says how many are chosen who do not stand in the list, shows them, and drops them. */
function Outside({ outside, onShow, onDrop }: ChosenBarProps) {
  const words = `${count(outside)} of them not in this list`;
  return (
    <>
      <span className={classes.outside} title={words}>
        <State tone="warn">{words}</State>
      </span>
      {onShow ? (
        <Button size="xs" variant="light" className={classes.fixed} onClick={onShow}>
          Show them
        </Button>
      ) : null}
      <Button size="xs" variant="light" className={classes.fixed} onClick={onDrop}>
        Leave them out
      </Button>
    </>
  );
}
