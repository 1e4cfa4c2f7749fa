import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Tasks from "../../wailsjs/go/bindings/Tasks";
import type { bindings } from "../../wailsjs/go/models";
import { call } from "./call";

export type TaskView = bindings.TaskView;
export type TaskRunView = bindings.TaskRunView;

/** The key of the tasks and their runs in the query cache. */
export const tasksKey = ["tasks"] as const;

/** The task that syncs a source without being asked. */
export function useSyncTask(sourceId: string) {
  return useQuery({
    queryKey: [...tasksKey, sourceId],
    queryFn: () => call(() => Tasks.OfSource(sourceId, "sync")),
  });
}

/** Changes a task. */
export function useSetTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (task: TaskView) => call(() => Tasks.Set(task)),
    onSuccess: (task) => client.setQueryData([...tasksKey, task.sourceId], task),
  });
}

/** The newest runs of a task, newest first. */
export function useTaskRuns(id: string, count: number) {
  return useQuery({
    queryKey: [...tasksKey, "runs", id, count],
    queryFn: () => call(() => Tasks.Runs(id, 0, count)),
  });
}
