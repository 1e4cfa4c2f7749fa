import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

/** The view state of an address, before a page has read it. */
export type Search = Record<string, unknown>;

/**
 * The view state of a page, kept in the address: back and forward work, and a link opens the same view. `parse` makes
 * typed values of whatever stands there and must accept anything. The setter merges; undefined removes a value. Steps
 * that nobody wants to go back through (typing) replace the entry in the history.
 */
export function useSearchState<S extends object>(
  parse: (raw: Search) => S,
): [S, (patch: Partial<S>, options?: { replace?: boolean }) => void] {
  const raw = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const state = useMemo(() => parse(raw), [parse, raw]);
  const set = useCallback(
    (patch: Partial<S>, options?: { replace?: boolean }) => {
      void navigate({
        to: ".",
        search: (old) => ({ ...old, ...patch }),
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
  return [state, set];
}

/** Goes to a page, with view state. */
export function useGo(): (path: string, search?: Search) => void {
  const navigate = useNavigate();
  return useCallback(
    (path, search) => {
      void navigate({ to: path, search: search ?? {} });
    },
    [navigate],
  );
}

/** A text of the address, "" when it is not there. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** A number of the address, undefined when it is not there. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
