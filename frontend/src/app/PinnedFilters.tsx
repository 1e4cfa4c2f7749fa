import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSavedFilters } from "../api/saved";
import { useActiveSource } from "../api/sources";
import { StrangerText } from "../ui/StrangerText";
import { count, plural } from "../util/format";
import { plainMarks } from "../util/marks";
import { PEOPLE } from "./pages";
import classes from "./Rail.module.css";

/**
 * The pinned saved filters below People, each with how many people it finds now. Counts follow the events of the backend.
 * The router marks the one that is shown, and none when its filter was changed since.
 */
export function PinnedFilters() {
  const source = useActiveSource();
  const filters = useSavedFilters(source?.id);
  const pinned = (filters.data ?? []).filter((f) => f.pinned);
  if (!source || pinned.length === 0) {
    return null;
  }
  return (
    <ul className={classes.pinned} aria-label="Pinned filters">
      {pinned.map((f) => (
        <li key={f.id}>
          <Link
            to={PEOPLE}
            search={{
              filter: f.filter || undefined,
              sort: f.sort || undefined,
              desc: f.desc || undefined,
              saved: f.id,
            }}
            activeOptions={{ explicitUndefined: true }}
            className={classes.pin}
            aria-label={`${plainMarks(f.name)}: ${f.error ? f.error.message : plural(f.count, "person", "people")}`}
            title={f.error ? f.error.message : f.description || undefined}
          >
            <span className={classes.pinName}>
              <StrangerText text={f.name} />
            </span>
            {f.error ? (
              <IconAlertTriangleFilled size={14} aria-hidden />
            ) : (
              <span className="num">{count(f.count)}</span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
