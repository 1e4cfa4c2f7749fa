import { Button } from "@mantine/core";
import { IconListTree, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { useFilterFields, useParsedFilter } from "../../api/people";
import { ProblemMessage } from "../../ui/Message";
import { Builder } from "./Builder";
import classes from "./Filter.module.css";
import { FilterChips } from "./FilterChips";
import { FilterLine } from "./FilterLine";
import { ListsDialog } from "./ListsDialog";
import { withList } from "./withList";

interface FilterBarProps {
  sourceId: string;
  /** The applied filter's text. */
  value: string;
  onChange(text: string): void;
}

/** A filter as a line of text, and as chips or nested groups: all show the same tree, and editing one changes the others. */
export function FilterBar({ sourceId, value, onChange }: FilterBarProps) {
  const parsed = useParsedFilter(sourceId, value);
  const fields = useFilterFields();
  const [advanced, setAdvanced] = useState(false);
  const [lists, setLists] = useState(false);
  const [problem, setProblem] = useState<{ message: string; hint: string }>();
  const apply = (text: string) => {
    setProblem(undefined);
    onChange(text);
  };
  return (
    <div className={classes.bar}>
      <div className={classes.row}>
        <div className={classes.line}>
          <FilterLine sourceId={sourceId} value={value} onApply={apply} />
        </div>
        <Button
          variant={advanced ? "light" : "default"}
          aria-pressed={advanced}
          leftSection={<IconListTree size={16} aria-hidden />}
          onClick={() => setAdvanced(!advanced)}
        >
          Advanced
        </Button>
        <Button variant="default" leftSection={<IconUsersGroup size={16} aria-hidden />} onClick={() => setLists(true)}>
          Lists
        </Button>
      </div>
      <div className={classes.parts}>
        {fields.data && parsed.data && (advanced ? parsed.data.tree !== "" : !parsed.data.error) ? (
          advanced ? (
            <Builder
              sourceId={sourceId}
              fields={fields.data}
              value={value}
              parsed={parsed.data}
              fresh={!parsed.isPlaceholderData}
              onApply={apply}
              onProblem={setProblem}
            />
          ) : (
            <FilterChips
              sourceId={sourceId}
              fields={fields.data}
              parsed={parsed.data}
              onApply={apply}
              onProblem={setProblem}
            />
          )
        ) : null}
      </div>
      {advanced && parsed.data?.tree === "" ? (
        <p className={classes.explain}>The builder shows the filter when the mistake in the text is corrected.</p>
      ) : null}
      {lists ? (
        <ListsDialog
          sourceId={sourceId}
          onClose={() => setLists(false)}
          onUse={(list, exclude) => {
            setLists(false);
            apply(withList(value, list.filter, exclude));
          }}
        />
      ) : null}
      {problem ? <ProblemMessage problem={problem} /> : null}
      {fields.error ? <ProblemMessage problem={fields.error} /> : null}
    </div>
  );
}
