import { Problem, toProblem } from "./problem";

/** How long the page waits for an answer, in milliseconds. */
export const WAIT = {
  /** Reads and small changes. */
  normal: 60_000,
  /** Calls that talk to Atlassian several times before they answer: connection tests, plans, exports. */
  long: 10 * 60_000,
} as const;

/**
 * Calls a bound method. A call that never settles (the bridge loses the answer when the backend panics) becomes an error
 * after `wait` milliseconds, so that no page waits for ever.
 */
export function call<T>(method: () => Promise<T>, wait: number = WAIT.normal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new Problem({
          code: "internal",
          reason: "timeout",
          message: "Seatkeeper did not answer in time.",
          hint: "Try again. If it stays so, restart Seatkeeper; nothing is lost.",
          field: "",
        }),
      );
    }, wait);
    const fail = (cause: unknown) => {
      clearTimeout(timer);
      reject(toProblem(cause));
    };
    try {
      method().then((value) => {
        clearTimeout(timer);
        resolve(value);
      }, fail);
    } catch (cause) {
      fail(cause);
    }
  });
}
