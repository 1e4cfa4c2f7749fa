import { useSchedule } from "../api/schedule";
import type { SourceView } from "../api/sources";
import { When } from "../ui/When";

/** When the source is synced next without being asked. */
export function NextSync({ source }: { source: SourceView }) {
  const schedule = useSchedule(source.id).data;
  if (!schedule) {
    return <span>–</span>;
  }
  if (source.paused) {
    return <span>not while paused</span>;
  }
  return schedule.mode === "off" ? <span>only by hand</span> : <When iso={schedule.nextAt} />;
}
