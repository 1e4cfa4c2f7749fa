import { Button } from "@mantine/core";
import { useEnterDemo } from "../../api/app";
import { useGo } from "../../components/navigation";
import { BrandMark } from "../../ui/BrandMark";
import { ProblemMessage } from "../../ui/Message";
import classes from "./GetStarted.module.css";

/** The first page of all: two ways, and nothing else. */
export function Welcome({ onConnect, hasSources }: { onConnect(): void; hasSources: boolean }) {
  const demo = useEnterDemo();
  const go = useGo();
  return (
    <main className={classes.welcome}>
      <div className={classes.hello}>
        <BrandMark size={40} />
        <h1 className={classes.name}>Seatkeeper</h1>
        <p className={classes.tagline}>
          Find the seats that nobody uses in your Atlassian organization, and change thousands of accounts safely.
        </p>
      </div>
      <div className={classes.ways}>
        <section className={classes.way} aria-labelledby="way-connect">
          <h2 id="way-connect">Connect your organization</h2>
          <p>
            You need an organization admin’s API key. It stays in this machine’s keyring; the data stays in a file on
            this machine. Nothing is changed at Atlassian until you confirm it.
          </p>
          <Button onClick={onConnect}>Connect</Button>
        </section>
        <section className={classes.way} aria-labelledby="way-demo">
          <h2 id="way-demo">Explore the demo organization</h2>
          <p>
            5,000 invented people on a simulated Atlassian. Everything works as it does for real, and nothing leaves
            this machine. Leave it with one click.
          </p>
          <Button
            variant="default"
            loading={demo.isPending}
            onClick={() => demo.mutate(undefined, { onSuccess: () => go("/") })}
          >
            Explore the demo
          </Button>
        </section>
      </div>
      {demo.error ? <ProblemMessage problem={demo.error} /> : null}
      {hasSources ? (
        <Button variant="subtle" color="gray" onClick={() => go("/")}>
          Back to Seatkeeper
        </Button>
      ) : null}
    </main>
  );
}
