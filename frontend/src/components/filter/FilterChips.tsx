import { CloseButton, Popover, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { type FilterField, formatFilter, type ParsedFilter } from "../../api/people";
import { toProblem } from "../../api/problem";
import { oneClick } from "../../ui/oneClick";
import { plainMarks } from "../../util/marks";
import { ChipEditor } from "./ChipEditor";
import classes from "./Filter.module.css";
import { chipsOf, type FilterNode, isSimple, nodeWords, readTree, withChips } from "./tree";

interface FilterChipsProps {
  sourceId: string;
  fields: FilterField[];
  parsed: ParsedFilter;
  onApply(text: string): void;
  onProblem(problem: { message: string; hint: string } | undefined): void;
}

/** The filter as chips: one for each part that must hold. A part with groups or NOT is shown in words and edited as text. */
export function FilterChips({ sourceId, fields, parsed, onApply, onProblem }: FilterChipsProps) {
  const tree = readTree(parsed.tree);
  const chips = chipsOf(tree);
  const label = (name: string) => {
    const field = fields.find((f) => f.name === name);
    return { label: field?.label ?? name, type: field?.type ?? "text" };
  };
  const list = useRef<HTMLUListElement>(null);
  const removed = useRef<{ at: number; left: number }>(undefined);
  // The focus of a chip that was removed goes to the one behind it, at the end to the button for a new one.
  useEffect(() => {
    if (removed.current?.left === chips.length) {
      const item = list.current?.children[removed.current.at];
      removed.current = undefined;
      [...(item?.querySelectorAll("button") ?? [])].at(-1)?.focus();
    }
  });
  const change = (next: FilterNode[]) =>
    formatFilter(JSON.stringify(withChips(tree, next))).then(
      (formatted) => {
        if (formatted.error) {
          onProblem({ message: formatted.error.message, hint: "" });
        } else {
          onApply(formatted.canonical);
        }
      },
      (cause: unknown) => onProblem(toProblem(cause)),
    );
  return (
    <ul ref={list} className={classes.chips} aria-label="Filter parts" onClickCapture={oneClick}>
      {chips.map((chip, i) => {
        const words = plainMarks(nodeWords(chip, label));
        const remove = () => {
          removed.current = { at: i, left: chips.length - 1 };
          void change(chips.filter((c) => c !== chip));
        };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a chip has no identity but its place and its words
          <li key={`${i} ${words}`} className={classes.chip}>
            {isSimple(chip) ? (
              <Edited
                sourceId={sourceId}
                fields={fields}
                node={chip}
                words={words}
                onSave={(node) => change(chips.map((c) => (c === chip ? node : c)))}
              />
            ) : (
              <span className={classes.chipText} title="Edit this part in the text">
                {words}
              </span>
            )}
            <CloseButton size={24} iconSize={14} aria-label={`Remove: ${words}`} onClick={remove} />
          </li>
        );
      })}
      <li>
        <Edited sourceId={sourceId} fields={fields} onSave={(node) => change([...chips, node])} />
      </li>
    </ul>
  );
}

interface EditedProps {
  sourceId: string;
  fields: FilterField[];
  /** The condition to edit; a new one without it. */
  node?: FilterNode;
  words?: string;
  /** What the button for a new one says. */
  add?: string;
  /** The builder's id of the part. */
  part?: number;
  onSave(node: FilterNode): void;
}

/** A condition as a button that opens its editor. */
export function Edited({ sourceId, fields, node, words, add = "Add a filter", part, onSave }: EditedProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={320} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={node ? classes.chipText : classes.add}
          onClick={() => setOpen(!open)}
          aria-label={node ? `Edit: ${words}` : undefined}
          data-part={part}
        >
          {node ? (
            <bdi>{words}</bdi>
          ) : (
            <>
              <IconPlus size={13} aria-hidden /> {add}
            </>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={node ? "Edit filter part" : "Add a filter part"}>
        <ChipEditor
          sourceId={sourceId}
          fields={fields}
          node={node}
          onSave={(next) => {
            setOpen(false);
            onSave(next);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
