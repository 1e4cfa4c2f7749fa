import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { SourceView } from "../../api/sources";
import { ActivityOf } from "../../components/imports/ActivityOf";
import { State } from "../../ui/State";
import { When } from "../../ui/When";
import { count, plural } from "../../util/format";
import classes from "./People.module.css";
import type { usePeopleList } from "./usePeopleList";

interface ListStatusProps {
  people: ReturnType<typeof usePeopleList>;
  source: SourceView;
  /** Set while only those who are selected are listed: lists the others too. */
  onEverybody: (() => void) | undefined;
}

/** How many people the list has, of how many, as of when; and whether it is old or not complete. */
export function ListStatus({ people, source, onEverybody }: ListStatusProps) {
  const { list, filterError, stale, drift, refresh } = people;
  return (
    <div className={classes.status}>
      <span role="status" data-filter={list?.filter}>
        {list ? (
          <>
            <strong className="num">{count(list.snapshot.total)}</strong>
            {list.snapshot.total === list.snapshot.all ? " people" : ` of ${count(list.snapshot.all)} people`}
          </>
        ) : (
          "Reading the local copy"
        )}
      </span>
      {onEverybody ? (
        <>
          <State tone="info">Only who is selected</State>
          <Button size="xs" variant="light" onClick={onEverybody}>
            Show everybody
          </Button>
        </>
      ) : null}
      {list && filterError ? <State tone="warn">Still the list before the mistake in the filter</State> : null}
      {list && !list.snapshot.partial && source.sync.completeAt ? (
        <span className={classes.dim}>
          as of <When iso={source.sync.completeAt} />
        </span>
      ) : null}
      {list && !list.snapshot.partial ? (
        <span className={classes.dim}>
          <ActivityOf source={source} />
        </span>
      ) : null}
      {list?.snapshot.partial ? (
        <span className={classes.dim}>
          <State tone="warn">Partial: the first sync is not complete, so more people will come</State>
        </span>
      ) : null}
      {stale ? (
        <Button size="xs" variant="light" leftSection={<IconRefresh size={14} aria-hidden />} onClick={refresh}>
          {drift === undefined ? "The local copy has changed" : plural(drift, "change", "changes")} – refresh
        </Button>
      ) : null}
    </div>
  );
}
