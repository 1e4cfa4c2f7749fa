import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Bulk from "../../wailsjs/go/bindings/Bulk";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";
import { useOnce } from "./once";
import { liveRechecks } from "./recheck";

export type ActionView = bindings.ActionView;
export type PlanRequest = bindings.PlanRequest;
export type PlanView = bindings.PlanView;
export type GuardView = bindings.GuardView;
export type ChangeQuery = bindings.ChangeQuery;
export type ChangeView = bindings.ChangeView;
export type DiffView = bindings.DiffView;
export type SubjectView = bindings.SubjectView;

/** The actions, also those about groups, with whether the source can do them. */
export function useAllActions(sourceId: string) {
  return useQuery(actionsOf(sourceId));
}

/** The actions about people. */
export function useActions(sourceId: string) {
  return useQuery({ ...actionsOf(sourceId), select: aboutPeople });
}

/** The actions about groups. */
export function useGroupActions(sourceId: string) {
  return useQuery({ ...actionsOf(sourceId), select: aboutGroups });
}

const aboutPeople = (all: ActionView[]) => all.filter((a) => !a.groups);
const aboutGroups = (all: ActionView[]) => all.filter((a) => a.groups);

function actionsOf(sourceId: string) {
  return {
    queryKey: keys.actions(sourceId),
    queryFn: () => call(() => Bulk.Actions(sourceId)),
    enabled: sourceId !== "",
  };
}

/** Stores a plan over the selected people, or over groups; it reads them afresh first, which takes a while for many. */
export function usePreview() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (request: PlanRequest) => {
      liveRechecks.set("", { planId: "", done: 0, total: 0 }); // what an earlier preview read is over
      return call(() => Bulk.Preview(request), WAIT.long);
    },
    onSuccess: (plan) => client.setQueryData(keys.plan(plan.id), plan),
  });
}

/** Stores a plan that takes a run back. */
export function usePreviewUndo() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (runId: string) => call(() => Bulk.PreviewUndo(runId), WAIT.long),
    onSuccess: (plan) => client.setQueryData(keys.plan(plan.id), plan),
  });
}

/** Stores a plan that tries a run's refused and unknown results again. */
export function usePreviewRetry() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (runId: string) => call(() => Bulk.PreviewRetry(runId), WAIT.long),
    onSuccess: (plan) => client.setQueryData(keys.plan(plan.id), plan),
  });
}

/** A stored plan. */
export function usePlan(planId: string) {
  return useQuery({
    queryKey: keys.plan(planId),
    queryFn: () => call(() => Bulk.Plan(planId)),
    enabled: planId !== "",
  });
}

/** A page of a plan's changes. */
export function useChanges(q: ChangeQuery) {
  return useQuery({
    queryKey: [...keys.plan(q.planId), "changes", q],
    queryFn: () => call(() => Bulk.Changes(q)),
    enabled: q.planId !== "",
    placeholderData: keepPreviousData,
  });
}

/** A page of those of a plan who are not in the list that was shown last. */
export function useOutside(planId: string, from: number, count: number) {
  return useQuery({
    queryKey: [...keys.plan(planId), "outside", from, count],
    queryFn: () => call(() => Bulk.Outside(planId, from, count)),
    placeholderData: keepPreviousData,
  });
}

/** Deletes a plan that was not run. */
export function discardPlan(planId: string): Promise<void> {
  return call(() => Bulk.Discard(planId));
}

/** Stores, in the place of a plan, one without the people who used an app lately. */
export function useWithoutUsed() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (planId: string) => call(() => Bulk.WithoutUsed(planId), WAIT.long),
    onSuccess: (plan) => client.setQueryData(keys.plan(plan.id), plan),
  });
}

interface Decision {
  planId: string;
  hash: string;
  /** The number of changes, where it is asked for. */
  typed: string;
  /** The key for changes where it is asked for at each run, else ""; nothing keeps it. */
  key: string;
  /** What raises the caps of a plan that stops. */
  raise?: { words: string; reason: string };
}

/** Starts the run of a plan, once. */
export function useConfirmPlan() {
  const client = useQueryClient();
  return useOnce({
    mutationFn: ({ planId, hash, typed, key, raise }: Decision) =>
      call(
        () =>
          raise ? Bulk.Raise(planId, hash, raise.words, raise.reason, key) : Bulk.Confirm(planId, hash, typed, key),
        WAIT.long,
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }),
    gcTime: 0,
  });
}

/** Steers a run: pause, resume, or stop after the calls under way. Resume needs the key for changes where it is asked for. */
export function useSteerRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ runId, to, key = "" }: { runId: string; to: "pause" | "resume" | "stop"; key?: string }) =>
      call(() => {
        switch (to) {
          case "pause":
            return Bulk.Pause(runId);
          case "resume":
            return Bulk.Resume(runId, key);
          case "stop":
            return Bulk.Stop(runId);
        }
      }, WAIT.long),
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}
