import { Loader, MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { type GroupView, useGroups } from "../api/people";
import { count } from "../util/format";
import { plainMarks } from "../util/marks";

/** How many groups the list proposes; the search finds the others. */
const SHOWN = 50;

/** Chooses groups of a source by name. The value is the group ids, separated by commas. Locked groups cannot be chosen. */
export function GroupsField({
  sourceId,
  label,
  help,
  required,
  value,
  error,
  onChange,
}: {
  sourceId: string;
  label: string;
  help: string;
  required: boolean;
  value: string;
  error?: string;
  onChange: (value: string) => void;
}) {
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search, 120);
  const page = useGroups(sourceId, wanted, SHOWN);
  const [known, setKnown] = useState<Record<string, GroupView>>({});
  const ids = value === "" ? [] : value.split(",");
  const found = page.data?.groups ?? [];
  const chosen = ids.map((id) => known[id]).filter((g) => g !== undefined);
  const all = [...chosen, ...found.filter((g) => !ids.includes(g.groupId))];
  const note = (g: GroupView) => (g.locked !== "" ? g.locked : g.members < 0 ? "" : `${count(g.members)} members`);

  return (
    <MultiSelect
      label={label}
      description={help}
      required={required}
      error={error}
      placeholder={ids.length === 0 ? "Search groups" : undefined}
      searchable
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      hidePickedOptions
      maxDropdownHeight={320}
      nothingFoundMessage={page.isFetching ? "Searching…" : "No group has this name."}
      rightSection={page.isFetching && !page.data ? <Loader size={14} /> : undefined}
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      data={all.map((g) => ({ value: g.groupId, label: plainMarks(g.name), disabled: g.locked !== "" }))}
      renderOption={({ option }) => {
        const group = all.find((g) => g.groupId === option.value);
        return (
          <div>
            <bdi>{option.label}</bdi>
            {group ? <div style={{ fontSize: 12, color: "var(--mantine-color-dimmed)" }}>{note(group)}</div> : null}
          </div>
        );
      }}
      value={ids}
      onChange={(next) => {
        setKnown(Object.fromEntries(all.filter((g) => next.includes(g.groupId)).map((g) => [g.groupId, g])));
        onChange(next.join(","));
      }}
    />
  );
}
