import { IconLayoutDashboard } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { OverviewPage, parseSearch } from "./OverviewPage";

export const page = definePage({
  path: "/overview",
  title: "Overview",
  icon: IconLayoutDashboard,
  group: "main",
  order: 10,
  needsSource: true,
  search: parseSearch,
  component: OverviewPage,
});
