import { IconHistory } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { RunsPage } from "./RunsPage";
import { parseRunsView } from "./view";

export const page = definePage({
  path: "/runs",
  title: "Run logs",
  icon: IconHistory,
  group: "main",
  order: 50,
  needsSource: false,
  search: parseRunsView,
  component: RunsPage,
});
