import { Menu } from "@mantine/core";
import { useActions } from "../../api/bulk";
import type { PersonRow } from "../../api/people";
import type { SourceView } from "../../api/sources";
import { copy } from "../../components/copy";
import type { FilterNode } from "../../components/filter/tree";
import { StrangerText } from "../../ui/StrangerText";
import { count } from "../../util/format";
import { asLines, copySelected, emailsOf, safeCell } from "./copy";
import classes from "./Grid.module.css";
import { filtersOf } from "./rowFilters";
import type { Columns } from "./useColumns";
import type { Selection } from "./useSelection";

/** Where the menu was asked for. */
export interface MenuPlace {
  index: number;
  row: PersonRow;
  /** The column under the pointer; undefined by key. */
  column: string | undefined;
  x: number;
  y: number;
}

interface RowMenuProps {
  source: SourceView;
  at: MenuPlace;
  columns: Columns;
  selection: Selection;
  onOpen(row: PersonRow): void;
  /** Adds a condition to the filter. */
  onNarrow(node: FilterNode): void;
  /** Begins an action for everybody who is selected. */
  onAct(kind: string): void;
  onClose(): void;
}

/** What can be done with one row: everything here works by keyboard too. */
export function RowMenu({ source, at, columns, selection, onOpen, onNarrow, onAct, onClose }: RowMenuProps) {
  const actions = useActions(source.id).data ?? [];
  const { row, index } = at;
  const shown = columns.shown.map((s) => s.column);
  const cell = shown.find((c) => c.id === at.column);
  const byCell = cell ? filtersOf(cell.id, row) : [];
  const filtered = cell && byCell.length > 0 ? [cell] : shown;
  const filters = filtered.flatMap((c) => filtersOf(c.id, row).map((f) => ({ ...f, title: c.title })));
  // The action is for everybody who is selected when this row is among them, else for this row alone.
  const together = row.selected && selection.count > 1;
  const act = async (kind: string) => {
    if (together || (row.selected && selection.count === 1) || (await selection.change("only", index, index + 1))) {
      onAct(kind);
    }
  };
  const cellText = cell?.text(row) ?? "";
  return (
    <Menu
      opened
      onClose={onClose}
      position="right-start"
      offset={2}
      middlewares={{ flip: true, shift: { padding: 8 } }}
      floatingStrategy="fixed"
      hideDetached={false}
      // Not the key that opened it.
      clickOutsideEvents={["mousedown", "touchstart"]}
      width={300}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span className={classes.menuAt} style={{ left: at.x, top: at.y }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown aria-label="Row" className={classes.menu}>
        <Menu.Label>
          <StrangerText text={row.name} />
        </Menu.Label>
        <Menu.Item onClick={() => onOpen(row)}>Open</Menu.Item>
        <Menu.Item onClick={() => void selection.change(row.selected ? "remove" : "add", index, index + 1)}>
          {row.selected ? "Remove from the selection" : "Add to the selection"}
        </Menu.Item>
        <Menu.Divider />
        {cell && cellText !== "" ? (
          <Menu.Item onClick={() => copy(safeCell(cellText), cell.title)}>
            Copy {cell.title.charAt(0).toLowerCase() + cell.title.slice(1)}
          </Menu.Item>
        ) : null}
        {row.email !== "" && cell?.id !== "email" ? (
          <Menu.Item onClick={() => copy(row.email, "E-mail")}>Copy e-mail</Menu.Item>
        ) : null}
        {cell?.id !== "accountId" ? (
          <Menu.Item onClick={() => copy(row.accountId, "Account ID")}>Copy account ID</Menu.Item>
        ) : null}
        <Menu.Item onClick={() => copy(asLines([row], shown), "The row")}>Copy row</Menu.Item>
        {selection.count > 0 ? (
          <>
            <Menu.Item onClick={() => void copySelected(source.id, (rows) => asLines(rows, shown))}>
              Copy rows of the selection ({count(selection.count)})
            </Menu.Item>
            <Menu.Item onClick={() => void copySelected(source.id, emailsOf)}>
              Copy e-mails of the selection ({count(selection.count)})
            </Menu.Item>
          </>
        ) : null}
        {filters.length > 0 ? (
          <>
            <Menu.Divider />
            <Menu.Label>Filter by</Menu.Label>
            {filters.map((f) => (
              <Menu.Item key={`${f.title} ${f.words}`} onClick={() => onNarrow(f.node)}>
                {f.title}: <StrangerText text={f.words} />
              </Menu.Item>
            ))}
          </>
        ) : null}
        <Menu.Divider />
        <Menu.Label>
          {together
            ? `For the selection (${count(selection.count)})`
            : selection.count > 0 && !row.selected
              ? `For this person alone; ends the selection of ${count(selection.count)}`
              : "For this person"}
        </Menu.Label>
        {actions.map((a) => {
          const reason = a.supported ? (source.paused ? "The source is paused." : "") : a.reason;
          return (
            <Menu.Item
              key={a.kind}
              disabled={reason !== ""}
              title={reason || undefined}
              onClick={() => void act(a.kind)}
            >
              {a.title}…
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
