import { useEffect, useRef } from "react";
import type { Problem } from "../../api/problem";
import { ProblemMessage } from "../../ui/Message";
import { plural } from "../../util/format";

interface FormProblemProps {
  problem: Problem | undefined;
  /** The names of the inputs that show what is wrong with them. */
  fields: string[];
  /** A form that fits on the screen needs no sentence about its inputs. */
  short?: boolean;
}

/**
 * What is wrong with a form: a sentence, unless the inputs say it. The first input that is wrong gets the focus. It
 * stands inside the form.
 */
export function FormProblem({ problem, fields, short }: FormProblemProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) {
      place.current?.closest("form")?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    }
  }, [problem]);
  const wrong = problem ? fields.filter((f) => problem.at(f) !== undefined).length : 0;
  // An input that the form does not have cannot say it: then the sentence itself is shown.
  const all = problem !== undefined && wrong > 0 && fields.includes(problem.field);
  return (
    <div ref={place} hidden={!problem || (all && short)}>
      {problem && !all ? <ProblemMessage problem={problem} /> : null}
      {problem && all && !short ? (
        <ProblemMessage
          problem={{
            message: `${plural(wrong, "field needs", "fields need")} a look.`,
            hint: wrong === 1 ? problem.hint : "",
          }}
        />
      ) : null}
    </div>
  );
}
