import { IconListCheck } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { BulkPage, parse } from "./BulkPage";

export const page = definePage({
  path: "/bulk",
  title: "Bulk action",
  icon: IconListCheck,
  group: "none",
  order: 0,
  needsSource: true,
  search: parse,
  component: BulkPage,
});
