import { Skeleton } from "@mantine/core";
import type { AppTile, TileNumber } from "../../api/people";
import { useGo } from "../../components/navigation";
import { StrangerText } from "../../ui/StrangerText";
import { count, plural } from "../../util/format";
import classes from "./Overview.module.css";

const names: Record<string, (days: number) => string> = {
  seats: () => "Have access",
  active: (days) => `Active in ${plural(days, "day", "days")}`,
  inactive: (days) => `Inactive for ${plural(days, "day", "days")}`,
  never: () => "Never used",
  invited: () => "Invited",
  suspended: () => "Suspended",
  deactivated: () => "Deactivated",
  unknown: () => "Use not known",
};

/** Who was given the app and cannot open it at present: they are no part of the people who have access. */
const BESIDE = ["suspended", "deactivated"];

/** One tile for each app; undefined while they load. */
export function Tiles({ tiles, days }: { tiles: AppTile[] | undefined; days: number }) {
  return (
    <ul className={classes.tiles} aria-label="Apps">
      {tiles
        ? tiles.map((t) => <Tile key={t.appId} tile={t} days={days} />)
        : [1, 2, 3, 4].map((i) => (
            <li key={i} className={classes.tile}>
              <Skeleton height={160} animate={false} />
            </li>
          ))}
    </ul>
  );
}

/** "STANDARD" as Atlassian writes it on its pages. */
const planName = (plan: string) => plan.charAt(0).toUpperCase() + plan.slice(1).toLowerCase();

function Tile({ tile, days }: { tile: AppTile; days: number }) {
  const go = useGo();
  const seats = tile.numbers.find((n) => n.name === "seats");
  const parts = tile.numbers.filter((n) => n !== seats && !BESIDE.includes(n.name));
  const beside = tile.numbers.filter((n) => BESIDE.includes(n.name));
  const share = (n: TileNumber) => (seats && seats.count > 0 ? Math.round((n.count / seats.count) * 100) : undefined);
  return (
    <li className={classes.tile}>
      <h2 className={classes.app}>
        <StrangerText text={tile.app} />
        <span className={classes.site}>
          <StrangerText text={tile.site} empty="" />
          {tile.plan ? ` · ${planName(tile.plan)}` : ""}
        </span>
      </h2>
      {seats ? (
        <button type="button" className={classes.seats} onClick={() => go("/people", { filter: seats.filter })}>
          <span className={classes.big}>{count(seats.count)}</span> {seats.count === 1 ? "person has" : "people have"}{" "}
          access
        </button>
      ) : null}
      {seats && tile.usage >= 0 && tile.usage !== seats.count ? (
        <p className={classes.usage}>Atlassian counts {plural(tile.usage, "seat", "seats")}</p>
      ) : null}
      <ul className={classes.numbers}>
        {parts.map((n) => (
          <Line key={n.name} number={n} days={days} share={share(n)} bar />
        ))}
      </ul>
      {beside.length > 0 ? (
        <>
          <p className={classes.without}>Cannot open it at present</p>
          <ul className={classes.numbers}>
            {beside.map((n) => (
              <Line key={n.name} number={n} days={days} />
            ))}
          </ul>
        </>
      ) : null}
    </li>
  );
}

/** One number with its words; with a bar where it is a share of those who have access. It opens its list. */
function Line({ number, days, share, bar }: { number: TileNumber; days: number; share?: number; bar?: boolean }) {
  const go = useGo();
  return (
    <li>
      <button type="button" className={classes.number} onClick={() => go("/people", { filter: number.filter })}>
        <span>{names[number.name]?.(days) ?? number.name}</span>{" "}
        <span className={classes.figures}>
          <span className={classes.figure}>{count(number.count)}</span>{" "}
          <span className={classes.share}>{share === undefined ? "" : `${share}%`}</span>
        </span>
        {bar ? (
          <span className={classes.track} aria-hidden>
            <span className={classes.fill} style={{ width: `${share ?? 0}%` }} />
          </span>
        ) : null}
      </button>
    </li>
  );
}
