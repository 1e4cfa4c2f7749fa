import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown, IconDoorExit, IconPlus, IconSettings } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import { type AppInfo, useLeaveDemo, useSetActiveSource } from "../api/app";
import { type SourceView, useSources } from "../api/sources";
import { useGo } from "../components/navigation";
import { StrangerText } from "../ui/StrangerText";
import { sourceColor } from "../ui/sourceColor";
import { toastProblem } from "../ui/toast";
import classes from "./Header.module.css";

/** Shows which source every page is about, in the source's own color, and changes it. */
export function SourceSwitcher({ active, info }: { active: SourceView; info: AppInfo }) {
  const sources = useSources().data ?? [];
  const setActive = useSetActiveSource();
  const leave = useLeaveDemo();
  const go = useGo();
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <UnstyledButton
          className={classes.switcher}
          style={{ "--source-color": sourceColor(active.color) } as CSSProperties}
          aria-label={`Source: ${active.name}. Change source`}
        >
          <span>
            <StrangerText text={active.name} />
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Sources</Menu.Label>
        {sources.map((s) => (
          <Menu.Item
            key={s.id}
            leftSection={
              <div className={classes.swatch} style={{ "--source-color": sourceColor(s.color) } as CSSProperties} />
            }
            rightSection={s.id === active.id ? <IconCheck size={16} aria-label="shown now" /> : null}
            onClick={() => setActive.mutate(s.id, { onError: toastProblem })}
          >
            <StrangerText text={s.name} />
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={() => go("/sources")}>
          Manage sources
        </Menu.Item>
        {info.demo ? (
          <Menu.Item
            leftSection={<IconDoorExit size={16} aria-hidden />}
            onClick={() => leave.mutateAsync().then(() => go("/"), toastProblem)}
          >
            Leave the demo organization
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => go("/sources", { add: "choose" })}>
            Connect another source
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
