import { Select, Skeleton } from "@mantine/core";
import { type AppTile, type TileNumber, useOverview } from "../../api/people";
import { type SourceView, useActiveSource } from "../../api/sources";
import { useSync } from "../../api/sync";
import { KeyWarning } from "../../components/KeyWarning";
import { numberOf, useGo, useSearchState } from "../../components/navigation";
import { Empty } from "../../ui/Empty";
import { Message, ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { count } from "../../util/format";
import classes from "./Overview.module.css";

const DAYS = [30, 60, 90, 180, 365];

interface OverviewSearch {
  /** After how many days without use somebody counts as inactive. */
  days: number | undefined;
}

function parseSearch(raw: Record<string, unknown>): OverviewSearch {
  const days = numberOf(raw.days);
  return { days: days !== undefined && DAYS.includes(days) ? days : undefined };
}

/** Seats and use of every app of the active source; each number opens its list. */
export function OverviewPage() {
  const source = useActiveSource();
  return source ? <Overview key={source.id} source={source} /> : null;
}

function Overview({ source }: { source: SourceView }) {
  const [search, setSearch] = useSearchState(parseSearch);
  const days = search.days ?? 90;
  const tiles = useOverview(source.id, days);
  const sync = useSync(source.id) ?? source.sync;
  return (
    <PageColumn wide>
      <Warnings source={source} />
      <div className={classes.head}>
        <Select
          label="Inactive means not used for"
          className={classes.days}
          data={DAYS.map((d) => ({ value: String(d), label: `${d} days` }))}
          value={String(days)}
          onChange={(v) => v && setSearch({ days: Number(v) })}
          allowDeselect={false}
        />
        <p className={classes.asOf}>
          {count(sync.people)} people, local copy of <When iso={sync.completeAt} none="a sync that is not complete" />
        </p>
      </div>
      {tiles.error ? <ProblemMessage problem={tiles.error} /> : null}
      {tiles.data?.length === 0 ? (
        <Empty title={sync.state === "running" ? "The first sync is running" : "No apps in the local copy"}>
          {sync.state === "running"
            ? "Numbers appear here as soon as people have arrived."
            : "Sync this source to read its apps, or check that the key may see them."}
        </Empty>
      ) : null}
      <ul className={classes.tiles}>
        {tiles.data
          ? tiles.data.map((t) => <Tile key={`${t.app} ${t.siteUrl}`} tile={t} days={days} />)
          : tiles.error
            ? null
            : [1, 2, 3, 4].map((i) => (
                <li key={i} className={classes.tile}>
                  <Skeleton height={160} animate={false} />
                </li>
              ))}
      </ul>
    </PageColumn>
  );
}

const names: Record<string, (days: number) => string> = {
  seats: () => "Have access",
  active: (days) => `Active in ${days} days`,
  inactive: (days) => `Inactive for ${days} days`,
  never: () => "Never used",
  invited: () => "Invited",
  suspended: () => "Suspended",
  deactivated: () => "Deactivated",
  unknown: () => "Use not known",
};

function Tile({ tile, days }: { tile: AppTile; days: number }) {
  const go = useGo();
  const seats = tile.numbers.find((n) => n.name === "seats");
  const rest = tile.numbers.filter((n) => n !== seats);
  const share = (n: TileNumber) => (seats && seats.count > 0 ? Math.round((n.count / seats.count) * 100) : undefined);
  const open = (n: TileNumber) => go("/people", { filter: n.filter });
  return (
    <li className={classes.tile}>
      <h2 className={classes.app}>
        <StrangerText text={tile.app} />
        <span className={classes.site}>
          <StrangerText text={tile.site} empty="" />
          {tile.plan ? ` · ${tile.plan.toLowerCase()}` : ""}
        </span>
      </h2>
      {seats ? (
        <button type="button" className={classes.seats} onClick={() => open(seats)}>
          <span className={classes.big}>{count(seats.count)}</span> {seats.count === 1 ? "person has" : "people have"}{" "}
          access
        </button>
      ) : null}
      <ul className={classes.numbers}>
        {rest.map((n) => (
          <li key={n.name}>
            <button type="button" className={classes.number} onClick={() => open(n)}>
              <span>{names[n.name]?.(days) ?? n.name}</span>
              <span className={classes.figures}>
                <span className={classes.figure}>{count(n.count)}</span>
                <span className={classes.share}>{share(n) === undefined ? "" : `${share(n)}%`}</span>
              </span>
              <span className={classes.track} aria-hidden>
                <span className={classes.fill} style={{ width: `${share(n) ?? 0}%` }} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Warnings({ source }: { source: SourceView }) {
  const go = useGo();
  const sync = useSync(source.id) ?? source.sync;
  return (
    <div className={classes.warnings}>
      {sync.partial ? (
        <Message tone="warn" title="The first sync is not complete">
          Numbers are of the people who have arrived so far.
        </Message>
      ) : null}
      {sync.stale && !sync.partial && sync.revision > 0 ? (
        <Message tone="warn" title="The local copy is old" hint="Sync before you act on these numbers." />
      ) : null}
      <KeyWarning source={source} onReplace={() => go("/sources", { key: source.id })} />
    </div>
  );
}
