import type { PersonRow } from "../../api/people";
import type { FilterNode } from "../../components/filter/tree";
import { roleName, statusWords, triWord } from "../../components/personWords";

/** A filter that finds who has the same value. */
export interface RowFilter {
  /** Names the value. */
  words: string;
  node: FilterNode;
}

const is = (field: string, kind: "word" | "text", text: string): FilterNode => ({
  kind: "condition",
  field,
  op: "=",
  values: [{ kind, text }],
});
const empty = (field: string): FilterNode => ({ kind: "condition", field, op: "is empty" });

const text = (field: string, value: string): RowFilter[] => [
  value === "" ? { words: "none", node: empty(field) } : { words: value, node: is(field, "text", value) },
];
// What is not known is no value to look for.
const tri = (field: string, value: string): RowFilter[] =>
  value === "yes" || value === "no" ? [{ words: triWord(value), node: is(field, "word", value) }] : [];

const byColumn: Record<string, (row: PersonRow) => RowFilter[]> = {
  email: (row) => {
    const at = row.email.lastIndexOf("@");
    return at < 0 ? [] : text("domain", row.email.slice(at + 1));
  },
  status: (row) => [{ words: statusWords(row.status).word, node: is("status", "word", row.status) }],
  lastActive: (row) => {
    if (row.activity === "active") {
      const day = row.lastActive.slice(0, 10);
      const node: FilterNode = { ...is("lastActive", "word", day), op: "<=", values: [{ kind: "date", text: day }] };
      return [{ words: `${day} or before`, node }];
    }
    return row.activity === "never" ? [{ words: "never", node: empty("lastActive") }] : [];
  },
  apps: (row) => row.apps.map((a) => ({ words: a, node: is("app", "text", a) })),
  managed: (row) => tri("managed", row.managed),
  roles: (row) => row.roles.map((r) => ({ words: roleName(r), node: is("role", "text", r) })),
  userName: (row) => text("userName", row.userName),
  department: (row) => text("department", row.department),
  jobTitle: (row) => text("jobTitle", row.jobTitle),
  location: (row) => text("location", row.location),
  mfa: (row) => tri("mfa", row.mfa),
  origin: (row) => (row.origin === "" ? [] : [{ words: row.origin, node: is("source", "word", row.origin) }]),
  type: (row) => text("accountType", row.type),
  policy: (row) => text("authPolicy", row.policy),
};

/** The filters by the values that stand in one cell. */
export function filtersOf(column: string, row: PersonRow): RowFilter[] {
  return byColumn[column]?.(row) ?? [];
}
