import { IconUsersGroup } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { GroupsPage, parseView } from "./GroupsPage";

export const page = definePage({
  path: "/groups",
  title: "Groups",
  icon: IconUsersGroup,
  group: "main",
  order: 30,
  needsSource: true,
  search: parseView,
  component: GroupsPage,
});
