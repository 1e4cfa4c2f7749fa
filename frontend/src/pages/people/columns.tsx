import { Fragment, type ReactNode } from "react";
import type { PersonRow } from "../../api/people";
import { noApp, roleName, statusWords, triWord } from "../../components/personWords";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { count, idTail } from "../../util/format";
import { shorten } from "../../util/marks";
import classes from "./Grid.module.css";

const NOT_KNOWN = "Not known";

/** One column of the list. */
export interface Column {
  id: string;
  title: string;
  /** Name by which the backend sorts; without it the column cannot be sorted. */
  sort?: string;
  size: number;
  /** Shown unless the operator hides it. */
  shown: boolean;
  /** Stands first and cannot be hidden: a name alone can be imitated. */
  fixed?: boolean;
  align?: "right";
  /** Takes room that is left over: its texts are long. */
  grows?: boolean;
  cell(row: PersonRow): ReactNode;
  /** As text, for copying: in the words that are shown, days and times as ISO 8601 has them. */
  text(row: PersonRow): string;
}

/** The last activity; noApp says that there is no app, as far as the source tells. */
function lastActive(noApp: string): Column {
  const word = (row: PersonRow) => (row.activity === "never" ? "Never" : row.activity === "none" ? noApp : NOT_KNOWN);
  return {
    id: "lastActive",
    title: "Last active",
    sort: "lastActive",
    size: 120,
    shown: true,
    cell: (row) => (row.activity === "active" ? <When iso={row.lastActive} as="day" /> : word(row)),
    text: (row) => (row.activity === "active" ? row.lastActive.slice(0, 10) : word(row)),
  };
}

/** Whether a text that a stranger wrote needs no element of its own to be shown safely, as most of it: a list has thousands of cells. */
function harmless(text: string): boolean {
  return /^[ -~]*$/.test(text) && shorten(text).left === 0;
}

function stranger(text: string, empty?: string): ReactNode {
  return text !== "" && harmless(text) ? text : <StrangerText text={text} empty={empty} />;
}

function apps({ apps }: PersonRow): ReactNode {
  const all = apps.join(", ");
  return harmless(all)
    ? all
    : apps.map((a, i) => (
        <Fragment key={a}>
          {i > 0 ? ", " : ""}
          <StrangerText text={a} />
        </Fragment>
      ));
}

function plain(id: keyof PersonRow & string, title: string, size: number, shown: boolean, sort?: string): Column {
  return {
    id,
    title,
    size,
    shown,
    sort,
    cell: (row) => (row[id] === "" ? "" : stranger(String(row[id]))),
    text: (row) => String(row[id]),
  };
}

/** Every column, in the order in which they stand at first. */
export const COLUMNS: Column[] = [
  {
    id: "name",
    title: "Name",
    sort: "name",
    size: 240,
    shown: true,
    fixed: true,
    grows: true,
    cell: (row) => (
      <span className={classes.who}>
        <span className={classes.name}>{stranger(row.name)}</span>
        <span className={classes.tail} title={row.accountId}>
          {idTail(row.accountId)}
        </span>
      </span>
    ),
    text: (row) => row.name,
  },
  {
    id: "email",
    title: "E-mail",
    sort: "email",
    size: 230,
    shown: true,
    fixed: true,
    grows: true,
    cell: (row) => stranger(row.email, "hidden"),
    text: (row) => row.email,
  },
  {
    id: "status",
    title: "Status",
    sort: "status",
    size: 136,
    shown: true,
    cell: (row) => {
      const { tone, word } = statusWords(row.status);
      return <State tone={tone}>{word}</State>;
    },
    text: (row) => statusWords(row.status).word,
  },
  lastActive(noApp("")),
  {
    id: "apps",
    title: "Apps",
    sort: "appCount",
    size: 220,
    shown: true,
    grows: true,
    cell: apps,
    text: (row) => row.apps.join(", "),
  },
  {
    id: "groups",
    title: "Groups",
    sort: "groupCount",
    size: 80,
    shown: true,
    align: "right",
    cell: (row) => count(row.groups),
    text: (row) => String(row.groups),
  },
  {
    id: "managed",
    title: "Managed",
    sort: "managed",
    size: 90,
    shown: true,
    cell: (row) => triWord(row.managed),
    text: (row) => triWord(row.managed),
  },
  {
    id: "roles",
    title: "Admin roles",
    size: 150,
    shown: true,
    cell: (row) => row.roles.map(roleName).join(", "),
    text: (row) => row.roles.map(roleName).join(", "),
  },
  plain("userName", "User name", 140, false, "userName"),
  plain("department", "Department", 140, true, "department"),
  plain("jobTitle", "Job title", 160, false, "jobTitle"),
  plain("location", "Location", 130, false, "location"),
  {
    id: "addedAt",
    title: "Added",
    sort: "added",
    size: 110,
    shown: false,
    cell: (row) => <When iso={row.addedAt} as="day" none={NOT_KNOWN} />,
    text: (row) => row.addedAt.slice(0, 10) || NOT_KNOWN,
  },
  {
    id: "mfa",
    title: "Two-step verification",
    sort: "mfa",
    size: 110,
    shown: false,
    cell: (row) => triWord(row.mfa),
    text: (row) => triWord(row.mfa),
  },
  {
    id: "billable",
    title: "Billable (Guard)",
    sort: "billable",
    size: 110,
    shown: false,
    cell: (row) => triWord(row.billable),
    text: (row) => triWord(row.billable),
  },
  plain("policy", "Authentication policy", 170, false, "authPolicy"),
  plain("origin", "Origin", 90, false, "source"),
  plain("type", "Account type", 110, false, "accountType"),
  plain("accountId", "Account ID", 260, false, "accountId"),
  {
    id: "readAt",
    title: "Data age",
    sort: "dataAge",
    size: 120,
    shown: false,
    cell: (row) => <When iso={row.readAt} as="ago" none={NOT_KNOWN} />,
    text: (row) => row.readAt || NOT_KNOWN,
  },
];

export const COLUMN_BY_ID = new Map(COLUMNS.map((c) => [c.id, c]));

/** A column as it is for a kind of source. */
export function columnFor(id: string, kind: string): Column | undefined {
  return id === "lastActive" ? lastActive(noApp(kind)) : COLUMN_BY_ID.get(id);
}
