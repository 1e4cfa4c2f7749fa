import type { OnboardingView } from "../../api/onboarding";
import { textOf } from "../../components/navigation";

/** What Get started shows: a step of the set-up, or one of its two front pages. */
export type Place = "welcome" | "upgraded" | "allowlist" | "organization" | "site" | "domains" | "sync" | "done";

const PLACES: readonly string[] = [
  "welcome",
  "upgraded",
  "allowlist",
  "organization",
  "site",
  "domains",
  "sync",
  "done",
] satisfies Place[];

export interface GetStartedSearch {
  step: Place | undefined;
}

export function parseSearch(raw: Record<string, unknown>): GetStartedSearch {
  const step = textOf(raw.step);
  return { step: PLACES.includes(step) ? (step as Place) : undefined };
}

/** Where Get started opens when the address names no step: the two ways, the Welcome, or the step to go on with. */
export function opensOn(state: OnboardingView, hasSources: boolean): Place {
  if (state.welcome) {
    return "upgraded";
  }
  const untouched = state.steps.every((s) => s.state === "open" || s.state === "waiting") && !state.allowlist;
  return untouched && !hasSources ? "welcome" : (state.next as Place);
}

/** The step behind this one. */
export function after(state: OnboardingView, place: Place): Place {
  const i = state.steps.findIndex((s) => s.step === place);
  const next = state.steps
    .slice(i + 1)
    .find((s) => s.state !== "waiting" && !(s.step === "domains" && s.state === "skipped"));
  return (next?.step as Place | undefined) ?? "organization";
}
