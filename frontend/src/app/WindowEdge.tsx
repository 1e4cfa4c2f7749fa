import { IconFlask } from "@tabler/icons-react";
import type { AppInfo } from "../api/app";
import classes from "./WindowEdge.module.css";

/** Says in words that nothing in the window is real; nothing when it is. */
export function Unreal({ info }: { info: AppInfo }) {
  return info.demo || info.simulator ? (
    <span className={classes.unreal}>
      <IconFlask size={14} aria-hidden />
      {info.demo ? "Demo: nothing here is real" : "Simulator: nothing here is real"}
    </span>
  ) : null;
}

/** A striped edge around the window while nothing in it is real. A page without header gets the words too. */
export function WindowEdge({ info, words }: { info: AppInfo; words: boolean }) {
  if (!info.demo && !info.simulator) {
    return null;
  }
  return (
    <>
      <div aria-hidden data-testid="window-edge">
        {["top", "right", "bottom", "left"].map((side) => (
          <div key={side} className={classes.edge} data-side={side} />
        ))}
      </div>
      {words ? (
        <aside className={classes.corner} aria-label="What this window shows">
          <Unreal info={info} />
        </aside>
      ) : null}
    </>
  );
}
