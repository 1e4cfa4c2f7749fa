import { type ReactNode, useState } from "react";
import { chooseImport, type ImportPreview } from "../../api/imports";
import { toProblem } from "../../api/problem";
import { toastProblem } from "../../ui/toast";
import { ImportDialog } from "./ImportDialog";

/** Asks for a file and shows what it would bring. `dialog` has to be drawn by whoever uses it. */
export function useImport(source: { id: string; name: string }): {
  choose(): void;
  busy: boolean;
  dialog: ReactNode;
} {
  const [preview, setPreview] = useState<ImportPreview>();
  const [busy, setBusy] = useState(false);
  const choose = () => {
    setBusy(true);
    chooseImport(source.id)
      .then(
        (p) => setPreview(p.id === "" ? undefined : p),
        (cause: unknown) => toastProblem(toProblem(cause)),
      )
      .finally(() => setBusy(false));
  };
  const dialog = preview ? (
    <ImportDialog key={preview.id} sourceName={source.name} first={preview} onClose={() => setPreview(undefined)} />
  ) : null;
  return { choose, busy, dialog };
}
