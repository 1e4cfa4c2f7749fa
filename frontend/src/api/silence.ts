import { useSyncExternalStore } from "react";
import * as App from "../../wailsjs/go/bindings/App";
import { call } from "./call";

/** How long a call has had no answer from outside. It comes as an event only, so the generated models lack it. */
export interface Silence {
  /** "Sources.Test" */
  call: string;
  /** Who is silent: "Atlassian", or "Jira" for a server of one's own. */
  party: string;
  /** 0: no longer. */
  seconds: number;
}

let silent: Silence[] = [];
const listeners = new Set<() => void>();

/** Takes in what the backend tells once a second. */
export function hearSilence(news: Silence): void {
  silent = silent.filter((s) => s.call !== news.call);
  if (news.seconds > 0) {
    silent = [...silent, news];
  }
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All calls that wait for a server that does not answer. */
export function useSilence(): Silence[] {
  return useSyncExternalStore(subscribe, () => silent);
}

/** Ends a call for good, in the backend too; it gives a problem with the code "cancelled". */
export function giveUp(name: string): Promise<void> {
  return call(() => App.CancelCall(name));
}
