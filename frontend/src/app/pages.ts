import type { PageSpec } from "../ui/definePage";

const modules = import.meta.glob<{ page: PageSpec }>("../pages/*/page.tsx", { eager: true });

/** Every page, by group and order. A page is added by adding its folder. */
export const pages: PageSpec[] = Object.values(modules)
  .map((m) => m.page)
  .sort((a, b) => a.group.localeCompare(b.group) || a.order - b.order);

/** The page of a route's path. */
export function pageAt(path: string): PageSpec | undefined {
  return pages.find((p) => p.path === path);
}

// Pages are found by their folders: to the router's types their addresses are texts.
export const PEOPLE: string = "/people";
export const GET_STARTED: string = "/get-started";

/** Where the program opens. */
export const HOME: string = pages.some((p) => p.path === "/overview") ? "/overview" : PEOPLE;
