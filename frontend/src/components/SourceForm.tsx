import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Problem } from "../api/problem";
import {
  type SourceDraft,
  type SourceKindView,
  type SourceView,
  type TestView,
  useSaveSource,
  useSources,
  useTestSource,
} from "../api/sources";
import { SOURCE_COLORS } from "../ui/theme";
import { plainMarks } from "../util/marks";
import { ColorChoice } from "./ColorChoice";
import { FormFields } from "./form/FormFields";
import { LookUpOrganization } from "./LookUpOrganization";
import classes from "./SourceForm.module.css";
import { KeyExpiresInput, TestedFormEnd } from "./TestedFormEnd";

interface SourceFormProps {
  kind: SourceKindView;
  /** The source to change; a new one is added without it. */
  existing?: SourceView;
  /** It is saved; the test says what the source can do. */
  onSaved(source: SourceView, test: TestView): void;
  onCancel?(): void;
  cancelLabel?: string;
  /** Only another key for the existing source: everything else stays as it is. */
  keyOnly?: boolean;
}

/** The first color that no source has yet. */
function freeColor(sources: SourceView[]): string {
  return SOURCE_COLORS.find((c) => !sources.some((s) => s.color === c)) ?? "blue";
}

/** The name as it can be read, with a number behind it when another source has it already. */
function freeName(told: string, sources: SourceView[]): string {
  const name = plainMarks(told);
  const taken = (n: string) => sources.some((s) => s.name === n);
  for (let i = 2; taken(name) && i < 100; i++) {
    const next = `${name} ${i}`;
    if (!taken(next)) {
      return next;
    }
  }
  return name;
}

/** A copy of the values without what was typed into secret fields. */
function withoutSecrets(kind: SourceKindView, values: Record<string, string>): Record<string, string> {
  const secret = new Set(kind.fields.filter((f) => f.type === "password").map((f) => f.name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secret.has(name)));
}

/**
 * Adds or changes a source: the fields that its kind declares, a test, and saving. Secrets live in this form only; they
 * are cleared as soon as they are saved, and until then nothing has to be typed twice.
 */
export function SourceForm(props: SourceFormProps) {
  const { kind, existing, onSaved, onCancel, cancelLabel, keyOnly = false } = props;
  const sources = useSources().data ?? [];
  const [values, setValues] = useState<Record<string, string>>(existing?.settings ?? {});
  const [name, setName] = useState(existing?.name ?? "");
  const [color, setColor] = useState(existing?.color ?? freeColor(sources));
  const [expires, setExpires] = useState(keyOnly ? "" : (existing?.keyExpires.slice(0, 10) ?? ""));
  const [tested, setTested] = useState<TestView>();
  const [problem, setProblem] = useState<Problem>();
  const test = useTestSource();
  const save = useSaveSource();
  const busy = test.isPending || save.isPending;
  const id = existing?.id ?? "";

  const draft = (called: string): SourceDraft => ({
    kind: kind.kind,
    name: called,
    color,
    values,
    keyExpires: expires,
  });
  const clear = () => {
    setProblem(undefined);
    setTested(undefined);
  };
  const show = (result: TestView) => {
    setTested(result);
    if (result.ok) {
      setName((typed) => typed || freeName(result.name || kind.title, sources));
    }
  };
  const runTest = () => {
    clear();
    // A test needs a name as every draft does; nothing is saved under it.
    test.mutate(
      { id, draft: draft(name.trim() || kind.title) },
      { onSuccess: show, onError: setProblem, onSettled: () => test.reset() },
    );
  };
  const runSave = (called: string) =>
    save.mutate(
      { id, draft: draft(called) },
      {
        onError: setProblem,
        onSuccess: (added) => {
          show(added.test);
          if (added.source) {
            setValues((v) => withoutSecrets(kind, v));
            onSaved(added.source, added.test);
          }
        },
        onSettled: () => save.reset(),
      },
    );
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (busy || (keyOnly && !typed)) {
      return;
    }
    clear();
    if (name.trim() !== "") {
      runSave(name.trim());
      return;
    }
    // Without a name of the operator's the test tells the organization's own.
    test.mutate(
      { id, draft: draft(kind.title) },
      {
        onError: setProblem,
        onSuccess: (result) => {
          show(result);
          if (result.ok) {
            runSave(freeName(result.name || kind.title, sources));
          }
        },
        onSettled: () => test.reset(),
      },
    );
  };
  const fields = keyOnly ? kind.fields.filter((f) => f.type === "password") : kind.fields;
  const typed = fields.some((f) => f.type === "password" && (values[f.name] ?? "").trim() !== "");

  return (
    <form onSubmit={submit} className={classes.form} noValidate aria-label={kind.title}>
      <FormFields
        form={kind.kind}
        sourceId={id}
        fields={fields}
        values={values}
        kept={existing !== undefined && !keyOnly}
        problem={problem}
        onChange={(field, value) => setValues((v) => ({ ...v, [field]: value }))}
        below={(field) =>
          field.name === "org_id" ? (
            <LookUpOrganization
              draft={() => draft(name.trim() || kind.title)}
              onFound={(org_id) => setValues((v) => ({ ...v, org_id }))}
              disabled={busy}
            />
          ) : null
        }
      />
      <KeyExpiresInput value={expires} error={problem?.at("keyExpires")} onChange={setExpires} />
      {keyOnly ? null : (
        <div className={classes.pair}>
          <TextInput
            label="Name in Seatkeeper"
            placeholder="From Atlassian when empty"
            value={name}
            error={problem?.at("name")}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <ColorChoice value={color} onChange={setColor} />
        </div>
      )}
      <TestedFormEnd
        problem={problem}
        fields={[...fields.map((f) => f.name), "keyExpires", ...(keyOnly ? [] : ["name"])]}
        tested={tested}
        testing={test.isPending}
        saving={save.isPending}
        disabled={keyOnly && !typed}
        verb={keyOnly ? "Test and replace" : existing ? "Test and save" : "Test and connect"}
        onTest={runTest}
        onCancel={onCancel}
        cancelLabel={cancelLabel}
      />
    </form>
  );
}
