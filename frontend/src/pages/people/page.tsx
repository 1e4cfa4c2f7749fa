import { IconUsers } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { PeoplePage } from "./PeoplePage";
import { parseSearch } from "./search";

export const page = definePage({
  path: "/people",
  title: "People",
  icon: IconUsers,
  group: "main",
  order: 20,
  needsSource: true,
  search: parseSearch,
  component: PeoplePage,
});
