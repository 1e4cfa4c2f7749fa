import type { DiffView } from "../api/bulk";
import { StrangerText } from "../ui/StrangerText";

/** What changes: each attribute before and after. */
export function DiffList({ diffs }: { diffs: DiffView[] }) {
  if (diffs.length === 0) {
    return <>–</>;
  }
  return (
    <>
      {diffs.map((d) => (
        <div key={d.field}>
          <StrangerText text={d.field} />: <StrangerText text={d.before} empty="none" /> <span aria-hidden>→</span>
          <span className="sr-only"> becomes </span>{" "}
          <strong>
            <StrangerText text={d.after} empty="none" />
          </strong>
        </div>
      ))}
    </>
  );
}
