import type { SourceView } from "../../api/sources";
import { textOf } from "../../components/navigation";

export type Step = "welcome" | "organization" | "site" | "sync" | "done";

export const STEPS: { step: Exclude<Step, "welcome">; title: string; why: string }[] = [
  {
    step: "organization",
    title: "Organization",
    why: "With an organization's API key Seatkeeper sees everybody, their apps and when they last used them.",
  },
  {
    step: "site",
    title: "Jira site",
    why: "Optional. Without an organization key, a site's token lists the people and groups of that one site.",
  },
  {
    step: "sync",
    title: "First sync",
    why: "Seatkeeper reads everything once into a local copy on this machine, so that searching is instant and works offline.",
  },
  { step: "done", title: "Done", why: "" },
];

export interface GetStartedSearch {
  step: Step | undefined;
}

export function parseSearch(raw: Record<string, unknown>): GetStartedSearch {
  const step = textOf(raw.step);
  return { step: step === "welcome" || STEPS.some((s) => s.step === step) ? (step as Step) : undefined };
}

const real = (sources: SourceView[]) => sources.filter((s) => !s.demo);

/** Whether a step is done, from what exists: leaving and coming back needs no memory of its own. */
export function isDone(step: Step, sources: SourceView[]): boolean {
  switch (step) {
    case "organization":
      return real(sources).some((s) => s.kind === "atlassian_org");
    case "site":
      return real(sources).some((s) => s.kind === "jira_cloud");
    case "sync":
    case "done":
      return real(sources).length > 0 && real(sources).every((s) => s.sync.revision > 0);
    case "welcome":
      return real(sources).length > 0;
  }
}

/** Where Get started opens when the address names no step. */
export function firstOpen(sources: SourceView[]): Step {
  if (real(sources).length === 0) {
    return "welcome";
  }
  return isDone("sync", sources) ? "organization" : "sync";
}
