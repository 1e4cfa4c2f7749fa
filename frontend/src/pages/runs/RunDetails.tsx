import { Anchor, Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { type ItemView, useItems, useRun } from "../../api/runs";
import { CountTabs } from "../../components/CountTabs";
import { DataTable, SubLine, type TableColumn } from "../../components/DataTable";
import { DiffList } from "../../components/DiffList";
import { ITEM_STATES, outcome } from "../../components/outcomes";
import { Pager } from "../../components/Pager";
import { PersonName } from "../../components/PersonName";
import { useStill } from "../../components/useStill";
import { ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { ItemDialog } from "./ItemDialog";
import classes from "./RunDetails.module.css";
import { RunHead, RunNotices } from "./RunHead";

const PAGE = 100;

interface RunDetailsProps {
  runId: string;
  /** The result whose details are shown. */
  item: number | undefined;
  onItem: (item: number | undefined) => void;
  onBack: () => void;
}

/** One run: progress while it runs, numbers by outcome, everybody's result, details, export, undo. */
export function RunDetails({ runId, item, onItem, onBack }: RunDetailsProps) {
  const run = useRun(runId);
  const [state, setState] = useState("");
  const [from, setFrom] = useState(0);
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search.trim(), 150);
  const items = useItems({ runId, state, search: wanted, from, count: PAGE }, run.data?.finished ?? 0);

  const opened = useRef({ id: "", live: false });
  if (run.data && opened.current.id !== run.data.id) {
    opened.current = { id: run.data.id, live: run.data.state === "running" || run.data.state === "paused" };
  }
  const { live } = opened.current;
  // While the run goes on its results change; what they are about and how tall they are must not change under the pointer.
  const still = useStill(
    items.data?.items,
    items.isPlaceholderData ? undefined : JSON.stringify([runId, state, wanted, from]),
    (all) => JSON.stringify(all?.map((i) => [i.seq, i.reason, i.diffs])),
    "table[aria-label=Results]",
  );

  const columns: TableColumn<ItemView>[] = [
    {
      name: "person",
      title: run.data?.groups ? "Group" : "Person",
      width: "32%",
      cell: (i) => <PersonName name={i.name} email={i.email} accountId={i.accountId} />,
    },
    {
      name: "state",
      title: "Result",
      width: 140,
      cell: (i) => {
        const o = outcome(ITEM_STATES, i.state);
        return <State tone={o.tone}>{o.label}</State>;
      },
    },
    {
      name: "what",
      title: "What changed, or why not",
      cell: (i) => (
        <>
          <DiffList diffs={i.diffs} />
          {i.reason === "" ? null : (
            <SubLine>
              <StrangerText text={i.reason} />
            </SubLine>
          )}
        </>
      ),
    },
    { name: "when", title: "When", width: 170, cell: (i) => <When iso={i.finishedAt} /> },
    {
      name: "details",
      title: "",
      label: "Details",
      width: 80,
      cell: (i) => (
        <Anchor
          component="button"
          type="button"
          onClick={(e) => {
            e.stopPropagation();
            onItem(i.seq);
          }}
        >
          Details
        </Anchor>
      ),
    },
  ];

  return (
    <PageColumn wide>
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconArrowLeft size={14} aria-hidden />}
        onClick={onBack}
        className={classes.back}
      >
        All run logs
      </Button>
      {run.error ? <ProblemMessage problem={run.error} /> : null}
      {run.data ? (
        <>
          <RunHead run={run.data} live={live} />
          <div className={classes.tools}>
            <CountTabs
              label="Results by outcome"
              outcomes={ITEM_STATES}
              counts={run.data.counts}
              total={run.data.total}
              value={state}
              onChange={(key) => {
                setState(key);
                setFrom(0);
              }}
            />
            <TextInput
              aria-label="Search in this run"
              placeholder={run.data.groups ? "Name" : "Name, e-mail or account ID"}
              leftSection={<IconSearch size={14} aria-hidden />}
              value={search}
              onChange={(e) => {
                setSearch(e.currentTarget.value);
                setFrom(0);
              }}
            />
          </div>
          {items.error ? <ProblemMessage problem={items.error} /> : null}
          <DataTable
            label="Results"
            columns={columns}
            rows={still.shown}
            rowKey={(i) => i.seq}
            empty={run.data.groups ? "No group in this run matches." : "Nobody in this run matches."}
            newer={still.waiting ? still.take : undefined}
            onOpen={(i) => onItem(i.seq)}
          />
          <Pager from={from} size={PAGE} total={items.data?.total ?? 0} what="results" below onMove={setFrom} />
          {live ? (
            <div className={classes.late}>
              <RunNotices run={run.data} />
            </div>
          ) : null}
        </>
      ) : null}
      <ItemDialog runId={runId} seq={item} onClose={() => onItem(undefined)} />
    </PageColumn>
  );
}
