import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { copyText } from "../../api/app";
import { type AllowlistView, useCheckSite, useSkipStep } from "../../api/onboarding";
import { NoAnswer } from "../../components/NoAnswer";
import { Message, ProblemMessage } from "../../ui/Message";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import classes from "./GetStarted.module.css";

/** Asks a site whether its allowlist lets this computer in; when not, which address has to be added. */
export function AllowlistStep({ last, onNext }: { last: AllowlistView | null; onNext(): void }) {
  const check = useCheckSite();
  const skip = useSkipStep();
  const [site, setSite] = useState(last?.site ?? "");
  const answer = check.isPending || check.error ? null : (check.data ?? last);
  const wrong = check.error?.field === "site_url" ? check.error : undefined;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    check.mutate(site.trim());
  };
  return (
    <form onSubmit={submit} className={classes.stack} noValidate aria-label="IP allowlist">
      <p className={classes.text}>
        An IP allowlist names the networks from which a site can be used. From anywhere else Atlassian refuses
        Seatkeeper as it refuses a browser. An organization’s API key is not concerned; a site’s token is. If your
        company has no allowlist, skip this.
      </p>
      <TextInput
        label="Site address"
        description="It is asked without any key or token."
        placeholder="https://your-site.atlassian.net"
        inputWrapperOrder={["label", "input", "error", "description"]}
        autoComplete="off"
        spellCheck={false}
        value={site}
        error={wrong?.message}
        onChange={(e) => setSite(e.currentTarget.value)}
      />
      {check.error && !wrong ? <ProblemMessage problem={check.error} /> : null}
      {check.isPending ? <div role="status">Asking the site…</div> : null}
      {answer ? <Answer answer={answer} /> : null}
      {skip.error ? <ProblemMessage problem={skip.error} /> : null}
      <Group gap="xs">
        {answer?.verdict === "allowed" ? (
          <>
            <Button onClick={onNext}>Continue</Button>
            <Button type="submit" variant="default" loading={check.isPending}>
              Check again
            </Button>
          </>
        ) : (
          <Button type="submit" loading={check.isPending}>
            {answer ? "Check again" : "Check"}
          </Button>
        )}
        {answer?.verdict === "allowed" ? null : (
          <Button
            variant="subtle"
            color="gray"
            loading={skip.isPending}
            onClick={() => skip.mutate("allowlist", { onSuccess: onNext })}
          >
            Skip this step
          </Button>
        )}
      </Group>
      <NoAnswer of="site" />
    </form>
  );
}

function Answer({ answer }: { answer: AllowlistView }) {
  if (answer.verdict === "allowed") {
    return (
      <Message tone="good" title={answer.message} hint={answer.hint}>
        <StrangerText text={answer.site} />
      </Message>
    );
  }
  return (
    <Message tone="bad" title={answer.message} hint={answer.hint}>
      {answer.addresses.length > 0 ? (
        <ul className={classes.addresses} aria-label="Addresses to add">
          {answer.addresses.map((a) => (
            <li key={a}>
              <code>{a}</code>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Copy ${a}`}
                onClick={() => copyText(a).then(() => toast("success", `${a} was copied.`), toastProblem)}
              >
                Copy
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <div>{answer.known}</div>
    </Message>
  );
}
