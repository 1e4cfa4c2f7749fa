import { QueryClient } from "@tanstack/react-query";
import type { Problem } from "./problem";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

/**
 * The query cache. Data comes from this machine, so there is no "offline", nothing to refetch on focus and nothing to
 * retry: events of the backend say what has changed.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** The keys of the query cache, by what they hold; events invalidate by the first word. */
export const keys = {
  app: ["app"] as const,
  sources: ["sources"] as const,
  kinds: ["kinds"] as const,
  onboarding: ["onboarding"] as const,
  sync: (sourceId: string) => ["sync", sourceId] as const,
  people: (sourceId: string) => ["people", sourceId] as const,
  fields: ["fields"] as const,
  actions: (sourceId: string) => ["actions", sourceId] as const,
  plan: (planId: string) => ["plan", planId] as const,
  runs: ["runs"] as const,
};
