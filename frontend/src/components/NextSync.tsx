import { useSchedule } from "../api/schedule";
import type { SourceView } from "../api/sources";
import { When } from "../ui/When";
import { plural } from "../util/format";

/** When the source is synced next without being asked. */
export function NextSync({ source }: { source: SourceView }) {
  const schedule = useSchedule(source.id).data;
  if (!schedule) {
    return <span>–</span>;
  }
  if (source.paused) {
    return <span>not while paused</span>;
  }
  const minutes = schedule.changesMinutes;
  const every = minutes % 60 === 0 ? plural(minutes / 60, "hour", "hours") : `${minutes} minutes`;
  const changes = minutes > 0 ? `changes every ${every}` : "";
  if (schedule.mode === "off") {
    return <span>{changes || "only by hand"}</span>;
  }
  return (
    <span>
      <When iso={schedule.nextAt} />
      {changes ? `, ${changes}` : ""}
    </span>
  );
}
