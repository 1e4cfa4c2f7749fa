import { Button } from "@mantine/core";
import type { OnboardingView } from "../../api/onboarding";
import { useWelcomed } from "../../api/onboarding";
import { useGo } from "../../components/navigation";
import { BrandMark } from "../../ui/BrandMark";
import { ProblemMessage } from "../../ui/Message";
import classes from "./GetStarted.module.css";

/** The short Welcome after an upgrade: nothing has to be set up again. */
export function Upgraded({ state }: { state: OnboardingView }) {
  const go = useGo();
  const welcomed = useWelcomed();
  return (
    <main className={classes.welcome}>
      <div className={classes.hello}>
        <BrandMark size={40} />
        <h1 className={classes.name}>Welcome to Seatkeeper {state.version}</h1>
        <p className={classes.tagline}>
          {state.previous ? `It replaces version ${state.previous}. ` : ""}Your sources, keys, local copies and run logs
          are as they were.
        </p>
      </div>
      {welcomed.error ? <ProblemMessage problem={welcomed.error} /> : null}
      <Button
        loading={welcomed.isPending}
        onClick={() => welcomed.mutate(undefined, { onSuccess: () => go("/") })}
        autoFocus
      >
        Get started
      </Button>
    </main>
  );
}
