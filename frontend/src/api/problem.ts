/** The codes of the backend's closed set (backend/domain/error.go). */
export type ProblemCode =
  | "invalid"
  | "not_found"
  | "conflict"
  | "forbidden"
  | "auth_failed"
  | "rate_limited"
  | "unreachable"
  | "unsupported"
  | "stale"
  | "cancelled"
  | "internal";

/** What a problem looks like on the wire; all fields are strings, "" for none. */
export interface ProblemData {
  code: string;
  reason: string;
  message: string;
  hint: string;
  field: string;
  /** Other inputs that are wrong at the same time. */
  more?: FieldProblem[];
}

/** What is wrong with an input. */
interface FieldProblem {
  field: string;
  message: string;
}

/** The one error type of the page: what happened (message), what to do (hint), which inputs are wrong (field, more). */
export class Problem extends Error {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
  readonly field: string;
  readonly more: FieldProblem[];

  constructor(data: ProblemData) {
    super(data.message);
    this.name = "Problem";
    this.code = data.code;
    this.reason = data.reason;
    this.hint = data.hint;
    this.field = data.field;
    this.more = data.more ?? [];
  }

  /** What is wrong with an input; undefined when nothing is. */
  at(field: string): string | undefined {
    return this.field === field ? this.message : this.more.find((p) => p.field === field)?.message;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * Turns whatever a bound call was rejected with into a Problem. The backend sends a JSON text in Error.message, because
 * the window's bridge makes `new Error(text)` of everything.
 */
export function toProblem(cause: unknown): Problem {
  if (cause instanceof Problem) {
    return cause;
  }
  const raw = cause instanceof Error ? cause.message : text(cause);
  try {
    const data: unknown = JSON.parse(raw);
    if (typeof data === "object" && data !== null && "message" in data && text(data.message) !== "") {
      const d = data as Record<string, unknown>;
      return new Problem({
        code: text(d.code) || "internal",
        reason: text(d.reason),
        message: text(d.message),
        hint: text(d.hint),
        field: text(d.field),
        more: Array.isArray(d.more) ? d.more.map((m) => ({ field: text(m?.field), message: text(m?.message) })) : [],
      });
    }
  } catch {
    // Not JSON: an error of the bridge itself, told below.
  }
  return new Problem({
    code: "internal",
    reason: "bridge",
    message: raw || "Something went wrong inside Seatkeeper.",
    hint: "Try again. If it stays so, restart Seatkeeper; the log file has the details.",
    field: "",
  });
}

/** The problem of a view, which is null or missing when there is none. */
export function problemOf(data: ProblemData | null | undefined): Problem | undefined {
  return data ? new Problem(data) : undefined;
}
