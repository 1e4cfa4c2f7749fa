import type { ReactNode } from "react";
import type { TestView } from "../api/sources";
import { State, type Tone } from "../ui/State";
import { plainMarks } from "../util/marks";
import classes from "./TestFindings.module.css";

const words: Record<string, { tone: Tone; word: string }> = {
  ok: { tone: "good", word: "OK" },
  warning: { tone: "warn", word: "Warning" },
  failed: { tone: "bad", word: "Failed" },
  skipped: { tone: "off", word: "Not checked" },
};

interface TestFindingsProps {
  test: TestView;
  /** What leads to another key, shown where the test says that this one is refused. */
  replaceKey?: ReactNode;
}

/** What a connection test found, one line for each check. */
export function TestFindings({ test, replaceKey }: TestFindingsProps) {
  return (
    <section className={classes.findings} aria-label="Connection test" aria-live="polite">
      <div className={classes.head}>
        <State tone={test.ok ? "good" : "bad"}>
          {test.ok ? `Connected to ${plainMarks(test.name) || "Atlassian"}` : "Not connected: see what failed below"}
        </State>
      </div>
      <ul className={classes.list}>
        {test.findings.map((f) => {
          const { tone, word } = words[f.state] ?? { tone: "idle", word: f.state };
          return (
            <li key={f.check} className={classes.finding}>
              <span className={classes.state}>
                <State tone={tone}>{word}</State>
              </span>
              <div>
                <div className={classes.title}>{f.title}</div>
                {f.message && f.state !== "skipped" ? <div>{f.message}</div> : null}
                {f.hint && f.state !== "ok" ? <div className={classes.hint}>{f.hint}</div> : null}
                {replaceKey && f.check === "auth" && f.state === "failed" ? (
                  <div className={classes.next}>{replaceKey}</div>
                ) : null}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
