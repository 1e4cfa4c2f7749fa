import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Sources from "../../wailsjs/go/bindings/Sources";
import type { bindings } from "../../wailsjs/go/models";
import { useAppInfo } from "./app";
import { call, WAIT } from "./call";
import { keys } from "./client";
import { useOnce } from "./once";

export type SourceView = bindings.SourceView;
export type SourceKindView = bindings.SourceKindView;
export type SourceDraft = bindings.SourceDraft;
export type FieldView = bindings.FieldView;
export type FindingView = bindings.FindingView;
export type SupportView = bindings.SupportView;
export type TestView = bindings.TestView;
export type KeyView = bindings.KeyView;
export type AddedSource = bindings.AddedSource;
export type KeysView = bindings.KeysView;
export type ChangeKeyDraft = bindings.ChangeKeyDraft;

/** The kinds of source with their forms; they never change while the program runs. */
export function useKinds() {
  return useQuery({ queryKey: keys.kinds, queryFn: () => call(Sources.Kinds) });
}

/** The sources that were added, oldest first. */
export function useSources() {
  return useQuery({ queryKey: keys.sources, queryFn: () => call(Sources.List) });
}

/** The source that every page shows: the chosen one, else the first; undefined while loading or when there is none. */
export function useActiveSource(): SourceView | undefined {
  const info = useAppInfo().data;
  const sources = useSources().data;
  return sources?.find((s) => s.id === info?.activeSource) ?? sources?.[0];
}

/** Tests a connection and saves nothing; id is "" for a new source. Secrets in the draft are not kept by the cache. */
export function useTestSource() {
  return useOnce({
    mutationFn: ({ id, draft }: { id: string; draft: SourceDraft }) => call(() => Sources.Test(id, draft), WAIT.long),
    gcTime: 0,
  });
}

/** Tests and, if the test is OK, adds (id "") or changes a source. */
export function useSaveSource() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: ({ id, draft }: { id: string; draft: SourceDraft }) =>
      call(() => (id === "" ? Sources.Add(draft) : Sources.Update(id, draft)), WAIT.long),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.sources }),
        client.invalidateQueries({ queryKey: keys.onboarding }),
      ]),
    gcTime: 0,
  });
}

/** Asks for the file of a form's field, in the system's dialog: its full path, "" when nothing was chosen. A wrong file is refused. */
export function chooseFile(form: string, field: string): Promise<string> {
  return call(() => Sources.ChooseFile(form, field), WAIT.long);
}

/** Changes name and color. */
export function useRenameSource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name, color }: { id: string; name: string; color: string }) =>
      call(() => Sources.Rename(id, name, color)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sources }),
  });
}

/** Pauses or resumes a source. */
export function usePauseSource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, paused }: { id: string; paused: boolean }) => call(() => Sources.SetPaused(id, paused)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sources }),
  });
}

/** Forgets the source, its key and its local copy; run logs stay. */
export function useRemoveSource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(() => Sources.Remove(id)),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.sources }),
        client.invalidateQueries({ queryKey: keys.app }),
      ]),
  });
}

/** Tests a stored key of a source; what an OK test finds of it is kept. */
export function useTestKey() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: ({ id, use }: { id: string; use: "reading" | "changes" }) =>
      call(() => Sources.TestKey(id, use), WAIT.long),
    onSuccess: () => keysChanged(client),
  });
}

/** Tests a key for changes and saves nothing. What was typed is not kept by the cache. */
export function useTestChangeKey() {
  return useOnce({
    mutationFn: ({ id, draft }: { id: string; draft: ChangeKeyDraft }) =>
      call(() => Sources.TestChangeKey(id, draft), WAIT.long),
    gcTime: 0,
  });
}

/** Tests a key and, if the test is OK, makes it the source's key for changes. */
export function useSetChangeKey() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: ({ id, draft }: { id: string; draft: ChangeKeyDraft }) =>
      call(() => Sources.SetChangeKey(id, draft), WAIT.long),
    onSuccess: () => keysChanged(client),
    gcTime: 0,
  });
}

/** Forgets a source's key for changes. */
export function useRemoveChangeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(() => Sources.RemoveChangeKey(id)),
    onSuccess: () => keysChanged(client),
  });
}

/** What a source can do depends on its keys. */
function keysChanged(client: QueryClient) {
  return Promise.all([
    client.invalidateQueries({ queryKey: keys.sources }),
    client.invalidateQueries({ queryKey: ["actions"] }),
  ]);
}

/** Takes the reminders about keys that end; each is given once. */
export function takeReminders() {
  return call(Sources.Reminders);
}
