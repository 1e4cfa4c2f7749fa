import { Button, Group, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ActionView, useAllActions } from "../../api/bulk";
import { useActiveSource, useSources } from "../../api/sources";
import { RUN_STATES } from "../../components/outcomes";
import { narrowed, type RunsViewState } from "./view";

const OUTCOMES = [
  { value: "clean", label: "All done" },
  { value: "refused", label: "With refusals" },
  { value: "unknown", label: "With results not known" },
];

/** The filters of the run logs. Each change starts again at the newest run. */
export function RunFilters({
  view,
  onView,
}: {
  view: RunsViewState;
  onView: (patch: Partial<RunsViewState>, options?: { replace?: boolean }) => void;
}) {
  const active = useActiveSource();
  const sources = useSources();
  const actions = useAllActions(active?.id ?? "");
  const set = (patch: Partial<RunsViewState>) => onView({ ...patch, offset: 0 }, { replace: true });
  const choice = (
    label: string,
    value: string,
    data: { value: string; label: string }[],
    change: (value: string) => Partial<RunsViewState>,
  ) => (
    <Select
      aria-label={label}
      placeholder={label}
      data={data}
      value={value === "" ? null : value}
      onChange={(next) => set(change(next ?? ""))}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      w={170}
    />
  );

  return (
    <Group gap="xs" mb="sm">
      <TextInput
        aria-label="Search people in runs"
        placeholder="Name, e-mail or account ID"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={view.search}
        onChange={(e) => set({ search: e.currentTarget.value })}
        w={230}
      />
      {choice(
        "Action",
        view.action,
        (actions.data ?? []).map((a: ActionView) => ({ value: a.kind, label: a.title })),
        (action) => ({ action }),
      )}
      {choice(
        "Status",
        view.state,
        RUN_STATES.map((s) => ({ value: s.key, label: s.label })),
        (state) => ({ state }),
      )}
      {choice("Outcome", view.outcome, OUTCOMES, (outcome) => ({ outcome }))}
      {choice(
        "Source",
        view.source,
        (sources.data ?? []).map((s) => ({ value: s.id, label: s.name })),
        (source) => ({ source }),
      )}
      <TextInput
        type="date"
        aria-label="From day"
        leftSection={<span aria-hidden>From</span>}
        leftSectionWidth={52}
        value={view.from}
        onChange={(e) => set({ from: e.currentTarget.value })}
      />
      <TextInput
        type="date"
        aria-label="To day"
        leftSection={<span aria-hidden>to</span>}
        leftSectionWidth={36}
        value={view.to}
        onChange={(e) => set({ to: e.currentTarget.value })}
      />
      {narrowed(view) ? (
        <Button
          variant="subtle"
          onClick={() => set({ action: "", state: "", outcome: "", source: "", from: "", to: "", search: "" })}
        >
          Clear filters
        </Button>
      ) : null}
    </Group>
  );
}
