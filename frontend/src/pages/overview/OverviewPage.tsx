import { Group, Select } from "@mantine/core";
import { useState } from "react";
import { useInactiveDays, useSetInactiveDays } from "../../api/overview";
import { useOverview } from "../../api/people";
import { type SourceView, useActiveSource } from "../../api/sources";
import { useSync } from "../../api/sync";
import { numberOf, textOf, useSearchState } from "../../components/navigation";
import { Empty } from "../../ui/Empty";
import { Message, ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { toastProblem } from "../../ui/toast";
import { When } from "../../ui/When";
import { count } from "../../util/format";
import { plainMarks } from "../../util/marks";
import { Attention } from "./Attention";
import classes from "./Overview.module.css";
import { Tiles } from "./Tiles";
import { RANGES, Trends } from "./Trends";

/** The largest number of days without use that can be chosen. */
const MOST_DAYS = 3650;

interface OverviewSearch {
  /** The site whose apps are shown. */
  site: string | undefined;
  /** Whose trend is shown: an app's id, or "everybody". */
  trend: string | undefined;
  /** How many days back the trend goes, 0 for all. */
  range: number | undefined;
}

export function parseSearch(raw: Record<string, unknown>): OverviewSearch {
  const range = numberOf(raw.range);
  return {
    site: textOf(raw.site) || undefined,
    trend: textOf(raw.trend) || undefined,
    range: range !== undefined && RANGES.includes(range) ? range : undefined,
  };
}

/** Seats and use of every app of the active source, what needs attention, and trends; each number opens its list. */
export function OverviewPage() {
  const source = useActiveSource();
  return source ? <Overview key={source.id} source={source} /> : null;
}

function Overview({ source }: { source: SourceView }) {
  const [search, setSearch] = useSearchState(parseSearch);
  const kept = useInactiveDays();
  const days = kept.data?.days;
  const tiles = useOverview(source.id, days);
  const sync = useSync(source.id) ?? source.sync;
  const sites = [...new Set((tiles.data ?? []).map((t) => t.site))].filter((s) => s !== "");
  const site = search.site && sites.includes(search.site) ? search.site : "";
  const shown = tiles.data?.filter((t) => site === "" || t.site === site);
  const problem = kept.error ?? tiles.error;
  // When the first sync ends, the numbers are still of those who had arrived until the whole list is built.
  const partial = sync.partial || tiles.data?.some((t) => t.partial);
  return (
    <PageColumn wide>
      {partial ? (
        <div className={classes.warnings}>
          <Message tone="warn" title="The first sync is not complete">
            Numbers are of the people who have arrived so far.
          </Message>
        </div>
      ) : null}
      <div className={classes.head}>
        <Group gap="sm">
          <DaysChoice days={days} steps={kept.data?.steps ?? []} />
          {sites.length > 1 ? (
            <Select
              label="Site"
              className={classes.days}
              data={[{ value: "", label: "All sites" }, ...sites.map((s) => ({ value: s, label: plainMarks(s) }))]}
              value={site}
              onChange={(v) => setSearch({ site: v || undefined })}
              allowDeselect={false}
            />
          ) : null}
        </Group>
        <p className={classes.asOf}>
          {count(sync.people)} people, local copy of{" "}
          <When iso={partial ? "" : sync.completeAt} none="a sync that is not complete" />
        </p>
      </div>
      {problem ? <ProblemMessage problem={problem} /> : null}
      <div className={classes.beside}>
        <Attention sourceId={source.id} days={days} />
        <Trends
          sourceId={source.id}
          days={days}
          tiles={shown}
          site={site}
          app={search.trend ?? ""}
          range={search.range ?? 90}
          onView={setSearch}
        />
      </div>
      {tiles.data?.length === 0 ? (
        <Empty title={sync.state === "running" ? "The first sync is running" : "No apps in the local copy"}>
          {sync.state === "running"
            ? "Numbers appear here as soon as people have arrived."
            : "Sync this source to read its apps, or check that the key may see them."}
        </Empty>
      ) : null}
      {problem && !shown ? null : <Tiles tiles={shown} days={days ?? 0} />}
    </PageColumn>
  );
}

/** After how many days without use somebody counts as inactive; any number can be typed. It is kept. */
function DaysChoice({ days, steps }: { days: number | undefined; steps: number[] }) {
  const set = useSetInactiveDays();
  const [typed, setTyped] = useState("");
  const wanted = /^\d{1,4}$/.test(typed.trim()) ? Number(typed.trim()) : 0;
  const choices = new Set(steps);
  for (const n of [days ?? 0, wanted]) {
    if (n >= 1 && n <= MOST_DAYS) {
      choices.add(n);
    }
  }
  return (
    <Select
      label="Inactive means not used for"
      className={classes.days}
      data={[...choices]
        .sort((a, b) => a - b)
        .map((d) => ({ value: String(d), label: d === 1 ? "1 day" : `${d} days` }))}
      value={days === undefined ? null : String(days)}
      searchable
      onSearchChange={setTyped}
      nothingFoundMessage="Type a number of days, 1 to 3,650"
      onChange={(v) => v && set.mutate(Number(v), { onError: toastProblem })}
      allowDeselect={false}
      disabled={days === undefined}
    />
  );
}
