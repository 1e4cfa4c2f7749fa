import { useCallback, useEffect, useRef, useState } from "react";
import { peopleChanges, useLive } from "../../api/live";
import { type FilterError, type PersonRow, queryPeople, readRows, type SnapshotView } from "../../api/people";
import { type Problem, toProblem } from "../../api/problem";
import { WindowCache } from "../../components/windowCache";

/** A list as the page shows it. */
export interface PeopleList {
  snapshot: SnapshotView;
  rows: WindowCache<PersonRow>;
}

interface Wanted {
  sourceId: string;
  filter: string;
  search: string;
  sort: string;
  desc: boolean;
}

interface Answer {
  list?: PeopleList;
  filterError?: FilterError;
  problem?: Problem;
  loading: boolean;
  /** The local copy has changed since the list was made. */
  stale: boolean;
  refresh(): void;
}

/** How long the page waits between lists while the first sync runs. */
const PARTIAL_REFRESH_MS = 2000;

/**
 * Keeps the list that belongs to what is wanted. While a new one is made, and while the filter has a mistake, the last
 * one stays. A list never changes by itself when a sync has written: that is offered as a refresh.
 */
export function usePeopleList({ sourceId, filter, search, sort, desc }: Wanted): Answer {
  const [list, setList] = useState<PeopleList>();
  const [filterError, setFilterError] = useState<FilterError>();
  const [problem, setProblem] = useState<Problem>();
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const changes = useLive(peopleChanges, sourceId) ?? 0;
  const latestChanges = useRef(changes);
  latestChanges.current = changes;
  const [madeAt, setMadeAt] = useState(changes);
  const refresh = useCallback(() => setRound((r) => r + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again for the same
  useEffect(() => {
    let current = true;
    setLoading(true);
    const at = latestChanges.current;
    queryPeople({ sourceId, filter, search, sort, desc }).then(
      (snapshot) => {
        if (!current) {
          return;
        }
        setLoading(false);
        setProblem(undefined);
        setFilterError(snapshot.error ?? undefined);
        if (snapshot.id !== "") {
          setMadeAt(at);
          setList({
            snapshot,
            rows: new WindowCache((from, count) => readRows(snapshot.id, from, count), snapshot.total),
          });
        }
      },
      (cause: unknown) => {
        if (current) {
          setLoading(false);
          setProblem(toProblem(cause));
        }
      },
    );
    return () => {
      current = false;
    };
  }, [sourceId, filter, search, sort, desc, round]);

  const stale = list !== undefined && (changes !== madeAt || list.snapshot.stale);
  const follow = stale && !loading && (list.snapshot.partial || list.snapshot.all === 0);
  useEffect(() => {
    if (!follow) {
      return;
    }
    const timer = setTimeout(refresh, PARTIAL_REFRESH_MS);
    return () => clearTimeout(timer);
  }, [follow, refresh]);

  return { list, filterError, problem, loading, stale: stale && !follow, refresh };
}
