import { type UseMutationOptions, type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import type { Problem } from "./problem";

type Once<T, V> = UseMutationOptions<T, Problem, V> & { mutationFn(variables: V): Promise<T> };

/**
 * A mutation that is not begun again while it is under way. A button is drawn as busy only after the second click of a double click, and
 * that one must neither do the work twice nor take the answer from the first.
 */
export function useOnce<T, V>({ mutationFn, ...options }: Once<T, V>): UseMutationResult<T, Problem, V> {
  const under = useRef(false);
  const mutation = useMutation<T, Problem, V>({
    ...options,
    mutationFn: (variables) =>
      mutationFn(variables).finally(() => {
        under.current = false;
      }),
  });
  const begin = mutation.mutate;
  const mutate = useCallback<typeof begin>(
    (...args) => {
      if (!under.current) {
        under.current = true;
        begin(...args);
      }
    },
    [begin],
  );
  return { ...mutation, mutate };
}
