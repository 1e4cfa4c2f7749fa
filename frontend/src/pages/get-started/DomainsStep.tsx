import { Button, Group } from "@mantine/core";
import { type DomainsView, useDomains, useLookStep, useSkipStep } from "../../api/onboarding";
import { ProblemMessage } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import classes from "./GetStarted.module.css";

/** The e-mail domains with verified or not, and what that changes. Nothing has to be done here. */
export function DomainsStep({ onNext }: { onNext(): void }) {
  const domains = useDomains();
  const look = useLookStep();
  const skip = useSkipStep();
  const problem = domains.error ?? look.error ?? skip.error;
  return (
    <div className={classes.stack}>
      {problem ? <ProblemMessage problem={problem} /> : null}
      {domains.data?.organizations.map((o) => (
        <Organization key={o.sourceId} organization={o} />
      ))}
      {domains.data ? <Rights rights={domains.data.rights} /> : null}
      <Group gap="xs">
        <Button loading={look.isPending} onClick={() => look.mutate("domains", { onSuccess: onNext })}>
          Continue
        </Button>
        <Button
          variant="subtle"
          color="gray"
          loading={skip.isPending}
          onClick={() => skip.mutate("domains", { onSuccess: onNext })}
        >
          Skip this step
        </Button>
      </Group>
    </div>
  );
}

function Organization({ organization: o }: { organization: DomainsView["organizations"][number] }) {
  const verified = o.domains.filter((d) => d.verified).length;
  return (
    <section aria-label={`Domains of ${o.name}`}>
      <h3 className={classes.sub}>
        <StrangerText text={o.name} />
      </h3>
      {o.domains.length > 0 ? (
        <ul className={classes.domains}>
          {o.domains.map((d) => (
            <li key={d.name}>
              <StrangerText text={d.name} />
              <State tone={d.verified ? "good" : "off"}>{d.verified ? "Verified" : "Not verified"}</State>
            </li>
          ))}
        </ul>
      ) : null}
      {o.synced ? null : (
        <div role="status">
          <State tone="busy">The list comes with the first sync, which goes on in the background.</State>
        </div>
      )}
      {o.synced && o.domains.length === 0 ? (
        <p className={classes.text}>
          Atlassian names no domain: there is none, or the key may not see them. No account is then known to be managed.
        </p>
      ) : null}
      {o.synced && o.domains.length > 0 && verified === 0 ? (
        <p className={classes.text}>None of them is verified, so no account is managed by this organization.</p>
      ) : null}
    </section>
  );
}

function Rights({ rights }: { rights: DomainsView["rights"] }) {
  const list = (managed: boolean) => (
    <ul>
      {rights
        .filter((r) => r.managed === managed)
        .map((r) => (
          <li key={r.what}>{r.what}</li>
        ))}
    </ul>
  );
  return (
    <div className={classes.rights}>
      <section aria-labelledby="rights-all">
        <h3 id="rights-all" className={classes.sub}>
          With everybody
        </h3>
        {list(false)}
      </section>
      <section aria-labelledby="rights-managed">
        <h3 id="rights-managed" className={classes.sub}>
          Only with managed accounts
        </h3>
        {list(true)}
      </section>
    </div>
  );
}
