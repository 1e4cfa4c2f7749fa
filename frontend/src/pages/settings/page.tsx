import { IconSettings } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { SettingsPage } from "./SettingsPage";

export const page = definePage({
  path: "/settings",
  title: "Settings",
  icon: IconSettings,
  group: "below",
  order: 20,
  needsSource: false,
  component: SettingsPage,
});
