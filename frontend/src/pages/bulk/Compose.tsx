import { Button, Group, Radio, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ActionView, useActions } from "../../api/bulk";
import { keys } from "../../api/client";
import { selectionCount } from "../../api/people";
import type { SourceView } from "../../api/sources";
import { ListsDialog } from "../../components/filter/ListsDialog";
import { withList } from "../../components/filter/withList";
import { PlanForm } from "../../components/form/PlanForm";
import { useGo } from "../../components/navigation";
import { ActsOn } from "../../components/SourceTag";
import { Empty } from "../../ui/Empty";
import { Message, ProblemMessage } from "../../ui/Message";
import { PageColumn, Section } from "../../ui/Page";
import { plural } from "../../util/format";

interface ComposeProps {
  source: SourceView;
  /** The chosen action, "" for none yet. */
  kind: string;
  onKind: (kind: string) => void;
  onPlan: (planId: string) => void;
}

/** First step: who, what, why. Nothing is changed here; the next step shows what would be. */
export function Compose({ source, kind, onKind, onPlan }: ComposeProps) {
  const go = useGo();
  const actions = useActions(source.id);
  const selected = useQuery({
    queryKey: [...keys.people(source.id), "selected"],
    queryFn: () => selectionCount(source.id),
    staleTime: 0,
  });
  const [lists, setLists] = useState(false);
  const action = actions.data?.find((a) => a.kind === kind);
  const n = selected.data ?? 0;

  if (actions.error) {
    return (
      <PageColumn>
        <ProblemMessage problem={actions.error} />
      </PageColumn>
    );
  }
  if (selected.data === 0) {
    return (
      <PageColumn>
        <Empty
          title="Nobody is selected."
          action={
            <Group gap="xs">
              <Button onClick={() => go("/people")}>Go to People</Button>
              <Button variant="default" onClick={() => setLists(true)}>
                Select from a CSV file
              </Button>
            </Group>
          }
        >
          Select people in the list first; then choose what to do with them.
        </Empty>
        {lists ? (
          <ListsDialog
            sourceId={source.id}
            onClose={() => setLists(false)}
            onUse={(list, exclude) => go("/people", { filter: withList("", list.filter, exclude) })}
          />
        ) : null}
      </PageColumn>
    );
  }
  return (
    <PageColumn>
      <ActsOn id={source.id} name={source.name} />
      <PlanForm
        source={source}
        action={action}
        groups={[]}
        selection={() => `${plural(n, "person", "people")} selected in the list`}
        onPlan={onPlan}
      >
        <Section
          title={`${plural(n, "person", "people")} selected in ${source.name}`}
          actions={
            <Button variant="default" onClick={() => go("/people")}>
              Change selection
            </Button>
          }
        >
          {actions.data?.some((a) => a.needsKey) ? (
            <Message
              tone="info"
              title={`The key of ${source.name} can only read.`}
              hint="With a second key, which a run unlocks for its changes, the actions become possible."
              actions={
                source.demo ? null : (
                  <Button size="xs" variant="default" onClick={() => go("/sources", { changes: source.id })}>
                    Add a key for changes
                  </Button>
                )
              }
            />
          ) : null}
          <Radio.Group label="What to do" value={kind} onChange={onKind} name="action">
            <Stack gap="xs" mt={6}>
              {(actions.data ?? []).map((a) => (
                <ActionChoice key={a.kind} action={a} />
              ))}
            </Stack>
          </Radio.Group>
        </Section>
      </PlanForm>
    </PageColumn>
  );
}

function ActionChoice({ action }: { action: ActionView }) {
  return (
    <Radio
      value={action.kind}
      disabled={!action.supported}
      label={action.title}
      description={action.supported ? `${action.effect} ${action.undo}` : action.reason}
    />
  );
}
