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

/** Shows a problem of the backend: what happened and what to do. */
export function toastProblem(problem: { message: string; hint?: string }): void {
  toast("error", problem.message, problem.hint ?? "");
}
