import type { AppInfo } from "../api/app";
import classes from "./WindowEdge.module.css";

/** A striped edge around the window while nothing in it is real; the header says the same in words. */
export function WindowEdge({ info }: { info: AppInfo }) {
  return info.demo || info.simulator ? <div className={classes.edge} aria-hidden data-testid="window-edge" /> : null;
}
