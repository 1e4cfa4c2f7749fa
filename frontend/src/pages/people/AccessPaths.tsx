import type { ReactNode } from "react";
import type { AccessView } from "../../api/people";
import { statusWords } from "../../components/personWords";
import type { Tone } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { count } from "../../util/format";
import classes from "./PersonDrawer.module.css";

type Path = AccessView["paths"][number];

/** Whether a seat is counted, as tone and words; undefined when nothing is known about it. */
export function seatWords(a: AccessView): { tone: Tone; words: string } | undefined {
  if (a.seat === "yes") {
    return a.idle
      ? { tone: "off", words: `No seat while ${statusWords(a.idle).word.toLowerCase()}` }
      : { tone: "info", words: "Takes a seat" };
  }
  return a.seat === "no" ? { tone: "off", words: "Takes no seat" } : undefined;
}

/** Every way by which a person came by an app, and what leaving one of them would change. */
export function AccessPaths({ access }: { access: AccessView }) {
  if (access.paths.length === 0 && access.via.length > 0) {
    return (
      <div className={classes.dim}>
        Via <Names of={access.via} />
      </div>
    );
  }
  const own = ownWay(access);
  return (
    <>
      {access.paths.length > 0 ? (
        <ul className={classes.paths} aria-label="Granted by">
          {access.paths.map((p) => (
            <li key={p.groupId} className={classes.path}>
              Via <StrangerText text={p.group} />
              <span className={classes.dim}>{`: ${pathFacts(p)}`}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {own ? <div className={classes.dim}>{own}</div> : null}
      <Leaving access={access} />
    </>
  );
}

/** The role a group gives, and what is special about the group. */
function pathFacts(p: Path): string {
  return [
    p.roles.join(", "),
    ...(p.seat ? [] : ["costs no seat"]),
    ...(p.default ? ["default group"] : []),
    ...(p.synced === "yes" ? ["synced from the identity provider"] : []),
  ].join(" · ");
}

/** What is known about access without a group, or about what is not known. */
function ownWay(a: AccessView): string {
  if (a.direct === "yes") {
    return `${a.paths.length > 0 ? "Also given" : "Given"} directly, without a group.`;
  }
  if (a.inferred) {
    return "Follows from another role, such as organization admin.";
  }
  if (!a.known) {
    return a.paths.length > 0
      ? "What some of the groups grant is not known, so there may be more ways."
      : "Via: not known. What the groups grant was not read.";
  }
  return a.paths.length > 0
    ? ""
    : "No group of this person grants it: access was given directly, or in a way that Atlassian does not tell.";
}

/** One sentence: what removing the person from one of the groups would change. */
function Leaving({ access }: { access: AccessView }) {
  const seats = access.paths.filter((p) => p.seat);
  const [first, second] = seats;
  if (!first) {
    return access.paths.length > 0 && access.seat !== "yes" ? (
      <div className={classes.dim}>These groups give nothing that costs a seat.</div>
    ) : null;
  }
  return (
    <p className={classes.effect}>
      {!second ? <OneWay path={first} /> : <SeveralWays seats={seats} first={first} second={second} />}
      {seats.some((p) => p.default) ? " A default group may get the person back with the next invitation." : null}
    </p>
  );
}

function OneWay({ path }: { path: Path }) {
  const group = <StrangerText text={path.group} />;
  const there = path.synced === "yes" ? " That can only be done in the identity provider." : null;
  const also =
    path.also.length > 0 ? (
      <>
        {" "}
        It also ends <Names of={path.also} />.
      </>
    ) : null;
  switch (path.effect) {
    case "frees":
      return (
        <>
          Removing from {group} frees the seat.{also}
          {there}
        </>
      );
    case "nothing":
      return <>Removing from {group} alone changes nothing, because access was also given without a group.</>;
    default:
      return (
        <>
          Removing from {group} frees the seat, unless access was also given in another way.{also}
          {there}
        </>
      );
  }
}

function SeveralWays({ seats, first, second }: { seats: Path[]; first: Path; second: Path }): ReactNode {
  if (seats.length > 2) {
    return `Removing from one of the ${count(seats.length)} groups alone changes nothing, because the others grant it too.`;
  }
  return (
    <>
      Removing from <StrangerText text={first.group} /> alone changes nothing, because{" "}
      <StrangerText text={second.group} /> grants it too, and the other way round.
    </>
  );
}

const namesShown = 4;

function Names({ of }: { of: string[] }) {
  return (
    <>
      {of.slice(0, namesShown).map((name, i) => (
        <span key={name}>
          {i > 0 ? ", " : ""}
          <StrangerText text={name} />
        </span>
      ))}
      {of.length > namesShown ? ` and ${count(of.length - namesShown)} more` : ""}
    </>
  );
}
