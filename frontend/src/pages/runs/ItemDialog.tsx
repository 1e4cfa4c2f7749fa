import { Button, CopyButton, Group, Modal, Stack } from "@mantine/core";
import { type ItemDetails, useItem } from "../../api/runs";
import { DiffList } from "../../components/DiffList";
import { EVIDENCE, ITEM_STATES, outcome } from "../../components/outcomes";
import { PersonName } from "../../components/PersonName";
import { ProblemMessage } from "../../ui/Message";
import { Facts } from "../../ui/Page";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { formatDuration } from "../../util/format";
import { plainMarks } from "../../util/marks";
import classes from "./RunDetails.module.css";

/** One result with what was asked and what was answered. Secrets are masked before anything is stored. */
export function ItemDialog({ runId, seq, onClose }: { runId: string; seq: number | undefined; onClose: () => void }) {
  const item = useItem(runId, seq);
  return (
    <Modal
      opened={seq !== undefined}
      onClose={onClose}
      title="Details"
      size="lg"
      closeButtonProps={{ "aria-label": "Close details" }}
    >
      {item.error ? <ProblemMessage problem={item.error} /> : null}
      {item.data && seq !== undefined ? <Body details={item.data} /> : null}
    </Modal>
  );
}

function Body({ details: d }: { details: ItemDetails }) {
  const state = outcome(ITEM_STATES, d.item.state);
  const about = d.item.accountId === "" ? "Group" : "Person";
  return (
    <Stack gap="sm">
      <Facts
        items={[
          {
            name: about,
            value: <PersonName name={d.item.name} email={d.item.email} accountId={d.item.accountId} />,
          },
          { name: "Result", value: <State tone={state.tone}>{state.label}</State> },
          { name: "Reason", value: <StrangerText text={d.item.reason} empty="–" /> },
          { name: "How we know", value: EVIDENCE[d.item.evidence] ?? "–" },
          { name: "Change", value: <DiffList diffs={d.item.diffs} /> },
          { name: "Finished", value: <When iso={d.item.finishedAt} /> },
        ]}
      />
      {d.called ? <Call details={d} /> : <p>No request was sent for this {about.toLowerCase()}.</p>}
    </Stack>
  );
}

function Call({ details: d }: { details: ItemDetails }) {
  const asked = `${d.method} ${d.url}${d.body === "" ? "" : `\n\n${d.body}`}`;
  const status = d.status === 0 ? "No answer came." : `HTTP ${d.status}`;
  const answered = `${status}${d.answer === "" ? "" : `\n\n${d.answer}`}`;
  return (
    <>
      <Facts
        items={[
          { name: "Sent", value: <When iso={d.sentAt} /> },
          { name: "Took", value: formatDuration(d.tookMs) },
          { name: "Attempts", value: d.attempts },
          { name: "Request id", value: d.requestId === "" ? "none given" : d.requestId },
        ]}
      />
      <Text label="Asked" text={asked} />
      <Text label="Answered" text={answered} />
      <Group justify="flex-end">
        <CopyButton value={`${asked}\n\n${answered}\n\nRequest id: ${d.requestId}`}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? "Copied" : "Copy both"}
            </Button>
          )}
        </CopyButton>
      </Group>
    </>
  );
}

function Text({ label, text }: { label: string; text: string }) {
  return (
    <section aria-label={label}>
      <strong>{label}</strong>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling text must be reachable by keyboard */}
      <pre className={classes.code} tabIndex={0}>
        {text.split("\n").map(plainMarks).join("\n")}
      </pre>
    </section>
  );
}
