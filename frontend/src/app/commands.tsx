import { useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import {
  type Icon,
  IconBuilding,
  IconDeviceDesktop,
  IconDoorExit,
  IconFlask,
  IconKeyboard,
  IconMoon,
  IconPlayerStop,
  IconRefresh,
  IconRocket,
  IconSearch,
  IconSun,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from "@tabler/icons-react";
import { useMemo } from "react";
import { quit, setTheme, useAppInfo, useEnterDemo, useLeaveDemo, useSetActiveSource } from "../api/app";
import { useActions } from "../api/bulk";
import { useActiveSource, useSources } from "../api/sources";
import { useCancelSync, useStartChanges, useStartSync, useSync } from "../api/sync";
import { useGo } from "../components/navigation";
import { toast, toastProblem } from "../ui/toast";
import { zoom } from "../ui/zoom";
import { plainMarks } from "../util/marks";
import { shortcutSheet } from "./openShortcuts";
import { pages } from "./pages";

/** Something that the operator can do from anywhere: by the palette, a shortcut or the native menu. */
export interface Command {
  /** Stable; the native menu sends it as the event "menu". */
  id: string;
  label: string;
  group: "Go to" | "Actions" | "Bulk actions" | "Sources" | "View";
  icon: Icon;
  /** As Mantine's useHotkeys writes it, e.g. "mod+K". */
  shortcut?: string;
  /** The same on other keyboards; not shown. */
  alsoBy?: string[];
  description?: string;
  /** Why it cannot be done now. */
  disabled?: string;
  run(): void;
}

/** Runs a command, or says why not now. */
export function perform(command: Command): void {
  if (command.disabled) {
    toast("info", `${command.label}: not now`, command.disabled);
  } else {
    command.run();
  }
}

function usePageCommands(): Command[] {
  const go = useGo();
  return useMemo(() => {
    const shown = pages.filter((p) => p.group !== "none" && !p.path.includes("$"));
    const ordered = [...shown.filter((p) => p.group === "main"), ...shown.filter((p) => p.group === "below")];
    return ordered.map((p, i) => ({
      id: `go${p.path.replaceAll("/", ".")}`,
      label: p.title,
      group: "Go to" as const,
      icon: p.icon,
      shortcut: p.path === "/settings" ? "mod+," : i < 9 ? `mod+${i + 1}` : undefined,
      run: () => go(p.path),
    }));
  }, [go]);
}

function useSyncCommands(): Command[] {
  const source = useActiveSource();
  const sync = useSync(source?.id ?? "");
  const start = useStartSync();
  const changes = useStartChanges();
  const cancel = useCancelSync();
  if (!source) {
    return [];
  }
  const running = sync?.state === "running";
  return [
    {
      id: "sync.now",
      label: "Sync now",
      group: "Actions",
      icon: IconRefresh,
      shortcut: "mod+shift+S",
      description: sync?.canFollow
        ? `Read what has changed in ${plainMarks(source.name)}`
        : `Read everything of ${plainMarks(source.name)} afresh`,
      disabled: running ? "A sync is running." : source.paused ? "The source is paused." : undefined,
      run: () => (sync?.canFollow ? changes : start).mutate(source.id, { onError: toastProblem }),
    },
    {
      id: "sync.full",
      label: "Full sync",
      group: "Actions",
      icon: IconRefresh,
      description: `Read everything of ${plainMarks(source.name)} afresh`,
      disabled: running ? "A sync is running." : source.paused ? "The source is paused." : undefined,
      run: () => start.mutate(source.id, { onError: toastProblem }),
    },
    {
      id: "sync.cancel",
      label: "Cancel sync",
      group: "Actions",
      icon: IconPlayerStop,
      disabled: running ? undefined : "No sync is running.",
      run: () => cancel.mutate(source.id, { onError: toastProblem }),
    },
  ];
}

function useThemeCommands(): Command[] {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const themes = [
    { value: "light", label: "Light theme", icon: IconSun },
    { value: "dark", label: "Dark theme", icon: IconMoon },
    { value: "auto", label: "Theme of the system", icon: IconDeviceDesktop },
  ] as const;
  return themes.map((t) => ({
    id: `theme.${t.value}`,
    label: t.label,
    group: "View" as const,
    icon: t.icon,
    run: () => {
      setColorScheme(t.value);
      setTheme(t.value).catch(toastProblem);
    },
  }));
}

const zoomCommands: Command[] = [
  {
    id: "zoom.in",
    label: "Zoom in",
    group: "View",
    icon: IconZoomIn,
    shortcut: "mod+=",
    alsoBy: ["mod+[plus]", "mod+shift+[plus]", "mod+shift+="],
    run: () => zoom.step(1),
  },
  {
    id: "zoom.out",
    label: "Zoom out",
    group: "View",
    icon: IconZoomOut,
    shortcut: "mod+-",
    alsoBy: ["mod+shift+_"],
    run: () => zoom.step(-1),
  },
  {
    id: "zoom.reset",
    label: "Actual size",
    group: "View",
    icon: IconZoomReset,
    shortcut: "mod+0",
    run: () => zoom.set(100),
  },
];

function useSourceCommands(): Command[] {
  const sources = useSources().data ?? [];
  const active = useActiveSource();
  const setActive = useSetActiveSource();
  return sources.map((s) => ({
    id: `source.${s.id}`,
    label: `Switch to ${plainMarks(s.name)}`,
    group: "Sources" as const,
    icon: IconBuilding,
    description: s.kindTitle,
    disabled: s.id === active?.id ? "This source is shown." : undefined,
    run: () => setActive.mutate(s.id, { onError: toastProblem }),
  }));
}

function useBulkCommands(): Command[] {
  const source = useActiveSource();
  const go = useGo();
  const actions = useActions(source?.id ?? "").data ?? [];
  return actions.map((a) => ({
    id: `bulk.${a.kind}`,
    label: `${a.title}…`,
    group: "Bulk actions" as const,
    icon: pages.find((p) => p.path === "/bulk")?.icon ?? IconRocket,
    description: a.effect,
    disabled: a.supported ? undefined : a.reason,
    run: () => go("/bulk", { action: a.kind }),
  }));
}

/** Every command that exists now. */
export function useCommands(): Command[] {
  const go = useGo();
  const demo = useAppInfo().data?.demo ?? false;
  const enter = useEnterDemo();
  const leave = useLeaveDemo();
  const demoCommand: Command = demo
    ? {
        id: "demo.leave",
        label: "Leave the demo organization",
        group: "Actions",
        icon: IconFlask,
        run: () => leave.mutateAsync().then(() => go("/"), toastProblem),
      }
    : {
        id: "demo.enter",
        label: "Explore the demo organization",
        group: "Actions",
        icon: IconFlask,
        run: () => enter.mutateAsync().then(() => go("/"), toastProblem),
      };
  return [
    ...usePageCommands(),
    ...useSyncCommands(),
    {
      id: "palette",
      label: "Search or jump to",
      group: "Actions",
      icon: IconSearch,
      shortcut: "mod+K",
      run: () => spotlight.open(),
    },
    {
      id: "shortcuts",
      label: "Keyboard shortcuts",
      group: "Actions",
      icon: IconKeyboard,
      shortcut: "shift+?",
      run: shortcutSheet.open,
    },
    { id: "get-started", label: "Get started", group: "Actions", icon: IconRocket, run: () => go("/get-started") },
    demoCommand,
    ...useBulkCommands(),
    ...useSourceCommands(),
    ...useThemeCommands(),
    ...zoomCommands,
    {
      id: "quit",
      label: "Quit Seatkeeper",
      group: "Actions",
      icon: IconDoorExit,
      run: () => void quit().catch(toastProblem),
    },
  ];
}
