import { Button, Checkbox, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { chooseColumn, type ListDraft, type PeopleList, saveList, saveMisses } from "../../api/lists";
import { type Problem, toProblem } from "../../api/problem";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import { FormEnd } from "../form/FormEnd";
import { BadRows, Rows } from "../imports/Rows";

/** Everybody who stands anywhere in a list, in place of a column's number. */
const EVERYWHERE = -1;

/** From which column the people are taken, and who stands in it; a choice where there are several. */
function Columns({ draft, busy, onChoose }: { draft: ListDraft; busy: boolean; onChoose(column: number): void }) {
  const { columns, choice } = draft;
  if (columns.length < 2) {
    const sample = columns[0]?.sample ?? [];
    return (
      <Text size="sm">
        Taken from {draft.column === "" ? "the whole text" : <StrangerText text={draft.column} />}
        {sample.length > 0 ? (
          <>
            : <StrangerText text={sample.join(", ")} />
            {(columns[0]?.people ?? 0) > sample.length ? ", …" : ""}
          </>
        ) : (
          "."
        )}
      </Text>
    );
  }
  const all = columns.map((c) => `${c.title === "" ? "Column" : c.title} ${c.number}`).join(", ");
  return (
    <Radio.Group
      label={choice === 0 ? "Several columns have people. Which one is meant?" : "Taken from"}
      value={String(choice)}
      onChange={(v) => onChoose(Number(v))}
      required={choice === 0}
    >
      <Stack gap={6} mt={6}>
        {columns.map((c) => (
          <Radio
            key={c.number}
            value={String(c.number)}
            disabled={busy}
            label={
              <>
                {c.title === "" ? `Column ${c.number}` : <StrangerText text={c.title} />}
                {`: ${plural(c.people, "cell", "cells")} with people`}
              </>
            }
            description={<StrangerText text={c.sample.join(", ") + (c.people > c.sample.length ? ", …" : "")} />}
          />
        ))}
        <Radio value={String(EVERYWHERE)} disabled={busy} label="All of these columns" description={all} />
      </Stack>
    </Radio.Group>
  );
}

/** What of a list means somebody here, and what does not. */
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
        </strong>{" "}
        {rowsOf(draft)}
      </Text>
      <Entries
        title={`${plural(match.unmatchedCount, "entry matches", "entries match")} nobody`}
        total={match.unmatchedCount}
        entries={match.unmatched}
      />
      <Entries
        title={`${plural(match.ambiguousCount, "entry", "entries")} may mean several people: nobody is taken`}
        total={match.ambiguousCount}
        entries={match.ambiguous}
      />
      <BadRows
        bad={draft.bad}
        total={draft.badCount}
        title={`${plural(draft.badCount, "row or a part of it", "rows or parts of them")} cannot be read`}
      />
      {misses > 0 ? (
        <Button size="xs" variant="default" onClick={save} style={{ alignSelf: "flex-start" }}>
          Export {misses === 1 ? "it" : `all ${count(misses)}`} as CSV
        </Button>
      ) : null}
    </>
  );
}

/** What was read, and what of it is no entry of its own. */
function rowsOf({ rows, twice, badCount }: ListDraft): string {
  const other = [
    ...(twice > 0 ? [`${count(twice)} ${twice === 1 ? "repeats" : "repeat"} an earlier one`] : []),
    ...(badCount > 0 ? [`${count(badCount)} cannot be read`] : []),
  ];
  return `${plural(rows, "row was", "rows were")} read${other.length > 0 ? `; ${other.join(", and ")}` : ""}.`;
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
  /** It was read from another column. */
  onDraft(draft: ListDraft): void;
  /** Names in lower case that lists have already. */
  taken: string[];
  onBack(): void;
  onSaved(list: PeopleList): void;
}

/** Shows what a list took, from where, and what it could not read; then names and keeps it. */
export function SaveList({ sourceId, draft, onDraft, taken, onBack, onSaved }: SaveListProps) {
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
  const choose = async (column: number) => {
    setBusy(true);
    setProblem(undefined);
    try {
      onDraft(await chooseColumn(draft.id, column));
    } catch (cause) {
      setProblem(toProblem(cause));
    }
    setBusy(false);
  };
  const chosen = draft.choice !== 0;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        <Columns draft={draft} busy={busy} onChoose={choose} />
        {chosen ? <MatchReport draft={draft} /> : null}
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
          disabled={!chosen || name.trim() === "" || (exists && !replace)}
          onCancel={onBack}
          cancelLabel="Back"
        />
      </Stack>
    </form>
  );
}
