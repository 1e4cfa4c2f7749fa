import { Navigate, Outlet, useLocation, useMatches } from "@tanstack/react-router";
import { useAppInfo } from "../api/app";
import { problemOf } from "../api/problem";
import { useSources } from "../api/sources";
import { BackendEvents } from "./BackendEvents";
import { ProblemPage } from "./ProblemPage";
import { pageAt } from "./pages";
import { Shell } from "./Shell";
import { WindowEdge } from "./WindowEdge";

/** The page of the current route. */
export function useCurrentPage() {
  const matches = useMatches();
  const last = matches[matches.length - 1];
  return pageAt(last?.fullPath ?? "");
}

/** Decides what the window shows: a problem of the program, Get started, or the page of the route in the shell. */
export function Root() {
  const info = useAppInfo();
  const sources = useSources();
  const page = useCurrentPage();
  const location = useLocation();

  if (info.error) {
    return <ProblemPage problem={info.error} />;
  }
  if (!info.data) {
    return null;
  }
  const problem = problemOf(info.data.problem);
  if (problem || !info.data.ready) {
    return <ProblemPage problem={problem} info={info.data} />;
  }
  if (sources.error) {
    return <ProblemPage problem={sources.error} info={info.data} />;
  }
  if (!sources.data) {
    return null;
  }
  if (sources.data.length === 0 && !page?.bare) {
    return location.pathname === "/get-started" ? null : <Navigate to={"/get-started" as never} replace />;
  }
  return (
    <>
      <BackendEvents />
      <WindowEdge info={info.data} />
      {page?.bare ? <Outlet /> : <Shell page={page} info={info.data} />}
    </>
  );
}
