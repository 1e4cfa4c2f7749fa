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
 * What is wrong with a form: a sentence, unless the inputs say it. The first input that is wrong gets the focus, else the
 * sentence comes into sight. It stands inside the form.
 */
export function FormProblem({ problem, fields, short }: FormProblemProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const wrong = place.current?.closest("form")?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (problem && wrong) {
      wrong.focus();
    } else if (problem) {
      place.current?.scrollIntoView({ block: "nearest" });
      if (document.activeElement === document.body) {
        place.current?.focus({ preventScroll: true }); // the button that was pressed was disabled meanwhile, and has lost it
      }
    }
  }, [problem]);
  const wrong = problem ? fields.filter((f) => problem.at(f) !== undefined).length : 0;
  // An input that the form does not have cannot say it: then the sentence itself is shown.
  const all = problem !== undefined && wrong > 0 && fields.includes(problem.field);
  return (
    <div ref={place} tabIndex={-1} hidden={!problem || (all && short)}>
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
