import type { DomainsView, OnboardingView } from "../api/onboarding";

/** Get started with the states of its six steps, e.g. "done skipped open waiting waiting waiting". */
export function setUp(states: string, more: Partial<OnboardingView> = {}): OnboardingView {
  const names = ["allowlist", "organization", "site", "domains", "sync", "done"];
  const titles = ["IP allowlist", "Organization", "Jira site", "Verified domains", "First sync", "Done"];
  const list = states.split(" ");
  return {
    steps: names.map((step, i) => ({
      step,
      title: titles[i] ?? "",
      why: `Why ${step}.`,
      linkUrl: step === "organization" ? "https://admin.atlassian.com" : "",
      linkLabel: step === "organization" ? "Open Atlassian Administration" : "",
      skippable: i < 4,
      state: list[i] ?? "open",
    })),
    next: names[list.indexOf("open")] ?? "done",
    complete: false,
    appears: true,
    welcome: false,
    version: "2.0.0",
    previous: "",
    allowlist: null as never,
    ...more,
  };
}

export const setUpDone = setUp("done done done done done done", { complete: true, appears: false });

export const domains: DomainsView = {
  organizations: [
    {
      sourceId: "src-1",
      name: "Acme",
      synced: true,
      domains: [
        { name: "acme.example", verified: true },
        { name: "old.example", verified: false },
      ],
    },
  ],
  rights: [
    { what: "Suspend and restore access", managed: false },
    { what: "Deactivate the account itself", managed: true },
  ],
};
