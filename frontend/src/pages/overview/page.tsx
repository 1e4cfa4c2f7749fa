import { IconLayoutDashboard } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { OverviewPage } from "./OverviewPage";

export const page = definePage({
  path: "/overview",
  title: "Overview",
  icon: IconLayoutDashboard,
  group: "main",
  order: 10,
  needsSource: true,
  component: OverviewPage,
});
