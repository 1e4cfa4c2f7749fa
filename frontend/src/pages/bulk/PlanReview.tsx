import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { type ChangeView, type PlanView, useChanges } from "../../api/bulk";
import { CountTabs } from "../../components/CountTabs";
import { DataTable, type TableColumn } from "../../components/DataTable";
import { DiffList } from "../../components/DiffList";
import { outcome, VERDICTS } from "../../components/outcomes";
import { Pager } from "../../components/Pager";
import { PersonName } from "../../components/PersonName";
import { ActsOn } from "../../components/SourceTag";
import { ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { ConfirmPlan } from "./ConfirmPlan";
import { Findings, Stops } from "./Findings";
import { Outside } from "./Outside";
import classes from "./PlanReview.module.css";
import { Rechecked } from "./Recheck";

const PAGE = 100;

/** The group or role that a change is about. */
const way = (c: ChangeView) => (c.group === "" ? c.role : `Group ${c.group}`);

const columnsOf = (groups: boolean): TableColumn<ChangeView>[] => [
  {
    name: "person",
    title: groups ? "Group" : "Person",
    width: "34%",
    cell: (c) => <PersonName name={c.name} email={c.email} accountId={c.accountId} />,
  },
  {
    name: "verdict",
    title: "What will happen",
    width: 230,
    cell: (c) => {
      const o = outcome(VERDICTS, c.verdict);
      return <State tone={o.tone}>{o.label}</State>;
    },
  },
  {
    name: "diff",
    title: "Before and after, or why not",
    cell: (c) =>
      c.verdict === "change" ? (
        <>
          <DiffList diffs={c.diffs} />
          {c.used === "" ? null : (
            <div className={classes.used}>
              Last used: <StrangerText text={c.used} />
            </div>
          )}
        </>
      ) : (
        <StrangerText text={way(c) === "" || groups ? c.reason : `${way(c)}: ${c.reason}`} empty="–" />
      ),
  },
];

/** Second step: one sentence, what the guard says, numbers by outcome, every person or group before and after, and the decision. */
export function PlanReview({ plan }: { plan: PlanView }) {
  const [verdict, setVerdict] = useState("");
  const [from, setFrom] = useState(0);
  const [search, setSearch] = useState("");
  const [used, setUsed] = useState(false);
  const table = useRef<HTMLDivElement>(null);
  const [wanted] = useDebouncedValue(search.trim(), 150);
  const page = useChanges({ planId: plan.id, verdict, search: wanted, used, from, count: PAGE });
  const only = (on: boolean) => {
    setUsed(on);
    setVerdict("");
    setFrom(0);
    if (on) {
      table.current?.scrollIntoView({ block: "nearest" });
    }
  };

  return (
    <PageColumn wide>
      <Stops plan={plan} />
      <ActsOn id={plan.sourceId} name={plan.sourceName} />
      <h2 className={classes.sentence}>
        <StrangerText text={plan.sentence} />
      </h2>
      <p className={classes.undo}>
        {plan.undoOf === "" ? plan.action.undo : <StrangerText text={`${plan.selection}.`} />}
      </p>
      <div className={classes.guards}>
        <Outside plan={plan} />
        <Rechecked planId={plan.id} groups={plan.action.groups} />
        <Findings plan={plan} used={used} onUsed={only} />
      </div>
      <ConfirmPlan key={plan.id} plan={plan} />
      <div ref={table}>
        <div className={classes.tools}>
          <CountTabs
            label="Changes by outcome"
            outcomes={VERDICTS}
            counts={plan.counts}
            total={plan.total}
            value={verdict}
            onChange={(key) => {
              setVerdict(key);
              setFrom(0);
            }}
          />
          <TextInput
            aria-label="Search in this preview"
            placeholder={plan.action.groups ? "Name" : "Name, e-mail or account ID"}
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={(e) => {
              setSearch(e.currentTarget.value);
              setFrom(0);
            }}
          />
        </div>
        {page.error ? <ProblemMessage problem={page.error} /> : null}
        <div className={classes.only} role="status">
          {used ? (
            <>
              <span>Only people who used an app within the last 90 days are shown.</span>
              <Button size="xs" variant="default" onClick={() => only(false)}>
                Show everybody
              </Button>
            </>
          ) : null}
        </div>
        <DataTable
          label="Changes"
          columns={columnsOf(plan.action.groups)}
          rows={page.data?.changes}
          rowKey={(c) => c.seq}
          empty={plan.action.groups ? "No group in this preview matches." : "Nobody in this preview matches."}
        />
        <Pager from={from} size={PAGE} total={page.data?.total ?? 0} what="changes" below onMove={setFrom} />
      </div>
    </PageColumn>
  );
}
