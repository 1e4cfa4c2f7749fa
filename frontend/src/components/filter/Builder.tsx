import { ActionIcon, Button, SegmentedControl, Text } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconIndentDecrease,
  IconIndentIncrease,
  IconPlus,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { type FilterField, formatFilter, type ParsedFilter } from "../../api/people";
import { toProblem } from "../../api/problem";
import { plural } from "../../util/format";
import { plainMarks } from "../../util/marks";
import classes from "./Builder.module.css";
import {
  canMove,
  fromTree,
  type GroupPart,
  type Move,
  movePart,
  newCondition,
  newGroup,
  nextTo,
  type Part,
  removePart,
  replacePart,
  toTree,
} from "./builder";
import { Edited } from "./FilterChips";
import { type FilterOrder, nodeWords, readTree, withArgument } from "./tree";

interface BuilderProps {
  sourceId: string;
  fields: FilterField[];
  /** The applied filter's text. */
  value: string;
  /** The applied filter, or still the one before. */
  parsed: ParsedFilter;
  /** `parsed` belongs to `value`. */
  fresh: boolean;
  onApply(text: string): void;
  onProblem(problem: { message: string; hint: string } | undefined): void;
}

const moves: { move: Move; words: string; icon: typeof IconArrowUp }[] = [
  { move: "up", words: "Move up", icon: IconArrowUp },
  { move: "down", words: "Move down", icon: IconArrowDown },
  { move: "in", words: "Indent", icon: IconIndentIncrease },
  { move: "out", words: "Outdent", icon: IconIndentDecrease },
];

/**
 * The filter as nested groups. It edits the tree that the text is printed from, so every text can be shown here and every change here is
 * a text. Nothing needs dragging.
 */
export function Builder({ sourceId, fields, value, parsed, fresh, onApply, onProblem }: BuilderProps) {
  const [content, setContent] = useState(() => read(parsed));
  // The text that `content` shows or has become: another one was made elsewhere - in the text, by a link, back or forward.
  const [shown, setShown] = useState(fresh ? value : undefined);
  const box = useRef<HTMLElement>(null);
  const focusNext = useRef<number>(undefined);
  const latest = useRef(0);
  const sent = useRef<string>(undefined);
  const { root, order } = content;

  if (value !== shown && fresh) {
    setShown(value);
    if (value !== sent.current) {
      setContent(read(parsed));
    }
  }
  // A part that moved into another group is drawn anew there: the focus goes with it. From one that is removed it goes to the next.
  useEffect(() => {
    if (focusNext.current !== undefined) {
      box.current?.querySelector<HTMLElement>(`[data-part="${focusNext.current}"]`)?.focus();
      focusNext.current = undefined;
    }
  });

  const change = (next: GroupPart, nextOrder = order) => {
    setContent({ root: next, order: nextOrder });
    const mine = ++latest.current;
    formatFilter(JSON.stringify(toTree(next, nextOrder))).then(
      (formatted) => {
        if (mine !== latest.current) {
          return;
        }
        if (formatted.error) {
          onProblem({ message: formatted.error.message, hint: "The filter is unchanged until this is corrected." });
          return;
        }
        sent.current = formatted.canonical;
        onApply(formatted.canonical);
      },
      (cause: unknown) => mine === latest.current && onProblem(toProblem(cause)),
    );
  };
  const label = (name: string) => {
    const field = fields.find((f) => f.name === name);
    return { label: field?.label ?? name, type: field?.type ?? "text" };
  };
  const edit: Edit = {
    sourceId,
    fields,
    root,
    words: (part) => plainMarks(part.kind === "condition" ? nodeWords(part.node, label) : groupWords(part)),
    replace: (part) => change(replacePart(root, part)),
    remove: (id) => {
      focusNext.current = nextTo(root, id);
      change(removePart(root, id));
    },
    move: (id, move) => {
      focusNext.current = id;
      change(movePart(root, id, move));
    },
  };
  return (
    <section ref={box} className={classes.builder} aria-label="Filter builder">
      <Group part={root} edit={edit} />
      {order.length > 0 ? (
        <p className={classes.order}>
          Sorted by
          {order.map((o) => (
            <span key={`${o.field} ${o.arg ?? ""}`} className={classes.chip}>
              <button
                type="button"
                className={classes.flip}
                onClick={() =>
                  change(
                    root,
                    order.map((x) => (x === o ? { ...o, desc: !o.desc } : x)),
                  )
                }
              >
                {plainMarks(withArgument(label(o.field).label, o.arg))} ({o.desc ? "descending" : "ascending"})
              </button>
              <ActionIcon
                size={24}
                aria-label={`Do not sort by ${plainMarks(withArgument(label(o.field).label, o.arg))}`}
                onClick={() =>
                  change(
                    root,
                    order.filter((x) => x !== o),
                  )
                }
              >
                <IconX size={13} />
              </ActionIcon>
            </span>
          ))}
        </p>
      ) : null}
      <Text size="sm" role="status" className="num">
        {plural(parsed.count, "person matches", "people match")}
      </Text>
    </section>
  );
}

function read(parsed: ParsedFilter): { root: GroupPart; order: FilterOrder[] } {
  const tree = readTree(parsed.tree);
  return { root: fromTree(tree), order: tree.order ?? [] };
}

interface Edit {
  sourceId: string;
  fields: FilterField[];
  root: GroupPart;
  words(part: Part): string;
  replace(part: Part): void;
  remove(id: number): void;
  move(id: number, move: Move): void;
}

function groupWords(group: GroupPart): string {
  const parts = plural(group.parts.length, "part", "parts");
  return group.kind === "and" ? `all of ${parts}` : `any of ${parts}`;
}

function Group({ part, edit }: { part: GroupPart; edit: Edit }) {
  const top = part.id === edit.root.id;
  const add = (added: Part) => edit.replace({ ...part, parts: [...part.parts, added] });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of controls with its own list
    <div role="group" aria-label={`Group: ${edit.words(part)}`} className={classes.group} data-top={top || undefined}>
      <div className={classes.head}>
        <Not part={part} edit={edit} />
        <SegmentedControl
          size="xs"
          aria-label="How the parts go together"
          value={part.kind}
          onChange={(kind) => edit.replace({ ...part, kind: kind as "and" | "or" })}
          data={[
            { value: "and", label: "All of" },
            { value: "or", label: "Any of" },
          ]}
        />
        {top ? null : <Controls part={part} edit={edit} />}
      </div>
      <ul className={classes.parts}>
        {part.parts.map((p) => (
          <li key={p.id} className={classes.part}>
            {p.kind === "condition" ? (
              <div className={classes.condition}>
                <Not part={p} edit={edit} />
                <div className={classes.chip}>
                  <Edited
                    sourceId={edit.sourceId}
                    fields={edit.fields}
                    node={p.node}
                    words={edit.words(p)}
                    part={p.id}
                    onSave={(node) => edit.replace({ ...p, node })}
                  />
                </div>
                <Controls part={p} edit={edit} />
              </div>
            ) : (
              <Group part={p} edit={edit} />
            )}
          </li>
        ))}
      </ul>
      <div className={classes.add}>
        <Edited
          sourceId={edit.sourceId}
          fields={edit.fields}
          add="Add a condition"
          onSave={(node) => add(newCondition(node))}
        />
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => add(newGroup(part.kind === "and" ? "or" : "and"))}
        >
          Add a group
        </Button>
      </div>
    </div>
  );
}

function Not({ part, edit }: { part: Part; edit: Edit }) {
  return (
    <button
      type="button"
      className={classes.not}
      data-part={part.kind === "condition" ? undefined : part.id}
      aria-pressed={part.nots > 0}
      aria-label={`Not: ${edit.words(part)}`}
      onClick={() => edit.replace({ ...part, nots: part.nots > 0 ? 0 : 1 })}
    >
      {"NOT ".repeat(Math.max(1, part.nots)).trim()}
    </button>
  );
}

function Controls({ part, edit }: { part: Part; edit: Edit }) {
  const words = edit.words(part);
  return (
    <span className={classes.controls}>
      {moves.map(({ move, words: verb, icon: Icon }) => (
        <ActionIcon
          key={move}
          size={24}
          aria-label={`${verb}: ${words}`}
          disabled={!canMove(edit.root, part.id, move)}
          onClick={() => edit.move(part.id, move)}
        >
          <Icon size={14} />
        </ActionIcon>
      ))}
      <ActionIcon size={24} aria-label={`Remove: ${words}`} onClick={() => edit.remove(part.id)}>
        <IconTrash size={14} />
      </ActionIcon>
    </span>
  );
}
