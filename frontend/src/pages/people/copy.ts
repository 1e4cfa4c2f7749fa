import { type PersonRow, queryPeople, readRows } from "../../api/people";
import { toProblem } from "../../api/problem";
import { copy } from "../../components/copy";
import { toast, toastProblem } from "../../ui/toast";
import { plural } from "../../util/format";
import type { Column } from "./columns";

/** More people than this are exported and not copied. */
const MOST = 10_000;
const PAGE = 1000;

/** A text on one line that no spreadsheet takes for a formula. */
export function safeCell(text: string): string {
  const line = text.replaceAll(/[\t\r\n]+/g, " ");
  return /^\s*[=+\-@]/.test(line) ? `'${line}` : line;
}

/** People as lines with tabs between the cells, as spreadsheets paste them; several have a line of titles. */
export function asLines(rows: PersonRow[], columns: Column[]): string {
  const lines = rows.map((row) => columns.map((c) => safeCell(c.text(row))).join("\t"));
  return rows.length === 1 ? lines.join("") : [columns.map((c) => c.title).join("\t"), ...lines].join("\n");
}

/** Copies all selected people, in whatever list they stand. */
export async function copySelected(sourceId: string, write: (rows: PersonRow[]) => string): Promise<void> {
  try {
    const list = await queryPeople({
      sourceId,
      filter: "",
      search: "",
      sort: "",
      desc: false,
      selected: true,
      shown: false,
    });
    if (list.total > MOST) {
      toast(
        "info",
        "Too many to copy",
        `${plural(list.total, "person is", "people are")} selected. Export them to a file.`,
      );
      return;
    }
    const rows: PersonRow[] = [];
    while (rows.length < list.total) {
      const page = await readRows(list.id, rows.length, PAGE);
      if (page.length === 0) {
        break;
      }
      rows.push(...page);
    }
    copy(write(rows), plural(rows.length, "person", "people"));
  } catch (cause) {
    toastProblem(toProblem(cause));
  }
}

/** The e-mail addresses that are known, one a line. */
export function emailsOf(rows: PersonRow[]): string {
  return rows.flatMap((r) => (r.email === "" ? [] : [r.email])).join("\n");
}
