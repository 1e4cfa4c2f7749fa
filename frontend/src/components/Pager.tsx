import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { count } from "../util/format";

/** Where one is in a long list, and the way on where there is more. `what` names the rows ("changes"). */
export function Pager({
  from,
  size,
  total,
  what,
  below,
  onMove,
}: {
  from: number;
  size: number;
  total: number;
  what: string;
  /** Stands under its table. */
  below?: boolean;
  onMove: (from: number) => void;
}) {
  if (total === 0) {
    return null;
  }
  const to = Math.min(from + size, total);
  return (
    <Group
      gap={4}
      mt={below ? 8 : 0}
      justify="flex-end"
      wrap="nowrap"
      role="navigation"
      aria-label={`Pages of ${what}`}
    >
      <Text size="xs" c="dimmed" className="num">
        {count(from + 1)}–{count(to)} of {count(total)} {what}
      </Text>
      {total > size ? (
        <>
          <ActionIcon aria-label="Previous page" disabled={from === 0} onClick={() => onMove(Math.max(0, from - size))}>
            <IconChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon aria-label="Next page" disabled={to >= total} onClick={() => onMove(to)}>
            <IconChevronRight size={16} aria-hidden />
          </ActionIcon>
        </>
      ) : null}
    </Group>
  );
}
