import type { Tone } from "../ui/State";

/** A state's word and tone, for plans and runs. */
export interface Outcome {
  key: string;
  label: string;
  tone: Tone;
}

/** What a plan will do with a person, in the order of reading. */
export const VERDICTS: Outcome[] = [
  { key: "change", label: "Will change", tone: "info" },
  { key: "already", label: "Already so", tone: "idle" },
  { key: "protected", label: "Protected", tone: "warn" },
  { key: "synced", label: "Managed by identity provider", tone: "off" },
  { key: "unsupported", label: "Not possible", tone: "off" },
];

/** What became of a change, in the order of reading. */
export const ITEM_STATES: Outcome[] = [
  { key: "done", label: "Done", tone: "good" },
  { key: "already", label: "Already so", tone: "idle" },
  { key: "skipped", label: "Skipped", tone: "warn" },
  { key: "refused", label: "Refused", tone: "bad" },
  { key: "unknown", label: "Not known", tone: "bad" },
  { key: "intent", label: "In progress", tone: "busy" },
  { key: "planned", label: "Not started", tone: "idle" },
];

/** The states of a run. */
export const RUN_STATES: Outcome[] = [
  { key: "running", label: "Running", tone: "busy" },
  { key: "paused", label: "Paused", tone: "paused" },
  { key: "stopped", label: "Stopped", tone: "off" },
  { key: "done", label: "Finished", tone: "good" },
];

/** The outcome of a key; one that we do not know is shown as it is. */
export function outcome(list: Outcome[], key: string): Outcome {
  return list.find((o) => o.key === key) ?? { key, label: key, tone: "idle" };
}

/** How we know a result. */
export const EVIDENCE: Record<string, string> = {
  answer: "by Atlassian's answer",
  read: "by reading the state twice",
  plan: "no call was sent",
};
