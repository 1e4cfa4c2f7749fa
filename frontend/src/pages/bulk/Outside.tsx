import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { type PlanView, type SubjectView, useOutside } from "../../api/bulk";
import { DataTable, type TableColumn } from "../../components/DataTable";
import { Pager } from "../../components/Pager";
import { PersonName } from "../../components/PersonName";
import { Message, ProblemMessage } from "../../ui/Message";
import { StrangerText } from "../../ui/StrangerText";
import { useFocusBack } from "../../ui/useFocusBack";
import { count } from "../../util/format";

const PAGE = 100;

/** Says who of the plan is not in the list that was shown last; nothing when everybody is. */
export function Outside({ plan }: { plan: PlanView }) {
  const [open, setOpen] = useState(false);
  const { count: n, of, names } = plan.outside;
  if (n === 0) {
    return null;
  }
  const [one, many] = plan.action.groups ? ["group", "groups"] : ["person", "people"];
  const who =
    n === of
      ? n === 1
        ? `This ${one}`
        : `None of these ${count(n)} ${many}`
      : `${count(n)} of these ${count(of)} ${many}`;
  const verb = n === of && n > 1 ? "is" : n === 1 ? "is not" : "are not";
  const more = n - names.length;
  return (
    <Message
      // An undo is about those of its run, whatever list was looked at meanwhile.
      tone={plan.trigger === "undo" ? "info" : "warn"}
      title={`${who} ${verb} in the list of ${many} that was shown last`}
      actions={
        more > 0 ? (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            Show all {count(n)}
          </Button>
        ) : null
      }
    >
      {names.map((name, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names repeat and never change place
        <span key={i}>
          {i > 0 ? ", " : ""}
          <StrangerText text={name} />
        </span>
      ))}
      {more > 0 ? ` and ${count(more)} more` : ""}
      {open ? <All plan={plan} onClose={() => setOpen(false)} /> : null}
    </Message>
  );
}

const columns = (groups: boolean): TableColumn<SubjectView>[] => [
  {
    name: "who",
    title: groups ? "Group" : "Person",
    cell: (s) => <PersonName name={s.name} email={s.email} accountId={s.accountId} />,
  },
];

function All({ plan, onClose }: { plan: PlanView; onClose: () => void }) {
  useFocusBack();
  const [from, setFrom] = useState(0);
  const page = useOutside(plan.id, from, PAGE);
  const what = plan.action.groups ? "groups" : "people";
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title="Not in the list that was shown last"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {page.error ? <ProblemMessage problem={page.error} /> : null}
      <DataTable
        label="Not in the list that was shown last"
        columns={columns(plan.action.groups)}
        rows={page.data?.subjects}
        rowKey={(s) => s.key}
        empty="Everybody is in the list that was shown last."
      />
      <Pager from={from} size={PAGE} total={page.data?.total ?? 0} what={what} below onMove={setFrom} />
    </Modal>
  );
}
