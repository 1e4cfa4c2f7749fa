import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Runs from "../../wailsjs/go/bindings/Runs";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";
import { liveRuns, useLive } from "./live";
import { useOnce } from "./once";

export type RunView = bindings.RunView;
export type RunQuery = bindings.RunQuery;
export type ItemQuery = bindings.ItemQuery;
export type ItemView = bindings.ItemView;
export type ItemDetails = bindings.ItemDetails;
export type Exported = bindings.Exported;

/** A page of the run log, newest first. */
export function useRuns(q: RunQuery) {
  return useQuery({
    queryKey: [...keys.runs, "list", q],
    queryFn: () => call(() => Runs.List(q)),
    placeholderData: keepPreviousData,
  });
}

/** One run: read once, then kept up to date by events while it runs. */
export function useRun(runId: string) {
  const read = useQuery({
    queryKey: [...keys.runs, "one", runId],
    queryFn: () => call(() => Runs.Run(runId)),
    enabled: runId !== "",
  });
  const live = useLive(liveRuns, runId);
  return { ...read, data: live?.state === "running" ? live : (read.data ?? live) };
}

/** A page of a run's results; it is read again when the number of finished ones has grown. */
export function useItems(q: ItemQuery, finished: number) {
  return useQuery({
    queryKey: [...keys.runs, "items", q, finished],
    queryFn: () => call(() => Runs.Items(q)),
    enabled: q.runId !== "",
    placeholderData: keepPreviousData,
  });
}

/** One result with what was asked and answered. */
export function useItem(runId: string, seq: number | undefined) {
  return useQuery({
    queryKey: [...keys.runs, "item", runId, seq],
    queryFn: () => call(() => Runs.Item(runId, seq ?? 0)),
    enabled: seq !== undefined,
  });
}

/** Writes a run to a file that the operator chooses; path is "" when the dialog was cancelled. */
export function useExportRun() {
  return useOnce({
    mutationFn: ({ runId, format }: { runId: string; format: "json" | "csv" }) =>
      call(() => Runs.Export(runId, format), WAIT.long),
  });
}

/** Deletes runs that have ended; answers how many. */
export function useDeleteRuns() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runIds: string[]) => call(() => Runs.Delete(runIds)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}
