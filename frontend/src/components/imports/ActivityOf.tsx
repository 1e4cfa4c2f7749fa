import { Button } from "@mantine/core";
import { useImports } from "../../api/imports";
import { type SourceView, useKinds } from "../../api/sources";
import { When } from "../../ui/When";
import { useImport } from "./useImport";

/** Whether the kind of source tells last activity itself; undefined while that is not known. */
function useTellsActivity(source: SourceView): boolean | undefined {
  const kind = useKinds().data?.find((k) => k.kind === source.kind);
  return kind?.supports.find((s) => s.capability === "read_activity")?.supported;
}

/** Says of which file the last activity is, and offers to import one where the source tells none. */
export function ActivityOf({ source }: { source: SourceView }) {
  const tells = useTellsActivity(source);
  const files = useImports(source.id);
  const { choose, busy, dialog } = useImport(source);
  const newest = (files.data ?? [])
    .filter((f) => f.activity)
    .sort((a, b) => a.asOf.localeCompare(b.asOf))
    .at(-1);
  if (tells !== false || !files.data) {
    return null;
  }
  return (
    <>
      {newest ? (
        <span>
          activity from the file of <When iso={newest.asOf} as="day" />
        </span>
      ) : source.sync.revision > 0 ? (
        <Button size="xs" variant="subtle" loading={busy} onClick={choose}>
          Last activity is not known: import an Atlassian export
        </Button>
      ) : null}
      {dialog}
    </>
  );
}
