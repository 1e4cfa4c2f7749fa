import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { BrandMark } from "../ui/BrandMark";
import type { PageSpec } from "../ui/definePage";
import { PinnedFilters } from "./PinnedFilters";
import { pages } from "./pages";
import classes from "./Rail.module.css";

interface RailProps {
  current: string | undefined;
  narrow: boolean;
  onToggle(): void;
}

function Item({ page, current, narrow }: { page: PageSpec; current: string | undefined; narrow: boolean }) {
  const active = current === page.path || (current?.startsWith(`${page.path}/`) ?? false);
  const link = (
    <Link
      to={page.path}
      className={classes.item}
      aria-current={active ? "page" : undefined}
      aria-label={narrow ? page.title : undefined}
    >
      <page.icon size={18} stroke={1.6} aria-hidden className={classes.icon} />
      {narrow ? null : <span>{page.title}</span>}
    </Link>
  );
  return (
    <li>
      {narrow ? (
        <Tooltip label={page.title} position="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
      {page.path === "/people" && !narrow ? <PinnedFilters /> : null}
    </li>
  );
}

/** The list of pages at the left; collapses to icons. */
export function Rail({ current, narrow, onToggle }: RailProps) {
  const list = (group: PageSpec["group"]) => pages.filter((p) => p.group === group);
  return (
    <nav className={classes.rail} aria-label="Pages" data-narrow={narrow || undefined}>
      <div className={classes.brand}>
        <BrandMark size={20} />
        {narrow ? null : <span>Seatkeeper</span>}
      </div>
      <ul className={classes.list}>
        {list("main").map((p) => (
          <Item key={p.path} page={p} current={current} narrow={narrow} />
        ))}
      </ul>
      <ul className={classes.list} data-below>
        {list("below").map((p) => (
          <Item key={p.path} page={p} current={current} narrow={narrow} />
        ))}
      </ul>
      <div className={classes.foot}>
        <Tooltip label={narrow ? "Show the names" : "Show icons only"} position="right">
          <ActionIcon
            onClick={onToggle}
            aria-label={narrow ? "Show the names of the pages" : "Show icons only"}
            aria-expanded={!narrow}
          >
            {narrow ? (
              <IconLayoutSidebarLeftExpand size={18} stroke={1.6} />
            ) : (
              <IconLayoutSidebarLeftCollapse size={18} stroke={1.6} />
            )}
          </ActionIcon>
        </Tooltip>
      </div>
    </nav>
  );
}
