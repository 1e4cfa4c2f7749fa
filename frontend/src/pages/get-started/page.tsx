import { IconRocket } from "@tabler/icons-react";
import { definePage } from "../../ui/definePage";
import { GetStartedPage } from "./GetStartedPage";
import { parseSearch } from "./steps";

export const page = definePage({
  path: "/get-started",
  title: "Get started",
  icon: IconRocket,
  group: "none",
  order: 0,
  needsSource: false,
  bare: true,
  search: parseSearch,
  component: GetStartedPage,
});
