import type { AppInfo } from "../api/app";
import { State } from "../ui/State";
import classes from "./KeysBar.module.css";

/** Above every page while a damaged local copy is built again: what is shown is not everybody, and nobody can be changed. */
export function CopyBar({ info }: { info: AppInfo }) {
  if (!info.rebuilding) {
    return null;
  }
  return (
    <div className={classes.bar} role="alert">
      <State tone="warn">
        The local copy was damaged and is being built again. Until its full sync is done, lists are not complete and
        nobody can be changed. Run logs, lists and settings are not touched.
      </State>
    </div>
  );
}
