import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as App from "../../wailsjs/go/bindings/App";
import type { bindings } from "../../wailsjs/go/models";
import { ClipboardSetText } from "../../wailsjs/runtime/runtime";
import { call, WAIT } from "./call";
import { keys } from "./client";

export type AppInfo = bindings.AppInfo;
export type KeyringView = bindings.KeyringView;

/** How often the state is asked for while Seatkeeper is about to quit, in milliseconds: what is under way ends by itself. */
const QUIT_POLL_MS = 1000;

/** The state of the program. */
export function useAppInfo() {
  return useQuery({
    queryKey: keys.app,
    queryFn: () => call(App.Info),
    refetchInterval: (query) => (query.state.data?.quit.state ? QUIT_POLL_MS : false),
  });
}

/** Keeps the theme: "light", "dark" or "auto". */
export function setTheme(theme: string): Promise<void> {
  return call(() => App.SetTheme(theme));
}

/** Switches the desktop's notifications on or off. */
export function useSetNotifications() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => call(() => App.SetNotifications(on)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.app }),
  });
}

/** Keeps which source every page shows. */
export function useSetActiveSource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(() => App.SetActiveSource(id)),
    onMutate: (id) => {
      client.setQueryData<AppInfo>(keys.app, (info) => info && { ...info, activeSource: id });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.app }),
  });
}

/**
 * Everything in the cache belongs to the demo or to the real world; changing between them starts afresh. Whoever asked for it may be gone
 * before it is done, so what follows must hang on the promise of mutateAsync and not on mutate.
 */
function useWorldChange(change: () => Promise<void>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(change, WAIT.long),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Opens the demo organization. */
export function useEnterDemo() {
  return useWorldChange(() => App.EnterDemo(0));
}

/** Closes the demo organization and removes everything of it. */
export function useLeaveDemo() {
  return useWorldChange(() => App.LeaveDemo());
}

/** Opens a page of Atlassian in the browser; the backend refuses any other address. */
export function openLink(url: string): Promise<void> {
  return call(() => App.OpenLink(url));
}

/** Writes an error of the page to the log; never fails. */
export function reportError(message: string, stack: string): void {
  void call(() => App.ReportError(message, stack)).catch(() => undefined);
}

/** Unlocks the encrypted key file, or makes it when there is none. */
export function useUnlockKeyFile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (passphrase: string) => call(() => App.UnlockKeyFile(passphrase)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.app }),
    gcTime: 0,
  });
}

/** Asks the keyring again. */
export function useRetryKeyring() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(App.RetryKeyring),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.app }),
  });
}

/** Moves all keys from the encrypted file to the keyring, and removes the file. */
export function useMoveToKeyring() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(App.UseKeyring, WAIT.long),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.app }),
  });
}

/** Ends the program, tray included. Where a run is under way the state of the program says that it asks first. */
export function quit(): Promise<void> {
  return call(App.Quit);
}

/** What is done about runs under way: nothing (stay takes back an earlier when_done, dismiss does not), wait for them, or pause them. */
export type QuitAnswer = "stay" | "dismiss" | "when_done" | "pause";

/** Answers the question before quitting; "stay" without a question takes back that the program ends with the last run. */
export function answerQuit(answer: QuitAnswer): Promise<void> {
  return call(() => App.AnswerQuit(answer));
}

/** Puts a text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  await call(() => ClipboardSetText(text));
}
