import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  type RouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import { CrashPage } from "./CrashPage";
import { HOME, pages } from "./pages";
import { Root } from "./Root";

/** Builds the router from the pages' declarations; the address lives in the hash, since there is no server behind it. */
export function createAppRouter(history: RouterHistory = createHashHistory()) {
  const root = createRootRoute({
    component: Root,
    errorComponent: CrashPage,
    notFoundComponent: () => <Navigate to={HOME as never} replace />,
  });
  const home = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <Navigate to={HOME as never} replace />,
  });
  const routes = pages.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: page.component as RouteComponent,
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
