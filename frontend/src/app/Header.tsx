import { Kbd, UnstyledButton } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import type { AppInfo } from "../api/app";
import { useActiveSource } from "../api/sources";
import { keyLabels } from "../ui/keys";
import classes from "./Header.module.css";
import { KeyPill } from "./KeyPill";
import { QuitPill } from "./Quitting";
import { SourceSwitcher } from "./SourceSwitcher";
import { SyncPill } from "./SyncPill";
import { Unreal } from "./WindowEdge";

/** Title, search, freshness and, at the far right, whose people these are. */
export function Header({ title, info }: { title: string; info: AppInfo }) {
  const source = useActiveSource();
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>{title}</h1>
      <UnstyledButton className={classes.search} onClick={() => spotlight.open()}>
        <IconSearch size={15} stroke={1.7} aria-hidden />
        <span>Search or jump to</span>
        <Kbd size="xs" className={classes.kbd}>
          {keyLabels("mod+K")}
        </Kbd>
      </UnstyledButton>
      <div className={classes.right}>
        <Unreal info={info} />
        <QuitPill quit={info.quit} />
        {source ? <KeyPill source={source} /> : null}
        {source ? <SyncPill source={source} /> : null}
        {source ? <SourceSwitcher active={source} info={info} /> : null}
      </div>
    </header>
  );
}
