import type { SyncView } from "../api/sync";
import type { Tone } from "../ui/State";
import { count, formatAgo, formatDuration, parseTime } from "../util/format";

/** How far a running sync is, 0 to 99; undefined while the totals are not known. */
export function syncPercent(sync: SyncView): number | undefined {
  let done = 0;
  let total = 0;
  for (const [some, all] of [
    [sync.peopleDone, sync.peopleTotal],
    [sync.groupsDone, sync.groupsTotal],
  ] as const) {
    if (all > 0) {
      done += Math.min(some, all);
      total += all;
    }
  }
  if (total === 0) {
    return undefined;
  }
  const share = done / total;
  // Everything read is not yet everything written.
  return Math.min(99, Math.floor(share * 100));
}

/** What a running sync has done, in words. */
export function syncProgressWords(sync: SyncView): string {
  if (sync.waitingMs > 0) {
    return `Waiting ${formatDuration(sync.waitingMs)} for Atlassian`;
  }
  const of = (done: number, total: number) => (total > 0 ? `${count(done)} of ${count(total)}` : count(done));
  const parts = [];
  if (sync.peopleDone > 0 || sync.peopleTotal > 0) {
    parts.push(`${of(sync.peopleDone, sync.peopleTotal)} people`);
  }
  if (sync.groupsDone > 0 || sync.groupsTotal > 0) {
    parts.push(`${of(sync.groupsDone, sync.groupsTotal)} groups`);
  }
  return parts.length > 0 ? parts.join(", ") : sync.step || "Connecting";
}

/** The state of a local copy as tone and words. */
export function syncState(sync: SyncView | undefined, paused: boolean, now: Date): { tone: Tone; words: string } {
  if (!sync || sync.state === "never") {
    return paused ? { tone: "paused", words: "Paused" } : { tone: "idle", words: "Not synced yet" };
  }
  if (sync.state === "running") {
    if (sync.waitingMs > 0) {
      return { tone: "paused", words: "Rate limited" };
    }
    if (sync.silentMs > 0) {
      return { tone: "warn", words: "No answer" };
    }
    const percent = syncPercent(sync);
    return { tone: "busy", words: percent === undefined ? "Syncing" : `Syncing ${percent}%` };
  }
  // The event that ends a sync does not carry when the copy was last complete, but when the sync ended.
  const at = parseTime(sync.completeAt) ?? (sync.state === "done" ? parseTime(sync.finishedAt) : undefined);
  const followed = parseTime(sync.changesAt ?? "");
  // Events of a running sync do not carry when the last one of changes was.
  const changes = followed ? `, changes ${formatAgo(followed, now)}` : "";
  const age = at ? `synced ${formatAgo(at, now)}${changes}` : "never complete";
  if (sync.state === "failed") {
    const offline = sync.problem?.code === "unreachable";
    return { tone: offline ? "off" : "bad", words: offline ? `Offline, ${age}` : `Sync failed, ${age}` };
  }
  if (paused) {
    return { tone: "paused", words: `Paused, ${age}` };
  }
  const when = at ? `${formatAgo(at, now)}${changes}` : "never";
  if (sync.stale || sync.partial || sync.state === "cancelled") {
    return { tone: "warn", words: sync.partial ? "Partly synced" : `Synced ${when}` };
  }
  return { tone: "good", words: `Synced ${when}` };
}

/** What the button says that begins a full sync. */
export function fullSyncWords(sync: SyncView): string {
  if (sync.resumable) {
    return "Resume sync";
  }
  return sync.canFollow ? "Full sync" : "Sync now";
}
