import type { SourceView } from "../api/sources";
import { useSyncTask } from "../api/tasks";
import { When } from "../ui/When";
import { plural } from "../util/format";

/** When the source is synced next without being asked. */
export function NextSync({ source }: { source: SourceView }) {
  const task = useSyncTask(source.id).data;
  if (!task) {
    return <span>–</span>;
  }
  if (source.paused) {
    return <span>not while paused</span>;
  }
  const minutes = Number(task.params.changesMinutes ?? 0);
  const every = minutes % 60 === 0 ? plural(minutes / 60, "hour", "hours") : `${minutes} minutes`;
  const changes = minutes > 0 ? `changes every ${every}` : "";
  if (task.mode === "off") {
    return <span>{changes || "only by hand"}</span>;
  }
  return (
    <span>
      <When iso={task.nextAt} />
      {changes ? `, ${changes}` : ""}
    </span>
  );
}
