import { useQuery } from "@tanstack/react-query";
import * as Saved from "../../wailsjs/go/bindings/Saved";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { useOnce } from "./once";

export type SavedFilter = bindings.SavedFilter;
export type SavedDraft = bindings.SavedDraft;
export type SavedImport = bindings.SavedImport;

/** The key of the saved filters with their counts at one source; "saved" and "people" events invalidate it. */
export const savedKey = (sourceId: string) => ["saved", sourceId] as const;

/** All saved filters by name, with what they find at a source now. */
export function useSavedFilters(sourceId: string | undefined) {
  return useQuery({
    queryKey: savedKey(sourceId ?? ""),
    queryFn: () => call(() => Saved.List(sourceId ?? "")),
    enabled: sourceId !== undefined,
  });
}

/** Saves a filter: a new one when its id is "". */
export function useSaveFilter(sourceId: string) {
  return useOnce({ mutationFn: (draft: SavedDraft) => call(() => Saved.Save(sourceId, draft)) });
}

/** Deletes a saved filter; `restoreFilter` takes that back. */
export function deleteFilter(id: string): Promise<void> {
  return call(() => Saved.Delete(id));
}

export function restoreFilter(id: string): Promise<void> {
  return call(() => Saved.Restore(id));
}

/** Writes saved filters to a file that the operator chooses; with no ids all of them. */
export function exportFilters(ids: string[]) {
  return call(() => Saved.Export(ids), WAIT.long);
}

/** Adds the saved filters of a file's text. */
export function importFilters(text: string): Promise<SavedImport> {
  return call(() => Saved.Import(text));
}
