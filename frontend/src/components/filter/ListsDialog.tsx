import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { chooseList, deleteList, type ListDraft, type PeopleList, pasteList, usePeopleLists } from "../../api/lists";
import { type Problem, toProblem } from "../../api/problem";
import { confirm } from "../../ui/confirm";
import { ProblemMessage } from "../../ui/Message";
import { oneClick } from "../../ui/oneClick";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { useFocusBack } from "../../ui/useFocusBack";
import { plural } from "../../util/format";
import classes from "../imports/Rows.module.css";
import { SaveList } from "./SaveList";

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
          onDraft={setDraft}
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
            <ul className={classes.lists} aria-label="Saved lists" onClickCapture={oneClick}>
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
            description="E-mail addresses or account IDs, one after the other, or a CSV file with a column for them."
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
