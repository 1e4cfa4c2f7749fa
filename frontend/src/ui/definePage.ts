import type { Icon } from "@tabler/icons-react";
import type { ComponentType } from "react";

/** What a folder under pages/ declares in its page.tsx; the router, the rail and the palette are built from it. */
export interface PageSpec {
  /** Path of the route; "$name" is a parameter. */
  path: string;
  title: string;
  icon: Icon;
  /** Where it stands in the rail: the main list, the list below, or nowhere. */
  group: "main" | "below" | "none";
  /** Order within the group. */
  order: number;
  /** The page shows one source: without any it is not reachable. */
  needsSource: boolean;
  /** The page stands alone in the window, without rail and header. */
  bare?: boolean;
  /** Makes typed view state of what stands in the address; it must accept anything. Without it the page has none. */
  search?: (raw: Record<string, unknown>) => object;
  component: ComponentType;
}

/** Declares a page; exists so that page.tsx is checked where it is written. */
export function definePage(spec: PageSpec): PageSpec {
  return spec;
}
