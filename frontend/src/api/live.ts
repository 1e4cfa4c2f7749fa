import { useSyncExternalStore } from "react";
import type { bindings } from "../../wailsjs/go/models";

/** A small store of the newest value by key, for progress that arrives several times a second. */
export interface LiveStore<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export function createLiveStore<T>(): LiveStore<T> {
  const values = new Map<string, T>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) {
      listener();
    }
  };
  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      values.set(key, value);
      tell();
    },
    clear: () => {
      values.clear();
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Progress of syncs by source id, and of runs by run id. */
export const liveSyncs = createLiveStore<bindings.SyncView>();
export const liveRuns = createLiveStore<bindings.RunView>();

/** How often the people of a source have changed since the page was opened, by source id: tells that a list is old. */
export const peopleChanges = createLiveStore<number>();

/** Follows one key of a live store. */
export function useLive<T>(store: LiveStore<T>, key: string): T | undefined {
  return useSyncExternalStore(store.subscribe, () => store.get(key));
}
