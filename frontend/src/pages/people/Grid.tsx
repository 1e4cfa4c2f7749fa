// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be windowed; this is the grid pattern of ARIA
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus, rows come and go
import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { PersonRow } from "../../api/people";
import { ProblemMessage } from "../../ui/Message";
import classes from "./Grid.module.css";
import { GridHeader } from "./GridHeader";
import { GridRow, rowId } from "./GridRow";
import { gridCommand } from "./gridKeys";
import { rangeOf } from "./selection";
import type { Columns } from "./useColumns";
import type { PeopleList } from "./usePeopleList";
import type { Selection } from "./useSelection";

const BOX_WIDTH = 40;
const OVERSCAN = 10;

interface GridProps {
  list: PeopleList;
  columns: Columns;
  selection: Selection;
  /** A person was looked at by key or click: "look" leaves the focus here, "open" gives it to the drawer. */
  onPerson(row: PersonRow, how: "look" | "open"): void;
  /** The drawer is open and follows the active row. */
  following: boolean;
  onClose(): void;
  onCopy(row: PersonRow): void;
  /** The list is gone in the backend. */
  onGone(): void;
}

/**
 * The list of people: windowed, keyboard first. The focus stays on the scroller, since rows come and go;
 * aria-activedescendant says which row is meant.
 */
export function Grid({ list, columns, selection, onPerson, following, onClose, onCopy, onGone }: GridProps) {
  const { rows, snapshot } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  useSyncExternalStore(rows.subscribe, () => rows.version);

  const virtual = useVirtualizer({
    count: snapshot.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => columns.density,
    overscan: OVERSCAN,
    scrollPaddingStart: columns.density,
    initialRect: { width: 1024, height: 640 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density changes every row's height
  useEffect(() => virtual.measure(), [columns.density]);

  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? -1;
  useEffect(() => rows.want(first, last + 1), [rows, first, last]);

  const gone = rows.problem?.code === "stale";
  useEffect(() => {
    if (gone) {
      onGone();
    }
  }, [gone, onGone]);

  // Another list starts at its top.
  useEffect(() => {
    setActive(0);
    anchor.current = 0;
    if (rows.version === 0) {
      scroller.current?.scrollTo({ top: 0 });
    }
  }, [rows]);

  const activeRow = rows.get(active);
  const follow = useRef(onPerson);
  follow.current = onPerson;
  useEffect(() => {
    if (following && activeRow) {
      follow.current(activeRow, "look");
    }
  }, [following, activeRow]);

  const goTo = (to: number, extend: boolean) => {
    if (extend) {
      const [from, end] = rangeOf(anchor.current, to);
      selection.change("add", from, end);
    } else {
      anchor.current = to;
    }
    setActive(to);
    virtual.scrollToIndex(to, { align: "auto" });
  };

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.target !== scroller.current) {
      return;
    }
    const command = gridCommand(e, { active, total: snapshot.total, page: Math.max(1, last - first - 2 * OVERSCAN) });
    if (!command) {
      return;
    }
    e.preventDefault();
    switch (command.do) {
      case "move":
        goTo(command.to, command.extend);
        break;
      case "toggle":
        selection.change("toggle", active, active + 1);
        anchor.current = active;
        break;
      case "selectAll":
        selection.change("all", 0, snapshot.total);
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
      setActive(index);
      if (shift) {
        const [from, end] = rangeOf(anchor.current, index);
        changeSelection("add", from, end);
        return;
      }
      anchor.current = index;
      if (what === "box") {
        changeSelection("toggle", index, index + 1);
      } else if (what === "double") {
        const row = rows.get(index);
        if (row) {
          follow.current(row, "look");
        }
      }
    },
    [changeSelection, rows],
  );

  const width = BOX_WIDTH + columns.shown.reduce((sum, c) => sum + c.width, 0);
  return (
    <>
      {rows.problem && !gone ? (
        <ProblemMessage problem={rows.problem} actions={<Button onClick={() => rows.retry()}>Try again</Button>} />
      ) : null}
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label="People"
        aria-rowcount={snapshot.total + 1}
        aria-colcount={columns.shown.length + 1}
        aria-multiselectable
        aria-activedescendant={active >= first && active <= last ? rowId(active) : undefined}
        aria-busy={items.some((i) => rows.get(i.index) === undefined)}
        className={classes.grid}
        data-density={columns.density}
        onKeyDown={onKeyDown}
      >
        <div style={{ width, minWidth: "100%" }}>
          <GridHeader columns={columns} selection={selection} total={snapshot.total} />
          <div role="rowgroup" tabIndex={-1} className={classes.body} style={{ height: virtual.getTotalSize() }}>
            <div
              className={classes.block}
              style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
              role="presentation"
            >
              {items.map((item) => (
                <GridRow
                  key={item.index}
                  index={item.index}
                  row={rows.get(item.index)}
                  columns={columns.shown}
                  height={columns.density}
                  active={item.index === active}
                  onPress={onPress}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
    </>
  );
}
