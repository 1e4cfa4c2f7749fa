import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import * as Sync from "../../wailsjs/go/bindings/Sync";
import type { bindings } from "../../wailsjs/go/models";
import { call } from "./call";
import { keys } from "./client";
import { liveSyncs, useLive } from "./live";

export type SyncView = bindings.SyncView;

/** A running sync with what is known of the local copy: events tell what the sync does, and not what there is meanwhile. */
export function withCopy(sync: SyncView, copy: SyncView | undefined): SyncView {
  if (!copy) {
    return sync;
  }
  const { revision, completeAt, changesAt, partial, stale, canFollow, people, groups } = copy;
  return { ...sync, revision, completeAt, changesAt, partial, stale, canFollow, people, groups };
}

/** The state of a source's local copy: read once, then kept up to date by events. */
export function useSync(sourceId: string): SyncView | undefined {
  const read = useQuery({
    queryKey: keys.sync(sourceId),
    queryFn: () => call(() => Sync.State(sourceId)),
    enabled: sourceId !== "",
  }).data;
  const live = useLive(liveSyncs, sourceId);
  // While a sync runs the events are newer; afterwards both hold the same, and a read after "people" wins.
  return useMemo(() => (live?.state === "running" ? withCopy(live, read) : (read ?? live)), [live, read]);
}

/** Starts a sync. */
export function useStartSync() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sourceId: string) => call(() => Sync.Start(sourceId)),
    onSuccess: (sync) => client.setQueryData(keys.sync(sync.sourceId), sync),
  });
}

/** Starts a sync of only what has changed since the last one. */
export function useStartChanges() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sourceId: string) => call(() => Sync.StartChanges(sourceId)),
    onSuccess: (sync) => client.setQueryData(keys.sync(sync.sourceId), sync),
  });
}

/** Stops a running sync; the local copy stays as it was. */
export function useCancelSync() {
  return useMutation({ mutationFn: (sourceId: string) => call(() => Sync.Cancel(sourceId)) });
}
