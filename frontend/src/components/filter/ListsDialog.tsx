import { Button, Checkbox, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import {
  chooseList,
  deleteList,
  type ListDraft,
  type PeopleList,
  pasteList,
  saveList,
  saveMisses,
  usePeopleLists,
} from "../../api/lists";
import { type Problem, toProblem } from "../../api/problem";
import { confirm } from "../../ui/confirm";
import { ProblemMessage } from "../../ui/Message";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { useFocusBack } from "../../ui/useFocusBack";
import { count, plural } from "../../util/format";
import { FormEnd } from "../FormEnd";
import { BadRows, Rows } from "../imports/Rows";
import classes from "../imports/Rows.module.css";

/** One more than the backend takes of a pasted list: what is longer is refused in words. */
const LONGEST_LIST = 4 * 1024 * 1024 + 1;

interface ListsDialogProps {
  sourceId: string;
  onClose(): void;
  /** The operator wants the people of a list, or everybody else. */
  onUse(list: PeopleList, exclude: boolean): void;
}

/** The lists of people that filters may name: put in from a file or by pasting, used, deleted. */
export function ListsDialog({ sourceId, onClose, onUse }: ListsDialogProps) {
  useFocusBack();
  const field = useRef<HTMLTextAreaElement>(null);
  const lists = usePeopleLists(sourceId);
  const [text, setText] = useState("");
  const [draft, setDraft] = useState<ListDraft>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const read = async (what: () => Promise<ListDraft>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const d = await what();
      if (d.id !== "") {
        setDraft(d);
      }
    } catch (cause) {
      setProblem(toProblem(cause));
    } finally {
      setBusy(false);
    }
  };
  const remove = async (l: PeopleList) => {
    const body = "Filters that name it say from then on that it is not there. Nobody is changed.";
    if (await confirm({ title: `Delete the list “${l.name}”?`, body, verb: "Delete list", danger: true })) {
      deleteList(l.id).then(
        // The button that was pressed goes with the list.
        () => field.current?.focus(),
        (cause: unknown) => toastProblem(toProblem(cause)),
      );
    }
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={draft ? "Save the list" : "Lists of people"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {draft ? (
        <SaveList
          sourceId={sourceId}
          draft={draft}
          taken={(lists.data ?? []).map((l) => l.name.toLowerCase())}
          onBack={() => setDraft(undefined)}
          onSaved={(l) => {
            toast("success", `“${l.name}” was saved.`);
            onUse(l, false);
          }}
        />
      ) : (
        <Stack gap="sm">
          {lists.error ? <ProblemMessage problem={lists.error} /> : null}
          {lists.data && lists.data.length > 0 ? (
            <ul className={classes.lists} aria-label="Saved lists">
              {lists.data.map((l) => (
                <li key={l.id}>
                  <span className={classes.name}>
                    <StrangerText text={l.name} />{" "}
                    <span className={classes.dim}>
                      {plural(l.match.people, "person", "people")} here of {plural(l.entries, "entry", "entries")}
                    </span>
                  </span>
                  <Button size="xs" aria-label={`Show the people of ${l.name}`} onClick={() => onUse(l, false)}>
                    Show
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Leave out the people of ${l.name}`}
                    onClick={() => onUse(l, true)}
                  >
                    Leave out
                  </Button>
                  <Button
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={`Delete ${l.name}`}
                    onClick={() => remove(l)}
                  >
                    Delete
                  </Button>
                </li>
              ))}
            </ul>
          ) : null}
          <Textarea
            ref={field}
            label="New list"
            description="E-mail addresses or account IDs, one to a line, or a CSV file with a column for them."
            placeholder={"jane@example.com\njoe@example.com"}
            rows={4}
            maxLength={LONGEST_LIST}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          {problem ? <ProblemMessage problem={problem} /> : null}
          <Group gap="xs">
            <Button disabled={text.trim() === ""} loading={busy} onClick={() => read(() => pasteList(sourceId, text))}>
              Check the text
            </Button>
            <Button variant="default" loading={busy} onClick={() => read(() => chooseList(sourceId))}>
              Choose a CSV file
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

/** What of a list means somebody here, and what does not. The numbers add up to the rows of the file. */
function MatchReport({ draft }: { draft: ListDraft }) {
  const { match, entries } = draft;
  const misses = match.unmatchedCount + match.ambiguousCount + draft.badCount;
  const save = () => {
    saveMisses(draft.id).then(
      (done) =>
        done.path !== "" && toast("success", `${plural(done.rows, "row was", "rows were")} exported.`, done.path),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  };
  return (
    <>
      <Text size="sm">
        <strong>
          {count(match.matched)} of {plural(entries, "entry", "entries")} {match.matched === 1 ? "matches" : "match"} a
          person here{match.people === match.matched ? "" : `: ${plural(match.people, "person", "people")}`}.
        </strong>
        {draft.twice + draft.badCount > 0 ? ` ${rowsOf(draft)}` : ""}
      </Text>
      <Entries
        title={`${plural(match.unmatchedCount, "entry matches", "entries match")} nobody`}
        total={match.unmatchedCount}
        entries={match.unmatched}
      />
      <Entries
        title={`${plural(match.ambiguousCount, "address is", "addresses are")} used by several people: nobody is taken`}
        total={match.ambiguousCount}
        entries={match.ambiguous}
      />
      <BadRows
        bad={draft.bad}
        total={draft.badCount}
        title={`${plural(draft.badCount, "row says", "rows say")} nobody`}
      />
      {misses > 0 ? (
        <Button size="xs" variant="default" onClick={save} style={{ alignSelf: "flex-start" }}>
          Export {misses === 1 ? "it" : `all ${count(misses)}`} as CSV
        </Button>
      ) : null}
    </>
  );
}

/** Where the rows of a file have gone that are no entries of their own. */
function rowsOf({ entries, twice, badCount }: ListDraft): string {
  const other = [
    ...(twice > 0 ? [`${count(twice)} ${twice === 1 ? "repeats" : "repeat"} an earlier one`] : []),
    ...(badCount > 0 ? [`${count(badCount)} ${badCount === 1 ? "says" : "say"} nobody`] : []),
  ];
  return `Of ${count(entries + twice + badCount)} rows, ${other.join(" and ")}.`;
}

function Entries({ title, total, entries }: { title: string; total: number; entries: string[] }) {
  return (
    <Rows title={title} total={total} shown={entries.length} text={() => entries.join("\n")}>
      {entries.map((e) => (
        <li key={e}>
          <StrangerText text={e} />
        </li>
      ))}
    </Rows>
  );
}

interface SaveListProps {
  sourceId: string;
  draft: ListDraft;
  /** Names in lower case that lists have already. */
  taken: string[];
  onBack(): void;
  onSaved(list: PeopleList): void;
}

function SaveList({ sourceId, draft, taken, onBack, onSaved }: SaveListProps) {
  const [name, setName] = useState(draft.name);
  const [replace, setReplace] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const exists = taken.includes(name.trim().toLowerCase());
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      onSaved(await saveList(sourceId, draft.id, name, replace));
    } catch (cause) {
      setProblem(toProblem(cause));
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        <MatchReport draft={draft} />
        <TextInput
          label="Name"
          data-autofocus
          required
          maxLength={80}
          value={name}
          error={problem?.at("name")}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        {exists ? (
          <Checkbox
            label="Replace the list of this name"
            checked={replace}
            onChange={(e) => setReplace(e.currentTarget.checked)}
          />
        ) : null}
        <FormEnd
          problem={problem}
          fields={["name"]}
          verb="Save and show"
          busy={busy}
          disabled={name.trim() === "" || (exists && !replace)}
          onCancel={onBack}
          cancelLabel="Back"
        />
      </Stack>
    </form>
  );
}
