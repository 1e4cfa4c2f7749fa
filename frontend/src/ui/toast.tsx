import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconX } from "@tabler/icons-react";

const looks = {
  info: { color: "accent", icon: <IconInfoCircle size={16} aria-hidden />, autoClose: 6000 },
  success: { color: "green", icon: <IconCheck size={16} aria-hidden />, autoClose: 5000 },
  warning: { color: "yellow", icon: <IconAlertTriangle size={16} aria-hidden />, autoClose: 10_000 },
  error: { color: "red", icon: <IconX size={16} aria-hidden />, autoClose: false },
} as const;

export type ToastLevel = keyof typeof looks;

/** Shows a message that belongs to no place on the page. Errors stay until they are closed. */
export function toast(level: ToastLevel, title: string, message = ""): void {
  notifications.show({
    title,
    message,
    ...looks[level],
    withBorder: true,
    closeButtonProps: { "aria-label": "Close message" },
  });
}

/** How long a toast with a way back stays, in milliseconds. */
const WAY_BACK_MS = 10_000;

/** Says what was done, with one button to do about it, such as "Undo". */
export function toastAction(title: string, verb: string, run: () => void): void {
  const id = notifications.show({
    title,
    message: (
      <Group mt={4}>
        <Button
          size="xs"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            run();
          }}
        >
          {verb}
        </Button>
      </Group>
    ),
    ...looks.info,
    autoClose: WAY_BACK_MS,
    withBorder: true,
    closeButtonProps: { "aria-label": "Close message" },
  });
}

/** Shows a problem of the backend: what happened and what to do. */
export function toastProblem(problem: { message: string; hint?: string; code?: string }): void {
  toast(problem.code === "cancelled" ? "info" : "error", problem.message, problem.hint ?? "");
}
