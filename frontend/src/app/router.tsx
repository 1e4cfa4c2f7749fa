import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  type RouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import type { Search } from "../components/navigation";
import type { PageSpec } from "../ui/definePage";
import { CrashPage } from "./CrashPage";
import { HOME, pages } from "./pages";
import { Root } from "./Root";

/** View state by what a page reads of it: what is not there or makes no sense is undefined, and stands in no address. */
function checked(read: PageSpec["search"] = () => ({})) {
  const none: Search = { ...read({}) };
  return (raw: Search): Search =>
    Object.fromEntries(
      Object.entries(read(raw)).map(([name, value]) => [name, value === none[name] ? undefined : value]),
    );
}

/** Builds the router from the pages' declarations; the address lives in the hash, since there is no server behind it. */
export function createAppRouter(history: RouterHistory = createHashHistory()) {
  const root = createRootRoute({
    component: Root,
    errorComponent: CrashPage,
    notFoundComponent: () => <Navigate to={HOME} replace />,
  });
  const home = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <Navigate to={HOME} replace />,
  });
  const routes = pages.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: page.component as RouteComponent,
      validateSearch: checked(page.search),
      errorComponent: CrashPage,
    }),
  );
  return createRouter({
    routeTree: root.addChildren([home, ...routes]),
    history,
    defaultPreload: false,
    scrollRestoration: false,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
