import { Loader, MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { type AppChoice, type GroupView, useApps, useGroups, useGroupsById } from "../../api/people";
import { idTail, plural } from "../../util/format";
import { plainMarks } from "../../util/marks";
import type { Common } from "./FieldInput";

/** How many a list proposes; the search finds the others. */
const SHOWN = 50;

/** One thing that can be chosen. */
interface Pick {
  id: string;
  name: string;
  note: string;
  /** It cannot be chosen; the note says why. */
  off?: boolean;
}

interface ListProps {
  common: Common;
  /** Ids, separated by commas. */
  value: string;
  /** How many can be chosen; of one, the next takes its place. */
  most: number;
  onChange(value: string): void;
  sourceId: string;
}

interface PickInputProps extends Omit<ListProps, "sourceId"> {
  picks: Pick[];
  /** What it is called that can be chosen: "groups". */
  word: string;
  /** Why nothing can be found. */
  none: string;
  loading: boolean;
  disabled?: boolean;
  /** Searches where the list is too long to be here; without it the picks are searched. */
  onSearch?(search: string): void;
}

/** The ids of a value. */
function idsOf(value: string): string[] {
  return value.split(",").filter((id) => id !== "");
}

/** Chooses some of many by name. What is chosen and not among the picks stands there by its id: it can be taken out. */
function PickInput(props: PickInputProps) {
  const { common, value, most, onChange, picks, word, none, loading, disabled, onSearch } = props;
  const [search, setSearch] = useState("");
  const ids = idsOf(value);
  const lost = ids.filter((id) => !picks.some((p) => p.id === id)).map((id) => ({ id, name: id, note: "" }));
  const all: Pick[] = [...picks, ...lost];
  return (
    <MultiSelect
      {...common}
      placeholder={ids.length === 0 ? (common.placeholder ?? `Search ${word}`) : undefined}
      disabled={disabled}
      searchable
      openOnFocus={false} // the error below gets the focus back here, and must not be covered
      clearable
      clearButtonProps={{ "aria-label": `Clear ${common.label}` }}
      hidePickedOptions
      maxDropdownHeight={320}
      limit={SHOWN + ids.length}
      nothingFoundMessage={loading ? "Searching…" : none}
      rightSection={loading && picks.length === 0 ? <Loader size={14} /> : undefined}
      // Until the answer to what is typed is there, only what fits of the answer before is offered: Enter must not choose something else.
      filter={onSearch && !loading ? ({ options }) => options : undefined}
      searchValue={search}
      onSearchChange={(typed) => {
        setSearch(typed);
        onSearch?.(typed);
      }}
      data={all.map((p) => ({ value: p.id, label: plainMarks(p.name), disabled: p.off }))}
      renderOption={({ option }) => {
        const note = all.find((p) => p.id === option.value)?.note;
        return (
          <div>
            <bdi>{option.label}</bdi>
            {note ? <div style={{ fontSize: 12, color: "var(--mantine-color-dimmed)" }}>{note}</div> : null}
          </div>
        );
      }}
      value={ids}
      onChange={(next) => onChange((most === 1 ? next.slice(-1) : next).join(","))}
    />
  );
}

function groupNote(g: GroupView): string {
  return g.locked !== "" ? g.locked : g.members < 0 ? "" : plural(g.members, "member", "members");
}

/** Chooses groups of a source. Locked ones cannot be chosen. */
export function GroupsInput({ sourceId, ...list }: ListProps) {
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search, 120);
  const page = useGroups(sourceId, wanted, SHOWN);
  const ids = idsOf(list.value);
  const found = page.data?.groups ?? [];
  const stored = useGroupsById(sourceId, ids).data ?? [];
  const [met, setMet] = useState<GroupView[]>([]); // names that are shown must not wait for an answer
  const here = new Map([...met, ...stored, ...found].map((g) => [g.groupId, g]));
  return (
    <PickInput
      {...list}
      onChange={(value) => {
        setMet([...here.values()].filter((g) => idsOf(value).includes(g.groupId)));
        list.onChange(value);
      }}
      word="groups"
      none="No group has this name."
      loading={page.isFetching || wanted !== search}
      onSearch={setSearch}
      picks={[...here.values()].map((g) => ({ id: g.groupId, name: g.name, note: groupNote(g), off: g.locked !== "" }))}
    />
  );
}

/** The names of apps: one that shares name and site with another has the end of its id. */
function appNames(apps: AppChoice[]): Map<string, string> {
  const plain = (a: AppChoice) => (a.site === "" ? a.name || a.key : `${a.name || a.key} (${a.site})`);
  const all = apps.map(plain);
  return new Map(
    apps.map((a) => {
      const name = plain(a);
      return [a.appId, all.filter((n) => n === name).length > 1 ? `${name} ${idTail(a.appId)}` : name];
    }),
  );
}

/** Chooses apps of a source, each at one site. */
export function AppsInput({ sourceId, ...list }: ListProps) {
  const apps = useApps(sourceId);
  const names = appNames(apps.data ?? []);
  return (
    <PickInput
      {...list}
      word="apps"
      none="No app has this name."
      loading={apps.isFetching}
      picks={[...names].map(([id, name]) => ({ id, name, note: "" }))}
    />
  );
}

/** Chooses roles on the apps that are chosen. */
export function RolesInput({ sourceId, apps, ...list }: ListProps & { apps: string }) {
  const all = useApps(sourceId);
  const chosen = (all.data ?? []).filter((a) => idsOf(apps).includes(a.appId));
  const names = appNames(chosen);
  const roles = new Map<string, Pick>();
  for (const { id, name } of chosen.flatMap((a) => a.roles)) {
    const on = chosen.filter((a) => a.roles.some((r) => r.id === id));
    const note =
      on.length < chosen.length ? `Only on ${on.map((a) => plainMarks(names.get(a.appId) ?? "")).join(", ")}` : "";
    roles.set(id, { id, name, note });
  }
  return (
    <PickInput
      {...list}
      common={apps === "" ? { ...list.common, placeholder: "Choose an app first" } : list.common}
      disabled={apps === "" && list.value === ""}
      word="roles"
      none="No group of the source gives such a role."
      loading={all.isFetching}
      picks={[...roles.values()]}
    />
  );
}
