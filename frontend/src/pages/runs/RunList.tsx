import { Anchor, Button, Checkbox, Group } from "@mantine/core";
import { useState } from "react";
import { type RunView, useDeleteRuns, useRuns } from "../../api/runs";
import { ChosenBar } from "../../components/ChosenBar";
import { DataTable, SubLine, type TableColumn } from "../../components/DataTable";
import { useGo } from "../../components/navigation";
import { outcome, RUN_STATES } from "../../components/outcomes";
import { Pager } from "../../components/Pager";
import { SourceTag } from "../../components/SourceTag";
import { useChosen } from "../../components/useChosen";
import { useStill } from "../../components/useStill";
import { confirm } from "../../ui/confirm";
import { Empty } from "../../ui/Empty";
import { ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { When } from "../../ui/When";
import { plural } from "../../util/format";
import { RunFilters } from "./RunFilters";
import { resultLine } from "./result";
import { narrowed, RUNS_PER_PAGE, type RunsViewState, runQuery } from "./view";

interface RunListProps {
  view: RunsViewState;
  onView: (patch: Partial<RunsViewState>, options?: { replace?: boolean }) => void;
}

/** All runs, newest first. Runs that have ended can be chosen and deleted. */
export function RunList({ view, onView }: RunListProps) {
  const go = useGo();
  const runs = useRuns(runQuery(view));
  const remove = useDeleteRuns();
  const chosen = useChosen();
  // Whose log was deleted here goes at once; what others do waits for the pointer.
  const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
  const still = useStill(
    runs.data?.runs,
    runs.isPlaceholderData ? undefined : JSON.stringify(runQuery(view)),
    JSON.stringify,
    "table[aria-label=Runs]",
  );
  const rows = still.shown?.filter((r) => !deleted.has(r.id));
  const deletable = (rows ?? []).filter(ended);
  const here = deletable.filter((r) => chosen.ids.has(r.id));
  const outside = chosen.ids.size - (rows ?? []).filter((r) => chosen.ids.has(r.id)).length;
  const named = (all: RunView[]) => all.map((r) => ({ id: r.id, name: r.actionTitle }));

  const deleteChosen = async () => {
    const ids = [...chosen.ids.keys()];
    const sure = await confirm({
      title: `Delete ${plural(ids.length, "run log", "run logs")}?`,
      body: "The results and the way back (undo) of these runs are deleted from this computer. Nothing changes at Atlassian. This cannot be taken back.",
      verb: "Delete",
      danger: true,
    });
    if (sure) {
      remove.mutate(ids, {
        onSuccess: (n) => {
          chosen.clear();
          setDeleted(new Set([...deleted, ...ids]));
          toast("success", `${plural(n, "run log was", "run logs were")} deleted.`);
        },
        onError: toastProblem,
      });
    }
  };

  const columns: TableColumn<RunView>[] = [
    {
      name: "chosen",
      title: "",
      label: "Choose",
      width: 40,
      cell: (r) => (
        <Checkbox
          aria-label={`Choose the run ${r.actionTitle} of ${r.createdAt}`}
          size="xs"
          disabled={!ended(r)}
          checked={chosen.ids.has(r.id)}
          onClick={(e) => e.stopPropagation()}
          onChange={(e) => chosen.set(named([r]), e.currentTarget.checked)}
        />
      ),
    },
    {
      name: "action",
      title: "Action",
      cell: (r) => (
        <>
          <Anchor
            component="button"
            type="button"
            onClick={(e) => {
              e.stopPropagation();
              onView({ run: r.id });
            }}
          >
            {r.actionTitle}
          </Anchor>
          <SubLine>
            {r.trigger === "undo" ? "Undo of an earlier run · " : ""}
            <StrangerText text={r.note === "" ? r.selection : r.note} empty="no reason given" />
          </SubLine>
        </>
      ),
    },
    {
      name: "state",
      title: "Status",
      width: 120,
      cell: (r) => {
        const o = outcome(RUN_STATES, r.state);
        return <State tone={o.tone}>{o.label}</State>;
      },
    },
    { name: "result", title: "Result", cell: resultLine },
    { name: "source", title: "Source", cell: (r) => <SourceTag id={r.sourceId} name={r.sourceName} /> },
    { name: "when", title: "Started", width: 170, cell: (r) => <When iso={r.createdAt} /> },
    { name: "operator", title: "By", cell: (r) => r.operator },
  ];

  if (runs.data?.total === 0 && !narrowed(view)) {
    return (
      <PageColumn wide>
        <Empty title="Nothing has been done yet." action={<Button onClick={() => go("/people")}>Go to People</Button>}>
          Every bulk action leaves a log here: who, when, why, and each person's result, with the way back.
        </Empty>
      </PageColumn>
    );
  }
  return (
    <PageColumn wide>
      <RunFilters view={view} onView={onView} />
      <Group justify="space-between" mb={6} mih={32}>
        <Checkbox
          label="All on this page"
          size="xs"
          disabled={deletable.length === 0}
          checked={deletable.length > 0 && here.length === deletable.length}
          indeterminate={here.length > 0 && here.length < deletable.length}
          onChange={(e) =>
            e.currentTarget.checked ? chosen.only(named(deletable)) : chosen.set(named(deletable), false)
          }
        />
        <Pager
          from={view.offset}
          size={RUNS_PER_PAGE}
          total={runs.data?.total ?? 0}
          what="runs"
          onMove={(offset) => onView({ offset })}
        />
      </Group>
      <ChosenBar
        label="Chosen run logs"
        hint="No run log chosen: tick a box to delete logs"
        n={chosen.ids.size}
        word="chosen"
        outside={outside}
        aside={chosen.aside}
        onDrop={() => chosen.only(named(here))}
        onKeep={chosen.keep}
        onClear={chosen.clear}
      >
        <Button size="xs" variant="default" onClick={deleteChosen} loading={remove.isPending}>
          Delete {plural(chosen.ids.size, "run log", "run logs")}
        </Button>
      </ChosenBar>
      {runs.error ? <ProblemMessage problem={runs.error} /> : null}
      <DataTable
        label="Runs"
        columns={columns}
        rows={rows}
        rowKey={(r) => r.id}
        empty="No run matches these filters."
        newer={still.waiting ? still.take : undefined}
        onOpen={(r) => onView({ run: r.id })}
      />
    </PageColumn>
  );
}

function ended(run: RunView): boolean {
  return run.state === "done" || run.state === "stopped";
}
