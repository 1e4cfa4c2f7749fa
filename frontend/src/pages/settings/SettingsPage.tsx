import { Button, SegmentedControl, Switch, useMantineColorScheme } from "@mantine/core";
import { setTheme, useAppInfo, useSetNotifications } from "../../api/app";
import { KeyringStatus } from "../../components/KeyringStatus";
import { useGo } from "../../components/navigation";
import { Facts, PageColumn, Section } from "../../ui/Page";
import { State } from "../../ui/State";
import { toastProblem } from "../../ui/toast";

const platforms: Record<string, string> = { linux: "Linux", darwin: "macOS", windows: "Windows" };

/** Looks, keys, data folder, version. */
export function SettingsPage() {
  const info = useAppInfo().data;
  const go = useGo();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  if (!info) {
    return null;
  }
  return (
    <PageColumn>
      <Section title="Appearance" description="System follows the operating system.">
        <SegmentedControl
          aria-label="Theme"
          value={colorScheme}
          onChange={(value) => {
            setColorScheme(value as "light" | "dark" | "auto");
            setTheme(value).catch(toastProblem);
          }}
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "auto", label: "System" },
          ]}
        />
      </Section>
      <Section title="Notifications" description="Shown by your desktop; about runs only while the window is hidden.">
        <Notifications state={info.notifications} />
      </Section>
      <Section title="Keys" description="API keys and tokens never leave this machine except to Atlassian.">
        <KeyringStatus keyring={info.keyring} />
      </Section>
      <Section title="Setup" description="Connect another organization or site step by step.">
        <Button variant="default" onClick={() => go("/get-started")}>
          Open Get started
        </Button>
      </Section>
      <Section title="About">
        <Facts
          items={[
            { name: "Version", value: info.version },
            { name: "System", value: platforms[info.platform] ?? info.platform },
            { name: "Data folder", value: info.dataDir },
            { name: "Log", value: "seatkeeper.log in the data folder" },
            {
              name: "Closing the window",
              value: info.tray ? "Keeps Seatkeeper running in the tray" : "Ends Seatkeeper: there is no tray here",
            },
          ]}
        />
      </Section>
    </PageColumn>
  );
}

/** The switch, or why there is nothing to switch. */
function Notifications({ state }: { state: string }) {
  const set = useSetNotifications();
  if (state === "unavailable") {
    return <State tone="off">This desktop shows no notifications. The window says the same when you open it.</State>;
  }
  return (
    <Switch
      label="Notify me when a key expires soon, a sync fails, or a run finishes or needs me"
      checked={set.isPending ? set.variables : state === "on"}
      onChange={(e) => set.mutate(e.currentTarget.checked, { onError: toastProblem })}
    />
  );
}
