import { IconPlugConnected } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { parseSearch, SourcesPage } from "./SourcesPage";

export const page = definePage({
  path: "/sources",
  title: "Sources",
  icon: IconPlugConnected,
  group: "below",
  order: 10,
  needsSource: false,
  search: parseSearch,
  component: SourcesPage,
});
