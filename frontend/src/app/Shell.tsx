import { useLocalStorage } from "@mantine/hooks";
import { Outlet } from "@tanstack/react-router";
import type { AppInfo } from "../api/app";
import type { PageSpec } from "../ui/definePage";
import { CopyBar } from "./CopyBar";
import { useCommands } from "./commands";
import { Header } from "./Header";
import { KeysBar } from "./KeysBar";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import classes from "./Shell.module.css";
import { ShortcutSheet } from "./ShortcutSheet";

/** The frame of the window: rail, header, page. */
export function Shell({ page, info }: { page: PageSpec | undefined; info: AppInfo }) {
  const [narrow, setNarrow] = useLocalStorage({
    key: "seatkeeper-rail-narrow",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const commands = useCommands();
  return (
    <div
      className={classes.shell}
      data-narrow={narrow || undefined}
      data-unreal={info.demo || info.simulator || undefined}
    >
      <button type="button" className={classes.skip} onClick={() => document.getElementById("main")?.focus()}>
        Skip to the page
      </button>
      <Rail current={page?.path} narrow={narrow} onToggle={() => setNarrow(!narrow)} />
      <Header title={page?.title ?? "Seatkeeper"} info={info} />
      <main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
        <CopyBar info={info} />
        <KeysBar info={info} />
      </main>
      <Palette commands={commands} />
      <ShortcutSheet commands={commands} />
    </div>
  );
}
