import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useAppInfo } from "../../api/app";
import { useKinds, useSources } from "../../api/sources";
import { KeyringStatus } from "../../components/KeyringStatus";
import { useGo, useSearchState } from "../../components/navigation";
import { Message, ProblemMessage } from "../../ui/Message";
import classes from "./GetStarted.module.css";
import { SourceStep } from "./SourceStep";
import { DoneStep, SyncStep } from "./SyncStep";
import { firstOpen, isDone, parseSearch, STEPS, type Step } from "./steps";
import { Welcome } from "./Welcome";

/** The way from nothing to a first local copy. Each step can be left and resumed. */
export function GetStartedPage() {
  const info = useAppInfo().data;
  const sources = useSources().data;
  const kinds = useKinds();
  const go = useGo();
  const [search, setSearch] = useSearchState(parseSearch);
  if (!info || !sources) {
    return null;
  }
  const step = search.step ?? firstOpen(sources);
  const to = (next: Step) => setSearch({ step: next });
  if (step === "welcome") {
    return <Welcome onConnect={() => to("organization")} hasSources={sources.length > 0} />;
  }
  const current = STEPS.find((s) => s.step === step);
  const kind = kinds.data?.find((k) => k.kind === (step === "site" ? "jira_cloud" : "atlassian_org"));
  return (
    <div className={classes.page}>
      <nav className={classes.steps} aria-label="Steps">
        <h1 className={classes.heading}>Get started</h1>
        <ol className={classes.list}>
          {STEPS.map((s, i) => (
            <li key={s.step}>
              <button
                type="button"
                className={classes.step}
                aria-current={s.step === step ? "step" : undefined}
                onClick={() => to(s.step)}
                disabled={(s.step === "sync" || s.step === "done") && sources.length === 0}
              >
                <span className={classes.number} data-done={isDone(s.step, sources) || undefined} aria-hidden>
                  {isDone(s.step, sources) ? <IconCheck size={14} /> : i + 1}
                </span>
                {s.title}
                {isDone(s.step, sources) ? <span className="sr-only"> (done)</span> : null}
              </button>
            </li>
          ))}
        </ol>
        <Button
          variant="subtle"
          color="gray"
          className={classes.leave}
          onClick={() => (sources.length > 0 ? go("/") : to("welcome"))}
        >
          {sources.length > 0 ? "Leave for now" : "Back"}
        </Button>
      </nav>
      <main className={classes.main}>
        <div className={classes.column}>
          <h2 className={classes.title}>{current?.title}</h2>
          {current?.why ? <p className={classes.why}>{current.why}</p> : null}
          {kinds.error ? <ProblemMessage problem={kinds.error} /> : null}
          {info.demo && (step === "organization" || step === "site") ? (
            <Message
              tone="info"
              title="You are in the demo organization"
              hint="Leave it first to connect a real one."
              actions={<Button onClick={() => go("/")}>Back to the demo</Button>}
            />
          ) : (step === "organization" || step === "site") && !info.keyring.ready ? (
            <KeyringStatus keyring={info.keyring} />
          ) : step === "organization" || step === "site" ? (
            kind ? (
              <SourceStep
                key={step}
                kind={kind}
                sources={sources}
                onNext={() => to(step === "organization" ? "site" : "sync")}
              />
            ) : null
          ) : step === "sync" ? (
            <SyncStep sources={sources} onDone={() => to("done")} />
          ) : (
            <DoneStep sources={sources} />
          )}
        </div>
      </main>
    </div>
  );
}
