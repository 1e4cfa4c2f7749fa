import { Button, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { setTheme, useAppInfo } from "../../api/app";
import { KeyringStatus } from "../../components/KeyringStatus";
import { useGo } from "../../components/navigation";
import { Facts, PageColumn, Section } from "../../ui/Page";
import { toastProblem } from "../../ui/toast";

const platforms: Record<string, string> = { linux: "Linux", darwin: "macOS", windows: "Windows" };

/** Looks, keys, data folder, version. */
export function SettingsPage() {
  const info = useAppInfo().data;
  const go = useGo();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
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
      <Section title="Keys" description="API keys and tokens never leave this machine except to Atlassian.">
        <KeyringStatus keyring={info.keyring} />
      </Section>
      <Section title="Set-up" description="Connect another organization or site step by step.">
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
