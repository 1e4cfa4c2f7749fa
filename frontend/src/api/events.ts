import type { QueryClient } from "@tanstack/react-query";
import type { bindings } from "../../wailsjs/go/models";
import { EventsOn } from "../../wailsjs/runtime/runtime";
import { keys } from "./client";
import { type ExportProgress, liveExports } from "./export";
import { liveRuns, liveSyncs, peopleChanges } from "./live";
import { attentionKey, trendsKey } from "./overview";
import { liveRechecks, type RecheckProgress } from "./recheck";
import { savedKey } from "./saved";
import { hearSilence, type Silence } from "./silence";
import { withCopy } from "./sync";
import { tasksKey } from "./tasks";

/** A message that belongs to no page. It comes as an event only, so the generated models lack it. */
export interface NoticeView {
  level: string;
  title: string;
  message: string;
}

/** What the window shows after a click on a notification of the desktop. It comes as an event only. */
export interface Place {
  /** "sources" or "runs" */
  page: string;
  /** The source whose key is to be replaced, "" for none. */
  sourceId: string;
  runId: string;
}

/** What the shell does with events that are not about data. */
export interface EventHandlers {
  /** A message that belongs to no page. */
  notice(notice: NoticeView): void;
  /** A reminder about the end of a key is due. */
  keysDue(): void;
  /** A command of the native menu, by its id. */
  command(id: string): void;
  /** A notification of the desktop was clicked. */
  open(place: Place): void;
}

/** Connects the events of the backend to the query cache and the live stores; returns how to disconnect. */
export function listen(client: QueryClient, handlers: EventHandlers): () => void {
  const invalidate = (...prefixes: (readonly unknown[])[]) => {
    for (const queryKey of prefixes) {
      void client.invalidateQueries({ queryKey });
    }
  };
  const off = [
    EventsOn("sync", (sync: bindings.SyncView) => {
      liveSyncs.set(sync.sourceId, sync);
      client.setQueryData<bindings.SyncView>(keys.sync(sync.sourceId), (before) =>
        sync.state === "running" ? withCopy(sync, before) : sync,
      );
      if (sync.state !== "running") {
        // The event that ends a sync knows what was done, but not how old the local copy is now.
        invalidate(keys.sync(sync.sourceId), keys.sources, keys.onboarding, attentionKey);
      }
    }),
    EventsOn("run", (run: bindings.RunView) => {
      liveRuns.set(run.id, run);
      client.setQueryData([...keys.runs, "one", run.id], run);
    }),
    EventsOn("people", (change: { sourceId: string }) => {
      peopleChanges.set(change.sourceId, (peopleChanges.get(change.sourceId) ?? 0) + 1);
      invalidate(
        keys.people(change.sourceId),
        keys.actions(change.sourceId), // their forms have its directories
        savedKey(change.sourceId),
        keys.sync(change.sourceId),
        keys.sources,
        keys.onboarding,
        attentionKey,
      );
    }),
    EventsOn("runs", () => invalidate(keys.runs, attentionKey)),
    EventsOn("sources", () =>
      invalidate(keys.sources, keys.app, keys.onboarding, ["actions"], ["sync"], ["saved"], attentionKey),
    ),
    EventsOn("tasks", () => invalidate(tasksKey, attentionKey)),
    EventsOn("trends", () => invalidate(trendsKey)),
    EventsOn("saved", () => invalidate(["saved"])),
    EventsOn("recheck", (progress: RecheckProgress) => liveRechecks.set(progress.planId, progress)),
    EventsOn("export", (progress: ExportProgress) => liveExports.set(progress.id, progress)),
    EventsOn("settings", () => invalidate(keys.app, keys.onboarding)),
    EventsOn("silence", (silence: Silence) => hearSilence(silence)),
    EventsOn("notice", handlers.notice),
    EventsOn("keys", () => {
      invalidate(keys.sources);
      handlers.keysDue();
    }),
    EventsOn("menu", handlers.command),
    EventsOn("open", handlers.open),
  ];
  return () => {
    for (const stop of off) {
      stop();
    }
  };
}
