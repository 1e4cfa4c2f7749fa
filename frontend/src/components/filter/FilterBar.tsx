import { useState } from "react";
import { useFilterFields, useParsedFilter } from "../../api/people";
import { ProblemMessage } from "../../ui/Message";
import classes from "./Filter.module.css";
import { FilterChips } from "./FilterChips";
import { FilterLine } from "./FilterLine";

interface FilterBarProps {
  sourceId: string;
  /** The applied filter's text. */
  value: string;
  onChange(text: string): void;
}

/** A filter as a line of text and as chips: both show the same tree, and editing one changes the other. */
export function FilterBar({ sourceId, value, onChange }: FilterBarProps) {
  const parsed = useParsedFilter(sourceId, value);
  const fields = useFilterFields();
  const [problem, setProblem] = useState<{ message: string; hint: string }>();
  const apply = (text: string) => {
    setProblem(undefined);
    onChange(text);
  };
  return (
    <div className={classes.bar}>
      <FilterLine sourceId={sourceId} value={value} onApply={apply} />
      {fields.data && parsed.data && !parsed.data.error ? (
        <FilterChips
          sourceId={sourceId}
          fields={fields.data}
          parsed={parsed.data}
          onApply={apply}
          onProblem={setProblem}
        />
      ) : null}
      {problem ? <ProblemMessage problem={problem} /> : null}
      {fields.error ? <ProblemMessage problem={fields.error} /> : null}
    </div>
  );
}
