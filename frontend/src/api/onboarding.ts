import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as Onboarding from "../../wailsjs/go/bindings/Onboarding";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";

export type OnboardingView = bindings.OnboardingView;
export type StepView = bindings.StepView;
export type AllowlistView = bindings.AllowlistView;
export type DomainsView = bindings.DomainsView;

/** How far Get started is. */
export function useOnboarding() {
  return useQuery({ queryKey: keys.onboarding, queryFn: () => call(Onboarding.State) });
}

/** The e-mail domains of the organizations that are connected. */
export function useDomains() {
  return useQuery({ queryKey: [...keys.onboarding, "domains"], queryFn: () => call(Onboarding.Domains) });
}

function useStepChange<T, R>(change: (argument: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (argument: T) => call(() => change(argument), WAIT.long),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.onboarding }),
  });
}

/** Passes over a step. */
export function useSkipStep() {
  return useStepChange((step: string) => Onboarding.Skip(step));
}

/** Marks a step as done that asks only to be looked at. */
export function useLookStep() {
  return useStepChange((step: string) => Onboarding.Look(step));
}

/** Asks a site whether its IP allowlist lets this machine in. */
export function useCheckSite() {
  return useStepChange((site: string) => Onboarding.CheckSite(site));
}

/** Ends the set-up: Get started does not open by itself any more. */
export function useFinishSetUp() {
  return useStepChange((_: undefined) => Onboarding.Finish());
}

/** Ends the short Welcome after an upgrade. */
export function useWelcomed() {
  return useStepChange((_: undefined) => Onboarding.Welcomed());
}
