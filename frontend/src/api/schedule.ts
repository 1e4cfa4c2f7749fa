import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Sync from "../../wailsjs/go/bindings/Sync";
import type { bindings } from "../../wailsjs/go/models";
import { call } from "./call";

export type ScheduleView = bindings.ScheduleView;

/** The key of the schedules in the query cache. */
export const schedulesKey = ["schedules"] as const;

/** When a source is synced without being asked. */
export function useSchedule(sourceId: string) {
  return useQuery({
    queryKey: [...schedulesKey, sourceId],
    queryFn: () => call(() => Sync.Schedule(sourceId)),
  });
}

/** Changes when a source is synced without being asked. */
export function useSetSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (schedule: ScheduleView) => call(() => Sync.SetSchedule(schedule)),
    onSuccess: (schedule) => client.setQueryData([...schedulesKey, schedule.sourceId], schedule),
  });
}
