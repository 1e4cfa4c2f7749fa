import { Autocomplete, Button, Select, TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "../../api/client";
import { complete, type FilterField } from "../../api/people";
import classes from "./Filter.module.css";
import { arity, type FilterNode, opWord, typedValue, valueText } from "./tree";

interface ChipEditorProps {
  sourceId: string;
  fields: FilterField[];
  node?: FilterNode;
  onSave(node: FilterNode): void;
}

/** Proposals for what is typed after `before` in a filter, as plain texts. */
function useValues(sourceId: string, before: string, typed: string, enabled: boolean): string[] {
  const [wanted] = useDebouncedValue(typed, 80);
  const text = `${before}"${wanted.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}`;
  const found = useQuery({
    queryKey: [...keys.people(sourceId), "values", text],
    queryFn: () => complete(sourceId, text, text.length),
    enabled,
    placeholderData: (old) => old,
  });
  return [...new Set((found.data ?? []).map((c) => c.label))];
}

/** Field, argument, operator and values of one condition. */
export function ChipEditor({ sourceId, fields, node, onSave }: ChipEditorProps) {
  const [name, setName] = useState(node?.field ?? fields[0]?.name ?? "");
  const field = fields.find((f) => f.name === name);
  const [op, setOp] = useState(node?.op ?? field?.operators[0] ?? "=");
  const [argument, setArgument] = useState(node?.arg ?? "");
  const [values, setValues] = useState<string[]>((node?.values ?? []).map(valueText));
  const [typed, setTyped] = useState("");
  const takes = arity(op);
  const type = field?.type ?? "text";
  const fixed = type === "bool" ? ["yes", "no"] : (field?.values ?? []);
  const dynamic = fixed.length === 0 && type !== "date" && type !== "number";
  const open = takes === "many" ? `${name} in (` : `${name} = `;
  const proposed = useValues(sourceId, open, takes === "many" ? typed : (values[0] ?? ""), dynamic && takes !== "none");
  const argumentsFound = useValues(sourceId, `${name}(`, argument, Boolean(field?.argument));

  const choose = (next: string) => {
    const chosen = fields.find((f) => f.name === next);
    setName(next);
    setOp(chosen?.operators[0] ?? "=");
    setArgument("");
    setValues([]);
  };
  const ready = field !== undefined && (takes === "none" || values.some((v) => v !== ""));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (ready) {
      onSave({
        kind: "condition",
        field: name,
        arg: argument || undefined,
        op,
        values:
          takes === "none"
            ? []
            : values
                .filter((v) => v !== "")
                .map(
                  (v) =>
                    (name === node?.field && node.values?.find((old) => valueText(old) === v)) || typedValue(v, type),
                )
                .slice(0, takes === "one" ? 1 : undefined),
      });
    }
  };
  const inside = { withinPortal: false } as const;
  return (
    <form onSubmit={submit} className={classes.editor}>
      <Select
        label="Field"
        data={fields.map((f) => ({ value: f.name, label: f.label }))}
        value={name}
        onChange={(v) => v && choose(v)}
        allowDeselect={false}
        searchable
        comboboxProps={inside}
        description={field?.docs}
        inputWrapperOrder={["label", "input", "error", "description"]}
        data-autofocus={node ? undefined : true}
      />
      {field?.argument ? (
        <Autocomplete
          label={`Only for this ${field.argument}`}
          placeholder="Any"
          value={argument}
          onChange={setArgument}
          data={argumentsFound}
          filter={({ options }) => options}
          comboboxProps={inside}
        />
      ) : null}
      <Select
        label="Comparison"
        data={(field?.operators ?? []).map((o) => ({ value: o, label: opWord(o, type) }))}
        value={op}
        onChange={(v) => v && setOp(v)}
        allowDeselect={false}
        comboboxProps={inside}
      />
      {takes === "one" && fixed.length > 0 ? (
        <Select
          label="Value"
          data-autofocus={node ? true : undefined}
          data={fixed}
          value={values[0] ?? null}
          onChange={(v) => setValues(v ? [v] : [])}
          comboboxProps={inside}
        />
      ) : takes === "one" ? (
        <Autocomplete
          label="Value"
          data-autofocus={node ? true : undefined}
          placeholder={type === "date" ? "-90d or 2026-01-31" : undefined}
          value={values[0] ?? ""}
          onChange={(v) => setValues([v])}
          data={type === "date" ? ["-30d", "-90d", "-180d", "-1y"] : proposed}
          filter={({ options }) => options}
          comboboxProps={inside}
        />
      ) : takes === "many" ? (
        <TagsInput
          label="Values"
          value={values}
          onChange={setValues}
          searchValue={typed}
          onSearchChange={setTyped}
          data={fixed.length > 0 ? fixed : proposed}
          acceptValueOnBlur
          comboboxProps={inside}
        />
      ) : null}
      <Button type="submit" disabled={!ready}>
        {node ? "Change" : "Add"}
      </Button>
    </form>
  );
}
