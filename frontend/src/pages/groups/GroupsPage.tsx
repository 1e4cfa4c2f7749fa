import { Group, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { exportGroups, type GroupRow, useGroupList } from "../../api/groups";
import { type SourceView, useActiveSource } from "../../api/sources";
import { CountTabs } from "../../components/CountTabs";
import { DataTable } from "../../components/DataTable";
import { ExportMenu } from "../../components/ExportMenu";
import { numberOf, textOf, useGo, useSearchState } from "../../components/navigation";
import type { Outcome } from "../../components/outcomes";
import { Pager } from "../../components/Pager";
import { noApp } from "../../components/personWords";
import { useChosen } from "../../components/useChosen";
import { useStill } from "../../components/useStill";
import { Empty } from "../../ui/Empty";
import { ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { plural } from "../../util/format";
import { columnsOf } from "./columns";
import { GroupBar } from "./GroupBar";

/** Groups of one page of the list. */
const PER_PAGE = 100;

/** How long typing in the search field rests before the list follows, in milliseconds. */
const TYPING_MS = 120;

const KINDS: Outcome[] = [
  { key: "empty", label: "Empty", tone: "idle" },
  { key: "synced", label: "Synced", tone: "info" },
  { key: "locked", label: "Locked", tone: "off" },
  { key: "open", label: "Can be changed", tone: "good" },
  { key: "unsure", label: "Not known whether synced", tone: "idle" },
  { key: "many_apps", label: "Give several apps", tone: "warn" },
  { key: "default", label: "Default groups", tone: "info" },
  { key: "admin", label: "Admins", tone: "warn" },
  { key: "leaks", label: "Default, give several apps", tone: "warn" },
];

const SORTS = [
  { value: "name", label: "By name" },
  { value: "members-desc", label: "Most members first" },
  { value: "members", label: "Fewest members first" },
  { value: "apps-desc", label: "Most apps first" },
];

export function parseView(raw: Record<string, unknown>) {
  return {
    search: textOf(raw.search) || undefined,
    kind: textOf(raw.kind) || undefined,
    sort: textOf(raw.sort) || undefined,
    from: numberOf(raw.from),
  };
}

/** The groups of the active source. */
export function GroupsPage() {
  const source = useActiveSource();
  return source ? <GroupsOf key={source.id} source={source} /> : null;
}

function GroupsOf({ source }: { source: SourceView }) {
  const go = useGo();
  const [view, setView] = useSearchState(parseView);
  const [typed, setTyped] = useState(view.search ?? "");
  const [sort, order] = (view.sort ?? "name").split("-");
  const from = view.from ?? 0;
  const query = {
    sourceId: source.id,
    search: view.search ?? "",
    kind: view.kind ?? "",
    sort: sort ?? "",
    desc: order === "desc",
    from,
    count: PER_PAGE,
  };
  const page = useGroupList(query);
  const follow = useDebouncedCallback(
    (text: string) => setView({ search: text || undefined, from: undefined }, { replace: true }),
    TYPING_MS,
  );
  const open = (g: GroupRow) => go("/people", { filter: g.filter });
  const chosen = useChosen();
  const { shown: list, ...newer } = useStill(
    page.data,
    page.isPlaceholderData ? undefined : JSON.stringify(query),
    (l) => JSON.stringify([l?.groups, l?.kinds]),
    "table[aria-label=Groups]",
  );
  const shownDirectory = list?.groups.some((g) => g.directory !== "") ?? false;
  return (
    <PageColumn wide>
      <Group gap="xs" mb="sm">
        <TextInput
          w={300}
          aria-label="Search groups"
          placeholder="Name, description or group ID"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => {
            setTyped(e.currentTarget.value);
            follow(e.currentTarget.value);
          }}
        />
        <Select
          w={190}
          aria-label="Sort groups"
          data={SORTS}
          value={SORTS.some((s) => s.value === view.sort) ? view.sort : "name"}
          allowDeselect={false}
          onChange={(v) => setView({ sort: v === "name" ? undefined : (v ?? undefined), from: undefined })}
        />
        <ExportMenu
          what="groups"
          said={(n) => `${plural(n, "group was", "groups were")} exported.`}
          disabled={!list || list.total === 0}
          write={(format) => exportGroups(query, format)}
        />
      </Group>
      {page.error ? <ProblemMessage problem={page.error} /> : null}
      {list ? (
        <Group justify="space-between" mb="xs">
          <CountTabs
            label="Kinds of groups"
            outcomes={KINDS}
            counts={list.kinds}
            // Each group can be changed, is locked, or nobody knows: together they are all that the search finds.
            total={(list.kinds.open ?? 0) + (list.kinds.locked ?? 0) + (list.kinds.unsure ?? 0)}
            value={view.kind ?? ""}
            onChange={(kind) => setView({ kind: kind || undefined, from: undefined })}
          />
          <Pager
            from={from}
            size={PER_PAGE}
            total={list.total}
            what="groups"
            onMove={(to) => setView({ from: to || undefined })}
          />
        </Group>
      ) : null}
      {list ? <GroupBar source={source} query={query} list={list} chosen={chosen} /> : null}
      {page.error ? null : (
        <DataTable
          label="Groups"
          columns={columnsOf(open, shownDirectory, chosen, noApp(source.kind))}
          rows={list?.groups}
          rowKey={(g) => g.groupId}
          newer={newer.waiting ? newer.take : undefined}
          onOpen={open}
          empty={
            list?.all === 0 ? (
              <Empty title="No groups">The local copy has no groups of this source. A sync reads them.</Empty>
            ) : (
              <Empty title="No group matches">No group of the source fits the search.</Empty>
            )
          }
        />
      )}
      {list && list.all > 0 ? (
        <Text size="xs" c="dimmed" mt="sm">
          Members are those in the local copy: they equal the list that a group opens.
          {list.grantsKnown
            ? " Whoever is given an app gets into its default group."
            : " This source does not say which apps a group gives."}
          {source.kind === "jira_cloud" ? " A Jira site tells of Jira alone, not of Confluence and others." : null}
        </Text>
      ) : null}
    </PageColumn>
  );
}
