import { Button } from "@mantine/core";
import { type ImportView, removeImport, useImports } from "../../api/imports";
import { toProblem } from "../../api/problem";
import { confirm } from "../../ui/confirm";
import { StrangerText } from "../../ui/StrangerText";
import { toast, toastProblem } from "../../ui/toast";
import { When } from "../../ui/When";
import { plural } from "../../util/format";
import classes from "./Rows.module.css";

/** The files of a source, each of which can be taken out again. */
export function ImportedFiles({ sourceId }: { sourceId: string }) {
  const files = useImports(sourceId).data ?? [];
  const remove = async (file: ImportView) => {
    const yes = await confirm({
      title: "Remove this import?",
      body: `What the file of ${file.asOf.slice(0, 10)} told about ${plural(file.matched, "person", "people")} is no longer known. The file itself stays where it is.`,
      verb: "Remove import",
    });
    if (yes) {
      removeImport(sourceId, file.kind).then(
        () => toast("success", "The import was removed."),
        (cause: unknown) => toastProblem(toProblem(cause)),
      );
    }
  };
  if (files.length === 0) {
    return null;
  }
  return (
    <ul className={classes.lists} aria-label="Imported files">
      {files.map((f) => (
        <li key={f.kind}>
          <span className={classes.name}>
            {f.title} of <When iso={f.asOf} as="day" />:{" "}
            <span className={classes.dim}>
              <StrangerText text={f.fileName} />, {plural(f.matched, "person", "people")}
            </span>
          </span>
          <Button size="xs" variant="default" onClick={() => remove(f)}>
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}
