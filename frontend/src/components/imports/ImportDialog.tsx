import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { dateImport, forgetImport, type ImportPreview, keepImport, saveUnmatched } from "../../api/imports";
import { type Problem, toProblem } from "../../api/problem";
import { Message, ProblemMessage } from "../../ui/Message";
import { Facts } from "../../ui/Page";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { useFocusBack } from "../../ui/useFocusBack";
import { When } from "../../ui/When";
import { count, plural } from "../../util/format";
import { BadRows, Rows } from "./Rows";
import classes from "./Rows.module.css";

interface ImportDialogProps {
  sourceName: string;
  first: ImportPreview;
  onClose(): void;
}

/** What a file would bring, before it is kept. */
export function ImportDialog({ sourceName, first, onClose }: ImportDialogProps) {
  useFocusBack();
  const [preview, setPreview] = useState(first);
  const [day, setDay] = useState(first.asOf.slice(0, 10));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const attempt = async (what: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await what();
    } catch (cause) {
      setProblem(toProblem(cause));
    } finally {
      setBusy(false);
    }
  };
  const date = () =>
    attempt(async () => {
      if (day !== preview.asOf.slice(0, 10)) {
        setPreview(await dateImport(preview.id, day));
      }
    });
  const keep = () =>
    attempt(async () => {
      const kept = await keepImport(preview.id);
      toast(
        "success",
        `${kept.title}: ${plural(kept.matched, "person", "people")} of ${sourceName}.`,
        "It stays until you remove it; what the source itself tells always wins.",
      );
      onClose();
    });
  const cancel = () => {
    forgetImport(preview.id).catch(() => undefined);
    onClose();
  };
  const exportMisses = () => {
    saveUnmatched(preview.id).then(
      (done) =>
        done.path !== "" && toast("success", `${plural(done.rows, "row was", "rows were")} exported.`, done.path),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  };
  const redated = day !== preview.asOf.slice(0, 10);
  return (
    <Modal
      opened
      size="lg"
      onClose={cancel}
      title={`Import into ${sourceName}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="sm">
        <Facts
          items={[
            { name: "File", value: <StrangerText text={preview.fileName} /> },
            { name: "Kind", value: preview.title },
            {
              name: "Matched",
              value: (
                <strong>
                  {plural(preview.matched, "person", "people")}, by a file of {plural(preview.rows, "row", "rows")}
                </strong>
              ),
            },
            { name: "Last activity", value: `of ${plural(preview.activity, "person", "people")}` },
            ...(preview.twice > 0
              ? [
                  {
                    name: "Several rows",
                    value: `${plural(preview.twice, "row", "rows")} about somebody twice: joined`,
                  },
                ]
              : []),
            ...(preview.apps.length > 0
              ? [
                  {
                    name: "Apps",
                    value: preview.apps.map((a) => (
                      <div key={`${a.name} ${a.site}`}>
                        <StrangerText text={a.site ? `${a.name} - ${a.site}` : a.name} />
                        {a.means ? (
                          <>
                            {" is "}
                            <StrangerText text={a.means} />
                          </>
                        ) : (
                          <span className={classes.dim}> is left out: no app of this source</span>
                        )}
                      </div>
                    )),
                  },
                ]
              : []),
          ]}
        />
        <TextInput
          type="date"
          label="The file is of"
          description="Activity is shown as of this day."
          maw={220}
          value={day}
          error={problem?.at("asOf")}
          onChange={(e) => setDay(e.currentTarget.value)}
          onBlur={date}
        />
        {preview.notes.map((note) => (
          <Message key={note} tone="info" title={note} />
        ))}
        {preview.unknown.length > 0 ? (
          <Text size="sm">
            Columns that are left out because they are not known: <StrangerText text={preview.unknown.join(", ")} />
          </Text>
        ) : null}
        <Rows
          title={`${plural(preview.misses, "row matches", "rows match")} nobody for certain`}
          total={preview.misses}
          shown={preview.unmatched.length}
          text={() =>
            preview.unmatched.map((u) => [u.line, u.email, u.accountId, u.name, u.reason].join("\t")).join("\n")
          }
          action={
            <Button size="xs" variant="default" onClick={exportMisses}>
              Export all as CSV
            </Button>
          }
        >
          {preview.unmatched.map((u) => (
            <li key={u.line}>
              <span className={classes.dim}>Line {count(u.line)}:</span>{" "}
              <StrangerText text={u.email || u.accountId || u.name} /> <span className={classes.dim}>{u.reason}</span>
            </li>
          ))}
        </Rows>
        <BadRows bad={preview.bad} total={preview.badCount} />
        {preview.replaces ? (
          <Text size="sm">
            It takes the place of <StrangerText text={preview.replaces.fileName} /> of{" "}
            <When iso={preview.replaces.asOf} as="day" />.
          </Text>
        ) : null}
        {problem && problem.field !== "asOf" ? <ProblemMessage problem={problem} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button disabled={preview.matched === 0 || redated} loading={busy} onClick={keep}>
            Import
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
