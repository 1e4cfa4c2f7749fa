import { Group, NumberInput, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { SourceView } from "../../api/sources";
import { type TaskView, useSetTask, useSyncTask } from "../../api/tasks";
import { FormEnd } from "../../components/form/FormEnd";
import { FormFields } from "../../components/form/FormFields";
import { ProblemMessage } from "../../ui/Message";
import { When } from "../../ui/When";
import classes from "./Sources.module.css";
import { TaskHistory } from "./TaskHistory";

/** When a source is synced without being asked. */
export function ScheduleForm({ source, onDone }: { source: SourceView; onDone(): void }) {
  const { data, error } = useSyncTask(source.id);
  if (error) {
    return <ProblemMessage problem={error} />;
  }
  return data ? <Form task={data} onDone={onDone} /> : null;
}

function Form({ task, onDone }: { task: TaskView; onDone(): void }) {
  const set = useSetTask();
  const [draft, setDraft] = useState(task);
  const change = (part: Partial<TaskView>) => setDraft({ ...draft, ...part });
  const wrong = (field: string) => set.error?.at(field);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    set.mutate(draft, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className={classes.form} noValidate>
      <Radio.Group
        label="Sync"
        value={draft.mode}
        error={wrong("mode")}
        onChange={(mode) => {
          set.reset(); // what is wrong may be about an input that is gone now
          change({ mode });
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="daily" label="Every day at a time" />
          <Radio value="hours" label="Every so many hours" />
          <Radio value="off" label="Only by hand" />
        </Stack>
      </Radio.Group>
      {draft.mode === "daily" ? (
        <Group grow align="flex-start">
          <TextInput
            label="Time"
            placeholder="05:30"
            value={draft.at}
            error={wrong("at")}
            onChange={(e) => change({ at: e.currentTarget.value })}
          />
          <TextInput
            label="Time zone"
            placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
            description="Empty: this computer's"
            inputWrapperOrder={["label", "input", "error", "description"]}
            value={draft.zone}
            error={wrong("zone")}
            onChange={(e) => change({ zone: e.currentTarget.value.trim() })}
          />
        </Group>
      ) : null}
      {draft.mode === "hours" ? (
        <NumberInput
          label="Hours"
          min={1}
          max={168}
          allowDecimal={false}
          value={draft.hours}
          error={wrong("hours")}
          onChange={(hours) => change({ hours: Number(hours) || 0 })}
        />
      ) : null}
      <FormFields
        form={task.kind}
        sourceId={task.sourceId}
        fields={task.fields}
        values={draft.params}
        problem={set.error}
        onChange={(field, value) => change({ params: { ...draft.params, [field]: value } })}
      />
      <p className={classes.sub}>
        A sync that was missed because the computer slept or Seatkeeper was not running is made up for once. Last by
        schedule: <When iso={task.lastAt} none="never" />.
      </p>
      <TaskHistory taskId={task.id} />
      <FormEnd
        problem={set.error}
        fields={["mode", "at", "zone", "hours", ...task.fields.map((f) => f.name)]}
        verb="Save"
        busy={set.isPending}
        onCancel={onDone}
      />
    </form>
  );
}
