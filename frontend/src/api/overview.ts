import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Overview from "../../wailsjs/go/bindings/Overview";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import type { Exported } from "./export";

export type InactiveDays = bindings.InactiveDays;
export type TrendQuery = bindings.TrendQuery;
export type TrendView = bindings.TrendView;
export type AttentionItem = bindings.AttentionItem;
export type AttentionView = bindings.AttentionView;

const daysKey = ["inactive-days"] as const;

/** Queries that events renew, by their first word. */
export const trendsKey = ["trends"] as const;
export const attentionKey = ["attention"] as const;

/** After how many days without use somebody counts as inactive. */
export function useInactiveDays() {
  return useQuery({ queryKey: daysKey, queryFn: () => call(Overview.Days) });
}

/** Keeps another number of days. */
export function useSetInactiveDays() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (days: number) => call(() => Overview.SetDays(days)),
    onMutate: (days) => client.setQueryData<InactiveDays>(daysKey, (old) => old && { ...old, days }),
    onSettled: () => client.invalidateQueries({ queryKey: daysKey }),
  });
}

/** The lines of one app, or of everybody. */
export function useTrend(query: TrendQuery, enabled: boolean) {
  return useQuery({
    queryKey: [...trendsKey, query],
    queryFn: () => call(() => Overview.Trend(query)),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** The apps that are no longer there, but of which a trend is kept. */
export function useGoneApps(sourceId: string) {
  return useQuery({
    queryKey: [...trendsKey, "gone", sourceId],
    queryFn: () => call(() => Overview.GoneApps(sourceId)),
  });
}

/** Writes the days of a trend to a file that the operator chooses; an empty path means that the dialog was cancelled. */
export function exportTrend(query: TrendQuery, format: string): Promise<Exported> {
  return call(() => Overview.ExportTrend(query, format), WAIT.long);
}

/** What needs attention at a source. */
export function useAttention(sourceId: string, days: number, enabled: boolean) {
  return useQuery({
    queryKey: [...attentionKey, sourceId, days],
    queryFn: () => call(() => Overview.Attention(sourceId, days)),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Hides something that needs attention until tomorrow, or shows it again. */
export function usePutAside(sourceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, hide }: { kind: string; hide: boolean }) =>
      call(() => Overview.PutAside(sourceId, kind, hide)),
    onSettled: () => client.invalidateQueries({ queryKey: attentionKey }),
  });
}
