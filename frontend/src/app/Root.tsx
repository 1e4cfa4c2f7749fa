import { useQueryClient } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation, useMatches } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type AppInfo, useAppInfo } from "../api/app";
import { keys } from "../api/client";
import { useOnboarding } from "../api/onboarding";
import { problemOf } from "../api/problem";
import { useSources } from "../api/sources";
import { NoAnswerBar } from "../components/NoAnswer";
import { BackendEvents } from "./BackendEvents";
import { ProblemPage } from "./ProblemPage";
import { GET_STARTED, pageAt } from "./pages";
import { QuitQuestion } from "./Quitting";
import { Shell } from "./Shell";
import { WindowEdge } from "./WindowEdge";

/** How often the page asks whether the data is open, in milliseconds. */
const OPENING_POLL_MS = 150;

/** The page of the current route. */
export function useCurrentPage() {
  const matches = useMatches();
  const last = matches[matches.length - 1];
  return pageAt(last?.fullPath ?? "");
}

/** What the window shows, and above all of it the question before quitting. */
export function Root() {
  const quit = useAppInfo().data?.quit;
  return (
    <>
      <Content />
      <NoAnswerBar />
      {quit ? <QuitQuestion quit={quit} /> : null}
    </>
  );
}

/** Decides what the window shows: a problem of the program, or what the sources allow. */
function Content() {
  const info = useAppInfo();
  if (info.error) {
    return <ProblemPage problem={info.error} />;
  }
  if (!info.data) {
    return null;
  }
  const problem = problemOf(info.data.problem);
  if (problem) {
    return <ProblemPage problem={problem} info={info.data} />;
  }
  if (!info.data.ready) {
    return <Opening />;
  }
  return <Opened info={info.data} />;
}

/** The backend is still opening its data, which takes a moment for a large one. */
function Opening() {
  const client = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: keys.app }), OPENING_POLL_MS);
    return () => clearInterval(timer);
  }, [client]);
  return (
    <main className="sr-only" role="status">
      Seatkeeper is opening its data.
    </main>
  );
}

/**
 * Get started as long as there is no source, and once at the start while the set-up is not complete or after an upgrade;
 * else the page of the route in the shell.
 */
function Opened({ info }: { info: AppInfo }) {
  const sources = useSources();
  const onboarding = useOnboarding();
  const page = useCurrentPage();
  const location = useLocation();
  const [offered, setOffered] = useState(false);
  const known = onboarding.data !== undefined || onboarding.error !== null;
  const wanted = !offered && !info.demo && (onboarding.data?.appears || onboarding.data?.welcome || false);
  const arrived = known && (!wanted || (page?.bare ?? false));
  useEffect(() => {
    if (arrived) {
      setOffered(true);
    }
  }, [arrived]);
  if (sources.error) {
    return <ProblemPage problem={sources.error} info={info} />;
  }
  if (!sources.data || !known) {
    return null;
  }
  if ((sources.data.length === 0 || wanted) && !page?.bare) {
    return location.pathname === GET_STARTED ? null : <Navigate to={GET_STARTED} replace />;
  }
  return (
    <>
      <BackendEvents />
      <WindowEdge info={info} words={page?.bare ?? false} />
      {page?.bare ? <Outlet /> : <Shell page={page} info={info} />}
    </>
  );
}
