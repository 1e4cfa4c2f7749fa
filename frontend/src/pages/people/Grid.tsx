// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be windowed; this is the grid pattern of ARIA
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus, rows come and go
import { Button } from "@mantine/core";
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { type PersonRow, placeOf } from "../../api/people";
import { ProblemMessage } from "../../ui/Message";
import { useZoom } from "../../ui/zoom";
import classes from "./Grid.module.css";
import { GridHeader } from "./GridHeader";
import { BOX_WIDTH, barsOf, GridRow, rowId } from "./GridRow";
import { gridCommand } from "./gridKeys";
import type { MenuPlace } from "./RowMenu";
import { rangeOf } from "./selection";
import { type Columns, stretch } from "./useColumns";
import type { PeopleList } from "./usePeopleList";
import { useRoom } from "./useRoom";
import { BLOCK, span, useRowWindow } from "./useRowWindow";
import type { Selection } from "./useSelection";

/** Rows beyond the drawn ones that are read too, so that scrolling meets them there. */
const AHEAD = 100;

interface GridProps {
  list: PeopleList;
  columns: Columns;
  selection: Selection;
  /** A person was looked at by key or click: "look" leaves the focus here, "open" gives it to the drawer. */
  onPerson(row: PersonRow, how: "look" | "open"): void;
  /** Whom the open drawer shows; it follows the active row when that moves. */
  person: number | undefined;
  onClose(): void;
  onCopy(row: PersonRow): void;
  onMenu(at: MenuPlace): void;
  /** The list is gone in the backend. */
  onGone(): void;
}

/**
 * The list of people: windowed, keyboard first. The focus stays on the scroller, since rows come and go;
 * aria-activedescendant says which row is meant.
 */
export function Grid({ list, columns, selection, onPerson, person, onClose, onCopy, onMenu, onGone }: GridProps) {
  const { rows, snapshot, again } = list;
  const following = person !== undefined;
  const zoom = useZoom();
  const height = Math.round(columns.density * zoom);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  useSyncExternalStore(rows.subscribe, () => rows.version);

  const room = useRoom(scroller);
  const { first, end, page, scrollTo } = useRowWindow(scroller, snapshot.total, height, zoom);
  useEffect(() => rows.want(first, end, AHEAD), [rows, first, end]);

  const gone = rows.problem?.code === "stale";
  useEffect(() => {
    if (gone) {
      onGone();
    }
  }, [gone, onGone]);

  // Another list starts at its top, or at the person whom the drawer shows. The same one read again
  // stays where it is, and the person who is meant too.
  const meant = useRef<number>(undefined);
  const shown = useRef(person);
  shown.current = person;
  // Only a move of the active row changes the person in the drawer: an address that names one is shown as it is.
  const moved = useRef(false);
  const bring = useRef(scrollTo);
  bring.current = scrollTo;
  useEffect(() => {
    let current = true;
    moved.current = false;
    const begin = (at: number) => {
      anchor.current = at;
      setActive(at);
    };
    if (!again) {
      begin(0);
      if (rows.version === 0) {
        scroller.current?.scrollTo({ top: 0 });
      }
    }
    const who = shown.current ?? (again ? meant.current : undefined);
    if (who !== undefined) {
      placeOf(snapshot.id, who).then(
        (at) => {
          if (current && at >= 0 && !moved.current) {
            begin(at);
            if (!again) {
              bring.current(at, "middle");
            }
          }
        },
        // A list that is gone is noticed by its rows.
        () => undefined,
      );
    }
    setActive((at) => Math.min(at, Math.max(0, snapshot.total - 1)));
    return () => {
      current = false;
    };
  }, [rows, again, snapshot]);

  const activeRow = rows.get(active);
  if (activeRow) {
    meant.current = activeRow.id;
  }
  const follow = useRef(onPerson);
  follow.current = onPerson;
  useEffect(() => {
    if (following && activeRow && moved.current) {
      moved.current = false;
      follow.current(activeRow, "look");
    }
  }, [following, activeRow]);

  const menuOf = (index: number, column: string | undefined, x: number, y: number) => {
    const row = rows.get(index);
    if (row) {
      onMenu({ index, row, column, x, y });
    }
  };
  /** The menu by key stands below the row that is meant. */
  const menuOfActive = () => {
    const row = document.getElementById(rowId(active))?.getBoundingClientRect();
    if (row) {
      menuOf(active, undefined, row.left + BOX_WIDTH * zoom, row.bottom);
    }
  };
  const onContextMenu = (e: MouseEvent) => {
    const cell = (e.target as Element).closest("[role=gridcell]");
    const at = Number(cell?.closest("[role=row]")?.getAttribute("aria-rowindex")) - 2;
    e.preventDefault();
    if (cell && at >= 0) {
      move(at);
      anchor.current = at;
      menuOf(at, columns.shown[Number(cell.getAttribute("aria-colindex")) - 2]?.column.id, e.clientX, e.clientY);
    }
  };

  const move = (to: number) => {
    moved.current = true;
    setActive(to);
  };
  const goTo = (to: number, extend: boolean) => {
    if (extend) {
      const [from, end] = rangeOf(anchor.current, to);
      void selection.change("add", from, end);
    } else {
      anchor.current = to;
    }
    move(to);
    scrollTo(to, "nearest");
  };

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.target !== scroller.current) {
      return;
    }
    const command = gridCommand(e, { active, total: snapshot.total, page: page() });
    if (!command) {
      return;
    }
    e.preventDefault();
    switch (command.do) {
      case "move":
        goTo(command.to, command.extend);
        break;
      case "toggle":
        void selection.change("toggle", active, active + 1);
        anchor.current = active;
        break;
      case "selectAll":
        void selection.change("all", 0, snapshot.total);
        break;
      case "look":
      case "open":
        if (activeRow) {
          if (command.do === "look" && following) {
            onClose();
          } else {
            onPerson(activeRow, command.do);
          }
        }
        break;
      case "copy":
        if (activeRow) {
          onCopy(activeRow);
        }
        break;
      case "menu":
        menuOfActive();
        break;
      case "close":
        if (following) {
          onClose();
        } else if (selection.count > 0) {
          selection.clear();
        }
        break;
    }
  };

  const changeSelection = selection.change;
  const onPress = useCallback(
    (index: number, what: "box" | "row" | "double", shift: boolean) => {
      moved.current = true;
      setActive(index);
      if (shift) {
        const [from, end] = rangeOf(anchor.current, index);
        void changeSelection("add", from, end);
        return;
      }
      anchor.current = index;
      if (what === "box") {
        void changeSelection("toggle", index, index + 1);
      } else if (what === "double") {
        const row = rows.get(index);
        if (row) {
          follow.current(row, "look");
        }
      }
    },
    [changeSelection, rows],
  );

  const own = useMemo(
    () => columns.shown.map((c) => ({ ...c, width: Math.round(c.width * zoom) })),
    [columns.shown, zoom],
  );
  const spare = Math.max(0, room - Math.round(BOX_WIDTH * zoom) - own.reduce((sum, c) => sum + c.width, 0));
  const drawn = useMemo(() => stretch(own, spare), [own, spare]);
  const bars = useMemo(() => barsOf(drawn, zoom), [drawn, zoom]);
  const width = Math.round(BOX_WIDTH * zoom) + drawn.reduce((sum, c) => sum + c.width, 0);
  return (
    <>
      {rows.problem && !gone ? (
        <div className={classes.trouble}>
          <ProblemMessage problem={rows.problem} actions={<Button onClick={() => rows.retry()}>Try again</Button>} />
        </div>
      ) : null}
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label="People"
        aria-rowcount={snapshot.total + 1}
        aria-colcount={columns.shown.length + 1}
        aria-multiselectable
        aria-activedescendant={active >= first && active < end ? rowId(active) : undefined}
        aria-busy={span(first, end).some((index) => rows.get(index) === undefined)}
        className={classes.grid}
        data-density={columns.density}
        data-active={active}
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
      >
        <div style={{ width, minWidth: "100%", ...bars }}>
          <GridHeader columns={columns} drawn={drawn} zoom={zoom} selection={selection} total={snapshot.total} />
          <div role="rowgroup" className={classes.body} style={{ height: snapshot.total * height }}>
            {span(first, end, BLOCK).map((block) => (
              <div
                key={block}
                role="presentation"
                className={classes.block}
                style={{ top: block * height, height: BLOCK * height }}
              >
                {span(block, Math.min(block + BLOCK, end)).map((index) => (
                  <GridRow
                    key={index}
                    index={index}
                    row={rows.get(index)}
                    columns={drawn}
                    height={height}
                    active={index === active}
                    onPress={onPress}
                  />
                ))}
              </div>
            ))}
          </div>
        </div>
      </div>
    </>
  );
}
