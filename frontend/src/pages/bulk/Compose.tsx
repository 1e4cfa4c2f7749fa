import { Button, Group, Radio, Stack, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ActionView, useActions, usePreview } from "../../api/bulk";
import { keys } from "../../api/client";
import { selectionCount } from "../../api/people";
import type { SourceView } from "../../api/sources";
import { FormProblem } from "../../components/FormProblem";
import { ListsDialog } from "../../components/filter/ListsDialog";
import { withList } from "../../components/filter/withList";
import { GroupsField } from "../../components/GroupsField";
import { NoAnswer } from "../../components/NoAnswer";
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
  const preview = usePreview();
  const [params, setParams] = useState<Record<string, string>>({});
  const [note, setNote] = useState("");
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
  const own = Object.fromEntries((action?.params ?? []).map((f) => [f.name, params[f.name] ?? ""]));
  const complete = action?.supported && action.params.every((f) => !f.required || own[f.name] !== "");
  const submit = () => {
    preview.mutate(
      {
        sourceId: source.id,
        action: kind,
        params: own,
        note: note.trim(),
        groups: [],
        selection: `${plural(n, "person", "people")} selected in the list`,
      },
      { onSuccess: (plan) => onPlan(plan.id) },
    );
  };

  return (
    <PageColumn>
      <ActsOn id={source.id} name={source.name} />
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (complete && !preview.isPending) {
            submit();
          }
        }}
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
        {action ? (
          <Stack gap="sm" mt="lg">
            {action.params.map((f) => (
              <GroupsField
                key={f.name}
                sourceId={source.id}
                label={f.label}
                help={f.help}
                required={f.required}
                value={own[f.name] ?? ""}
                error={preview.error?.at(f.name)}
                onChange={(value) => setParams({ ...params, [f.name]: value })}
              />
            ))}
            <Textarea
              label="Reason"
              description="Kept in the run log and shown with each person."
              placeholder="For example: left the company in October"
              rows={2}
              maxLength={500}
              value={note}
              onChange={(e) => setNote(e.currentTarget.value)}
            />
            <FormProblem problem={preview.error ?? undefined} fields={action.params.map((f) => f.name)} />
            <Group justify="space-between" mt="sm">
              <span style={{ color: "var(--mantine-color-dimmed)" }}>
                Nothing is changed until you confirm the preview.
              </span>
              <Button type="submit" disabled={!complete} loading={preview.isPending}>
                Preview
              </Button>
            </Group>
            <NoAnswer of="preview" />
          </Stack>
        ) : null}
      </form>
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
