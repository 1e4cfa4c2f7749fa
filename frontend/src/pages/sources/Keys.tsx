import { Button } from "@mantine/core";
import { useState } from "react";
import type { Problem } from "../../api/problem";
import { type SourceView, type TestView, useRemoveChangeKey, useTestKey } from "../../api/sources";
import { TestFindings } from "../../components/TestFindings";
import { confirm } from "../../ui/confirm";
import { ProblemMessage } from "../../ui/Message";
import { State, type Tone } from "../../ui/State";
import { toast, toastProblem } from "../../ui/toast";
import { When } from "../../ui/When";
import { KeyAbilities } from "./KeyAbilities";
import classes from "./Sources.module.css";

function askRemove(source: SourceView): Promise<boolean> {
  return confirm({
    title: `Remove the key for changes of ${source.name}?`,
    body: "Seatkeeper forgets it; it stays valid at Atlassian until you revoke it there. From now on changes go with the key for reading, where that one may. A run that uses the key pauses.",
    verb: "Remove key",
    danger: true,
  });
}

const tones: Record<string, Tone> = { ending: "warn", ended: "bad" };

interface KeysProps {
  source: SourceView;
  onReplace(): void;
  /** Add or replace the key for changes. */
  onChanges(): void;
}

/** A source's two keys: the one that reads, the one that a run unlocks for its changes, and what each of them gives. */
export function Keys({ source, onReplace, onChanges }: KeysProps) {
  const test = useTestKey();
  const remove = useRemoveChangeKey();
  const [tested, setTested] = useState<TestView>();
  const [problem, setProblem] = useState<Problem>();
  const { changes, capabilities } = source.keys;
  const readOnly = capabilities.some((c) => c.changes && c.key === "" && c.reason.includes("Add a key"));
  const runTest = () => {
    setTested(undefined);
    setProblem(undefined);
    test.mutate({ id: source.id, use: "changes" }, { onSuccess: setTested, onError: setProblem });
  };
  const drop = async () => {
    if (await askRemove(source)) {
      remove.mutate(source.id, {
        onError: toastProblem,
        onSuccess: () => toast("success", `The key for changes of ${source.name} was removed.`),
      });
    }
  };
  return (
    <section className={classes.keys} aria-label={`Keys of ${source.name}`}>
      <ul className={classes.keyList}>
        <li className={classes.key}>
          <div className={classes.keyText}>
            <strong>Key for reading</strong>
            <div className={classes.sub}>
              Syncs, schedules, previews
              {changes.keeping !== "" ? "; never a change" : readOnly ? "; it cannot change anything" : ", and changes"}
            </div>
          </div>
          <Ends source={source} which="reading" />
          <Button
            size="xs"
            variant="default"
            disabled={source.demo}
            aria-label={`Replace the key for reading of ${source.name}`}
            onClick={onReplace}
          >
            Replace
          </Button>
        </li>
        <li className={classes.key}>
          <div className={classes.keyText}>
            <strong>Key for changes</strong>
            <div className={classes.sub}>
              {readOnly && changes.keeping === "" ? "None: actions need one" : words[changes.keeping]}
            </div>
          </div>
          {changes.keeping === "" ? (
            <Button size="xs" variant={readOnly ? "filled" : "default"} disabled={source.demo} onClick={onChanges}>
              Add a key for changes
            </Button>
          ) : (
            <>
              <Ends source={source} which="changes" />
              {changes.keeping === "stored" ? (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Test the key for changes of ${source.name}`}
                  loading={test.isPending}
                  onClick={runTest}
                >
                  Test
                </Button>
              ) : null}
              <Button
                size="xs"
                variant="default"
                aria-label={`Replace the key for changes of ${source.name}`}
                onClick={onChanges}
              >
                Replace
              </Button>
              <Button
                size="xs"
                variant="default"
                aria-label={`Remove the key for changes of ${source.name}`}
                loading={remove.isPending}
                onClick={drop}
              >
                Remove
              </Button>
            </>
          )}
        </li>
      </ul>
      {problem ? <ProblemMessage problem={problem} /> : null}
      {tested ? (
        <TestFindings
          test={tested}
          replaceKey={
            <Button size="xs" variant="default" onClick={onChanges}>
              Replace key for changes
            </Button>
          }
        />
      ) : null}
      <KeyAbilities capabilities={capabilities} />
    </section>
  );
}

const words: Record<string, string> = {
  "": "None: a second key keeps syncs from holding one that can change everything",
  stored: "Stored; unlocked for one run at a time",
  asked: "Not stored; asked for at each run",
};

function Ends({ source, which }: { source: SourceView; which: "reading" | "changes" }) {
  const key = which === "reading" ? source.key : source.keys.changes.key;
  if (key.expires === "") {
    return <span className={classes.sub}>no end known</span>;
  }
  const tone = tones[key.phase];
  return tone ? (
    <State tone={tone}>{key.words}</State>
  ) : (
    <span className={classes.sub}>
      expires <When iso={key.expires} as="day" />
    </span>
  );
}
