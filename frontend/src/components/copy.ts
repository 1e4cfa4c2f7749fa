import { copyText } from "../api/app";
import { toProblem } from "../api/problem";
import { toast, toastProblem } from "../ui/toast";

/** Puts a text on the clipboard and says so. */
export function copy(text: string, what: string): void {
  copyText(text).then(
    () => toast("info", "Copied", what),
    (cause: unknown) => toastProblem(toProblem(cause)),
  );
}
