import { Button, CloseButton, Tooltip } from "@mantine/core";
import { useActions } from "../../api/bulk";
import type { SourceView } from "../../api/sources";
import { useGo } from "../../components/navigation";
import { State } from "../../ui/State";
import { count } from "../../util/format";
import classes from "./People.module.css";
import type { Selection } from "./useSelection";

/** What can be done with the selected people; stands on top of the list, where the selection is. */
export function SelectionBar({ source, selection }: { source: SourceView; selection: Selection }) {
  const go = useGo();
  const actions = useActions(source.id).data ?? [];
  if (selection.count === 0) {
    return null;
  }
  return (
    <section className={classes.actions} aria-label="Selected people">
      <strong className={classes.selected} role="status">
        <span className="num">{count(selection.count)}</span> selected
      </strong>
      {selection.outside > 0 ? <State tone="warn">{count(selection.outside)} of them not in this list</State> : null}
      {actions.map((a) => {
        const reason = a.supported ? (source.paused ? "The source is paused." : "") : a.reason;
        const button = (
          <Button
            key={a.kind}
            size="xs"
            variant="default"
            data-disabled={reason !== "" || undefined}
            aria-disabled={reason !== "" || undefined}
            onClick={() => (reason === "" ? go("/bulk", { action: a.kind }) : undefined)}
          >
            {a.title}
          </Button>
        );
        return reason === "" ? (
          button
        ) : (
          <Tooltip key={a.kind} label={reason} openDelay={0}>
            {button}
          </Tooltip>
        );
      })}
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        className={classes.clear}
        leftSection={<CloseButton component="span" size={16} aria-hidden tabIndex={-1} />}
        onClick={selection.clear}
      >
        Clear
      </Button>
    </section>
  );
}
