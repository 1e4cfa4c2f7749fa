import { Button } from "@mantine/core";
import type { SourceView } from "../../api/sources";
import { useStartSync, useSync } from "../../api/sync";
import { SyncProgress } from "../../components/SyncProgress";
import { Empty } from "../../ui/Empty";
import { toastProblem } from "../../ui/toast";
import { useZoom } from "../../ui/zoom";
import classes from "./Grid.module.css";
import { barsOf, GridRow } from "./GridRow";
import type { Columns } from "./useColumns";

const ROWS = Array.from({ length: 16 }, (_, i) => i);
const nothing = () => undefined;

/** The list before its first answer: the final layout with bars. */
export function GridPlaceholder({ columns }: { columns: Columns }) {
  const zoom = useZoom();
  return (
    <div className={classes.grid} style={barsOf(columns.shown, zoom)} aria-hidden inert>
      <div className={classes.headRow} />
      {ROWS.map((i) => (
        <GridRow
          key={i}
          index={i}
          row={undefined}
          columns={columns.shown}
          height={Math.round(columns.density * zoom)}
          active={false}
          onPress={nothing}
        />
      ))}
    </div>
  );
}

interface NoPeopleProps {
  source: SourceView;
  /** People in the local copy without any filter. */
  all: number;
  narrowed: boolean;
  onClear(): void;
}

/** Why the list is empty, and the one next step. */
export function NoPeople({ source, all, narrowed, onClear }: NoPeopleProps) {
  const sync = useSync(source.id) ?? source.sync;
  const start = useStartSync();
  if (all > 0 && narrowed) {
    return (
      <Empty title="Nobody matches" action={<Button onClick={onClear}>Clear search and filter</Button>}>
        None of the {all.toLocaleString("en-US")} people in the local copy match the search and the filter.
      </Empty>
    );
  }
  if (sync.state === "running") {
    return (
      <Empty title="The first sync is running" action={<SyncProgress sync={sync} />}>
        People appear here as they arrive.
      </Empty>
    );
  }
  return (
    <Empty
      title={sync.revision > 0 ? "The source has no people" : "Not synced yet"}
      action={
        <Button
          disabled={source.paused}
          loading={start.isPending}
          onClick={() => start.mutate(source.id, { onError: toastProblem })}
        >
          Sync now
        </Button>
      }
    >
      {source.paused
        ? "The source is paused: resume it on the Sources page."
        : "The list is filled from the local copy, which a sync makes."}
    </Empty>
  );
}
