import { Button } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { type AppInfo, type KeyringView, useAppInfo, useLeaveDemo } from "../../api/app";
import { type OnboardingView, useOnboarding, useSkipStep } from "../../api/onboarding";
import { type SourceView, useKinds, useSources } from "../../api/sources";
import { KeyringStatus } from "../../components/KeyringStatus";
import { useGo, useSearchState } from "../../components/navigation";
import { Message, ProblemMessage } from "../../ui/Message";
import { toastProblem } from "../../ui/toast";
import { AllowlistStep } from "./AllowlistStep";
import { DomainsStep } from "./DomainsStep";
import classes from "./GetStarted.module.css";
import { SourceStep } from "./SourceStep";
import { StepHead } from "./StepHead";
import { BackgroundSyncs, StepList } from "./StepList";
import { DoneStep, SyncStep } from "./SyncStep";
import { after, opensOn, type Place, parseSearch } from "./steps";
import { Upgraded } from "./Upgraded";
import { Welcome } from "./Welcome";

/** The way from nothing to a first local copy. Which steps are done and which is next is decided in the backend. */
export function GetStartedPage() {
  const info = useAppInfo().data;
  const sources = useSources().data;
  const state = useOnboarding();
  const go = useGo();
  const [search, setSearch] = useSearchState(parseSearch);
  const first = state.data && sources ? opensOn(state.data, sources.length > 0) : undefined;
  useEffect(() => {
    // Kept in the address: the page must not go on by itself when the step is done, before its result was read.
    if (search.step === undefined && first !== undefined) {
      setSearch({ step: first }, { replace: true });
    }
  }, [search.step, first, setSearch]);
  if (state.error) {
    return (
      <main className={classes.welcome}>
        <ProblemMessage problem={state.error} actions={<Button onClick={() => go("/")}>Go on without</Button>} />
      </main>
    );
  }
  const place = search.step ?? first;
  if (!info || !sources || !state.data || !place) {
    return null;
  }
  const to = (next: Place) => setSearch({ step: next });
  if (place === "welcome") {
    return <Welcome onConnect={() => to("allowlist")} hasSources={sources.length > 0} />;
  }
  if (place === "upgraded") {
    return <Upgraded state={state.data} />;
  }
  const step = state.data.steps.find((s) => s.step === place);
  return (
    <div className={classes.page}>
      <nav className={classes.steps} aria-label="Steps">
        <h1 className={classes.heading}>Get started</h1>
        <StepList steps={state.data.steps} current={place} onGo={to} />
        {sources.length > 0 && !info.demo ? <BackgroundSyncs sources={sources} /> : null}
        {place === "done" ? null : (
          <Button
            variant="subtle"
            color="gray"
            className={classes.leave}
            onClick={() => (sources.length > 0 ? go("/") : to("welcome"))}
          >
            {sources.length > 0 ? "Leave for now" : "Back"}
          </Button>
        )}
      </nav>
      <main className={classes.main}>
        <div className={classes.column}>
          {step ? <StepHead step={step} /> : null}
          <StepBody key={place} place={place} info={info} sources={sources} state={state.data} onGo={to} />
        </div>
      </main>
    </div>
  );
}

interface StepBodyProps {
  place: Place;
  info: AppInfo;
  sources: SourceView[];
  state: OnboardingView;
  onGo(to: Place): void;
}

function StepBody({ place, info, sources, state, onGo }: StepBodyProps): ReactNode {
  const kinds = useKinds();
  const next = () => onGo(after(state, place));
  if (info.demo) {
    return <InDemo />;
  }
  switch (place) {
    case "allowlist":
      return <AllowlistStep last={state.allowlist ?? null} onNext={next} />;
    case "organization":
    case "site": {
      if (!info.keyring.ready) {
        const connected = state.steps.some((s) => s.step === place && s.state === "done");
        return <LockedStep step={place} connected={connected} keyring={info.keyring} onNext={next} />;
      }
      if (kinds.error) {
        return <ProblemMessage problem={kinds.error} />;
      }
      const wanted = kinds.data?.filter((k) => (k.kind === "atlassian_org") === (place === "organization"));
      return wanted ? <SourceStep step={place} kinds={wanted} sources={sources} onNext={next} /> : null;
    }
    case "domains":
      return <DomainsStep onNext={next} />;
    case "sync":
      return <SyncStep sources={sources} onDone={() => onGo("done")} />;
    default:
      return <DoneStep sources={sources} />;
  }
}

/** Without a place for keys nothing can be connected; the tour goes on all the same. */
function LockedStep(props: { step: string; connected: boolean; keyring: KeyringView; onNext(): void }) {
  const { step, connected, keyring, onNext } = props;
  const skip = useSkipStep();
  return (
    <div className={classes.stack}>
      <KeyringStatus keyring={keyring} />
      {skip.error ? <ProblemMessage problem={skip.error} /> : null}
      <div>
        <Button
          variant="subtle"
          color="gray"
          loading={skip.isPending}
          onClick={() => (connected ? onNext() : skip.mutate(step, { onSuccess: onNext }))}
        >
          {connected ? "Continue" : "Skip this step"}
        </Button>
      </div>
    </div>
  );
}

/** A real organization is not connected beside invented people. */
function InDemo() {
  const go = useGo();
  const leave = useLeaveDemo();
  return (
    <Message
      tone="info"
      title="You are in the demo organization"
      hint="Leave it first to connect a real one. Nothing of the demo is left behind."
      actions={
        <>
          <Button
            loading={leave.isPending}
            onClick={() => leave.mutateAsync().then(() => go("/get-started"), toastProblem)}
          >
            Leave the demo organization
          </Button>
          <Button variant="default" onClick={() => go("/")}>
            Back to the demo
          </Button>
        </>
      }
    />
  );
}
