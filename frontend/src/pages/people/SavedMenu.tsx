import { ActionIcon, Button, FileButton, Group, Popover, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconBookmark, IconPencil, IconPin, IconPinFilled, IconTrash } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { toProblem } from "../../api/problem";
import {
  deleteFilter,
  exportFilters,
  importFilters,
  restoreFilter,
  type SavedDraft,
  type SavedFilter,
  useSavedFilters,
  useSaveFilter,
} from "../../api/saved";
import { ProblemMessage } from "../../ui/Message";
import { oneClick } from "../../ui/oneClick";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastAction, toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import { plainMarks } from "../../util/marks";
import { SavedDialog } from "./SavedDialog";
import classes from "./SavedMenu.module.css";

/** From how many on the list has a search field. */
const SEARCH_FROM = 8;

interface SavedMenuProps {
  sourceId: string;
  /** What is shown now. */
  view: Pick<SavedDraft, "filter" | "columns" | "sort" | "desc" | "density">;
  /** Id of the saved filter from which it came. */
  current: string | undefined;
  onOpen(filter: SavedFilter): void;
  /** What is shown belongs to another saved filter from now on, or to none. */
  onCurrent(id: string | undefined): void;
}

/** The saved filters: open, save, rename, pin, delete, pass on. */
export function SavedMenu({ sourceId, view, current, onOpen, onCurrent }: SavedMenuProps) {
  const filters = useSavedFilters(sourceId);
  const save = useSaveFilter(sourceId);
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [dialog, setDialog] = useState<{ edited?: SavedFilter; like?: SavedFilter }>();
  const dropdown = useRef<HTMLDivElement>(null);
  const all = filters.data ?? [];
  const active = all.find((f) => f.id === current);
  const altered = active !== undefined && changed(active, view) ? active : undefined;
  const found = all.filter((f) => f.name.toLowerCase().includes(search.trim().toLowerCase()));

  const change = (draft: SavedDraft, said: string) =>
    save.mutate(draft, { onSuccess: () => said && toast("success", said), onError: toastProblem });
  const remove = async (f: SavedFilter) => {
    try {
      await deleteFilter(f.id);
      // The button that was pressed goes with the filter.
      dropdown.current?.focus();
      if (f.id === current) {
        onCurrent(undefined);
      }
      toastAction(`“${plainMarks(f.name)}” was deleted.`, "Undo", () => {
        restoreFilter(f.id).catch((cause: unknown) => toastProblem(toProblem(cause)));
      });
    } catch (cause) {
      toastProblem(toProblem(cause));
    }
  };
  const ask = (next: { edited?: SavedFilter; like?: SavedFilter }) => {
    setOpen(false);
    setDialog(next);
  };
  return (
    <>
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={340} trapFocus returnFocus>
        <Popover.Target>
          <Button
            variant="default"
            className={classes.target}
            leftSection={<IconBookmark size={16} aria-hidden />}
            onClick={() => setOpen(!open)}
          >
            {active ? <StrangerText text={active.name} /> : "Saved"}{" "}
            {altered ? <span className={classes.altered}>changed</span> : null}
          </Button>
        </Popover.Target>
        <Popover.Dropdown ref={dropdown} aria-label="Saved filters">
          <Group gap={6} mb={8}>
            {altered ? (
              <Button
                size="xs"
                onClick={() => change({ ...altered, ...view }, `“${plainMarks(altered.name)}” was changed.`)}
              >
                Save changes
              </Button>
            ) : null}
            <Button size="xs" variant="default" onClick={() => ask({ like: active })}>
              {active ? "Save as" : "Save filter"}
            </Button>
          </Group>
          {filters.error ? <ProblemMessage problem={filters.error} /> : null}
          {all.length >= SEARCH_FROM ? (
            <TextInput
              size="xs"
              aria-label="Search saved filters"
              placeholder="Search"
              mb={6}
              value={search}
              onChange={(e) => setSearch(e.currentTarget.value)}
            />
          ) : null}
          {all.length === 0 && filters.data ? (
            <Text size="sm" c="dimmed" mb={8}>
              No filter is saved yet. A saved filter keeps the filter with its columns, sort and row height.
            </Text>
          ) : null}
          <ul className={classes.list} onClickCapture={oneClick}>
            {found.map((f) => (
              <Item
                key={f.id}
                filter={f}
                current={f.id === current}
                onOpen={() => {
                  setOpen(false);
                  onOpen(f);
                }}
                onPin={() => change({ ...f, pinned: !f.pinned }, "")}
                onEdit={() => ask({ edited: f })}
                onDelete={() => void remove(f)}
              />
            ))}
          </ul>
          <Passing count={all.length} />
        </Popover.Dropdown>
      </Popover>
      {dialog ? (
        <SavedDialog
          sourceId={sourceId}
          view={view}
          {...dialog}
          onClose={() => setDialog(undefined)}
          onSaved={(f) => !dialog.edited && onCurrent(f.id)}
        />
      ) : null}
    </>
  );
}

/** Whether what is shown is not what was saved. What was saved without columns or height does not depend on them. */
function changed(saved: SavedFilter, view: SavedMenuProps["view"]): boolean {
  const looks =
    saved.columns.length > 0 &&
    (saved.columns.join() !== view.columns.join() ||
      saved.sort !== view.sort ||
      saved.desc !== view.desc ||
      saved.density !== view.density);
  return saved.filter !== view.filter || looks;
}

interface ItemProps {
  filter: SavedFilter;
  current: boolean;
  onOpen(): void;
  onPin(): void;
  onEdit(): void;
  onDelete(): void;
}

function Item({ filter, current, onOpen, onPin, onEdit, onDelete }: ItemProps) {
  const name = plainMarks(filter.name);
  return (
    <li className={classes.item} data-current={current || undefined}>
      <UnstyledButton className={classes.open} onClick={onOpen} aria-current={current || undefined}>
        <span className={classes.name}>
          <StrangerText text={filter.name} />
        </span>
        {filter.error ? null : <span className="num">{count(filter.count)}</span>}
        {filter.error ? (
          <span className={classes.error}>
            <State tone="warn">{filter.error.message}</State>
          </span>
        ) : filter.description ? (
          <span className={classes.description}>{filter.description}</span>
        ) : null}
      </UnstyledButton>
      <ActionIcon
        size={24}
        aria-label={filter.pinned ? `Unpin ${name}` : `Pin ${name}`}
        aria-pressed={filter.pinned}
        onClick={onPin}
      >
        {filter.pinned ? <IconPinFilled size={14} /> : <IconPin size={14} />}
      </ActionIcon>
      <ActionIcon size={24} aria-label={`Rename ${name}`} onClick={onEdit}>
        <IconPencil size={14} />
      </ActionIcon>
      <ActionIcon size={24} aria-label={`Delete ${name}`} onClick={onDelete}>
        <IconTrash size={14} />
      </ActionIcon>
    </li>
  );
}

/** Passing saved filters on: to a file, and from one. */
function Passing({ count: saved }: { count: number }) {
  const [problem, setProblem] = useState<{ message: string; hint: string }>();
  const failed = (cause: unknown) => setProblem(toProblem(cause));
  const take = (file: File | null) => {
    setProblem(undefined);
    file
      ?.text()
      .then(importFilters)
      .then((done) => {
        const more = [
          done.renamed > 0 ? `${plural(done.renamed, "has", "have")} another name, because theirs was taken.` : "",
          done.same > 0 ? `${plural(done.same, "was", "were")} there already.` : "",
        ];
        toast(
          "success",
          `${plural(done.added.length, "filter was", "filters were")} imported.`,
          more.filter(Boolean).join(" "),
        );
      })
      .catch(failed);
  };
  const give = () =>
    exportFilters([]).then(
      (done) =>
        done.path && toast("success", `${plural(done.rows, "filter was", "filters were")} exported.`, done.path),
      failed,
    );
  return (
    <>
      <Group gap={6} mt={8}>
        <FileButton accept="application/json,.json" onChange={take} inputProps={{ "aria-label": "File to import" }}>
          {(props) => (
            <Button {...props} size="xs" variant="subtle" color="gray">
              Import
            </Button>
          )}
        </FileButton>
        <Button size="xs" variant="subtle" color="gray" disabled={saved === 0} onClick={() => void give()}>
          Export all
        </Button>
      </Group>
      {problem ? <ProblemMessage problem={problem} /> : null}
    </>
  );
}
