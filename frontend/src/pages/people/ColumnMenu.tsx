import { ActionIcon, Button, Checkbox, Popover, SegmentedControl } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns3, IconMinus, IconPlus } from "@tabler/icons-react";
import classes from "./ColumnMenu.module.css";
import { COLUMN_BY_ID } from "./columns";
import type { Columns, Density } from "./useColumns";

/** By how much a click changes a width, in pixels. */
const STEP = 24;

/** Which columns are shown, in which order, how wide, how high a row is. Everything works without dragging. */
export function ColumnMenu({ columns }: { columns: Columns }) {
  return (
    <Popover position="bottom-end" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Row height"
          value={String(columns.density)}
          onChange={(v) => columns.setDensity(Number(v) as Density)}
          data={[
            { value: "28", label: "Compact" },
            { value: "32", label: "Normal" },
            { value: "40", label: "Roomy" },
          ]}
        />
        <ul className={classes.list}>
          {columns.order.map((id, i) => {
            const column = COLUMN_BY_ID.get(id);
            if (!column) {
              return null;
            }
            const before = COLUMN_BY_ID.get(columns.order[i - 1] ?? "");
            return (
              <li key={id} className={classes.item}>
                <Checkbox
                  size="xs"
                  label={column.title}
                  checked={columns.isShown(column)}
                  disabled={column.fixed}
                  onChange={() => columns.toggle(id)}
                />
                <span className={classes.moves}>
                  <ActionIcon
                    size={24}
                    aria-label={`Make ${column.title} narrower`}
                    onClick={() => columns.resize(id, columns.widthOf(column) - STEP)}
                  >
                    <IconMinus size={14} />
                  </ActionIcon>
                  <ActionIcon
                    size={24}
                    aria-label={`Make ${column.title} wider`}
                    onClick={() => columns.resize(id, columns.widthOf(column) + STEP)}
                  >
                    <IconPlus size={14} />
                  </ActionIcon>
                  {column.fixed ? null : (
                    <>
                      <ActionIcon
                        size={24}
                        aria-label={`Move ${column.title} left`}
                        disabled={!before || before.fixed}
                        onClick={() => columns.move(id, -1)}
                      >
                        <IconArrowUp size={14} />
                      </ActionIcon>
                      <ActionIcon
                        size={24}
                        aria-label={`Move ${column.title} right`}
                        disabled={i === columns.order.length - 1}
                        onClick={() => columns.move(id, 1)}
                      >
                        <IconArrowDown size={14} />
                      </ActionIcon>
                    </>
                  )}
                </span>
              </li>
            );
          })}
        </ul>
        <Button variant="subtle" color="gray" size="xs" onClick={columns.reset}>
          Reset columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
