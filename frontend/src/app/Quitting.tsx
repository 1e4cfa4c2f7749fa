import { Button, Group, Modal, Stack, Text, UnstyledButton } from "@mantine/core";
import { type AppInfo, answerQuit, type QuitAnswer } from "../api/app";
import { State } from "../ui/State";
import { StrangerText } from "../ui/StrangerText";
import { toast, toastProblem } from "../ui/toast";
import { count, plural } from "../util/format";
import classes from "./Header.module.css";

const answer = (a: QuitAnswer) => void answerQuit(a).catch(toastProblem);

/** Asks what to do about the runs under way when Seatkeeper is to quit. The backend says when; closing it changes nothing. */
export function QuitQuestion({ quit }: { quit: AppInfo["quit"] }) {
  const { runs } = quit;
  const waits = runs.length === 1 ? "the run has ended" : "the last run has ended";
  return (
    <Modal
      opened={quit.state === "asked"}
      onClose={() => answer("dismiss")}
      title="Quit Seatkeeper?"
      size={560}
      zIndex={400} // above whatever is open
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="md">
        {runs.map((r) => (
          <div key={r.id}>
            <State tone={r.state === "paused" ? "paused" : "busy"}>
              {r.actionTitle} {r.state === "paused" ? "is paused" : "is under way"}: {count(r.finished)} of{" "}
              {count(r.total)}
            </State>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              <StrangerText text={r.sourceName} />
            </Text>
          </div>
        ))}
        <div>
          {runs.length === 0
            ? "Nothing is under way any more."
            : `Quit when done closes Seatkeeper by itself as soon as ${waits}. Pause and quit finishes the calls under way; the rest waits in the run logs until you resume it.`}
        </div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" data-autofocus onClick={() => answer("stay")}>
            {runs.length === 0 ? "Stay" : "Keep running"}
          </Button>
          {runs.length === 0 ? null : (
            <Button variant="default" onClick={() => answer("pause")}>
              Pause and quit
            </Button>
          )}
          <Button onClick={() => answer("when_done")}>{runs.length === 0 ? "Quit" : "Quit when done"}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Says in the header that Seatkeeper ends with the last run; a click takes it back. */
export function QuitPill({ quit }: { quit: AppInfo["quit"] }) {
  if (quit.state !== "waiting") {
    return null;
  }
  return (
    <UnstyledButton
      className={classes.pill}
      title={`Seatkeeper quits after ${plural(quit.runs.length, "run", "runs")}. Click to keep it open.`}
      aria-label="Quits when done. Keep Seatkeeper open"
      onClick={() =>
        answerQuit("stay").then(() => toast("info", "Seatkeeper stays open when the run has ended."), toastProblem)
      }
    >
      <State tone="warn">Quits when done</State>
    </UnstyledButton>
  );
}
