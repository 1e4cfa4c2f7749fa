import { useQueryClient } from "@tanstack/react-query";
import * as Bulk from "../../wailsjs/go/bindings/Bulk";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";
import { createLiveStore } from "./live";
import { useOnce } from "./once";

export type RecheckView = bindings.RecheckView;

/** How far reading the people of a plan afresh is. It comes as an event only, so the generated models lack it. */
export interface RecheckProgress {
  planId: string;
  done: number;
  total: number;
}

/** Progress of rechecks, by plan id. */
export const liveRechecks = createLiveStore<RecheckProgress>();

/** What the recheck said that made a plan, by the id of the new plan. */
export const rechecked = createLiveStore<RecheckView>();

/** Reads the people of a plan afresh; the answer names the plan to decide on. */
export function useRecheck() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (planId: string) => call(() => Bulk.Recheck(planId), WAIT.long),
    onSuccess: (view, planId) => {
      if (view.changed > 0) {
        client.removeQueries({ queryKey: keys.plan(planId) });
        client.setQueryData(keys.plan(view.plan.id), view.plan);
        rechecked.set(view.plan.id, view);
      }
    },
  });
}

/** Stops reading; the plan stays as it is. */
export function cancelRecheck(planId: string): Promise<void> {
  return call(() => Bulk.CancelRecheck(planId));
}
