import { useCallback, useEffect, useRef, useState } from "react";
import { peopleChanges, useLive } from "../../api/live";
import {
  type FilterError,
  type PersonRow,
  queryPeople,
  readDrift,
  readRows,
  type SnapshotView,
} from "../../api/people";
import { type Problem, toProblem } from "../../api/problem";
import { WindowCache } from "../../components/windowCache";

/** A list as the page shows it. */
export interface PeopleList {
  snapshot: SnapshotView;
  /** The filter that it answers. */
  filter: string;
  rows: WindowCache<PersonRow>;
  /** It answers the same question as the list before: a refresh. */
  again: boolean;
}

interface Wanted {
  sourceId: string;
  filter: string;
  search: string;
  sort: string;
  desc: boolean;
  /** Only those who are selected when the list is made. */
  selected: boolean;
}

interface Answer {
  list?: PeopleList;
  filterError?: FilterError;
  problem?: Problem;
  loading: boolean;
  /** The local copy has changed since the list was made. */
  stale: boolean;
  /** How many people came, went or look different since then; undefined while that is not known. */
  drift: number | undefined;
  refresh(): void;
}

/** How long the page waits between lists while the first sync runs. */
const PARTIAL_REFRESH_MS = 2000;

/**
 * Keeps the list that belongs to what is wanted. While a new one is made, and while the filter has a mistake, the last
 * one stays. A list never changes by itself when a sync has written: that is offered as a refresh.
 */
export function usePeopleList({ sourceId, filter, search, sort, desc, selected }: Wanted): Answer {
  const [list, setList] = useState<PeopleList>();
  const [filterError, setFilterError] = useState<FilterError>();
  const [problem, setProblem] = useState<Problem>();
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const changes = useLive(peopleChanges, sourceId) ?? 0;
  const latestChanges = useRef(changes);
  latestChanges.current = changes;
  const [madeAt, setMadeAt] = useState(changes);
  const [drift, setDrift] = useState<{ list: string; changes: number }>();
  const question = useRef("");
  const refresh = useCallback(() => setRound((r) => r + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again for the same
  useEffect(() => {
    let current = true;
    setLoading(true);
    const at = latestChanges.current;
    queryPeople({ sourceId, filter, search, sort, desc, selected, shown: true }).then(
      (snapshot) => {
        if (!current) {
          return;
        }
        setLoading(false);
        setProblem(undefined);
        setFilterError(snapshot.error ?? undefined);
        if (snapshot.id !== "") {
          setMadeAt(at);
          const asked = JSON.stringify([sourceId, filter, search, sort, desc, selected]);
          const again = question.current === asked;
          question.current = asked;
          setList({
            snapshot,
            filter,
            again,
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
  }, [sourceId, filter, search, sort, desc, selected, round]);

  // A first sync fills the list by itself, but not under the pointer: then it is offered like any other change.
  const [held, setHeld] = useState(false);
  const stale = list !== undefined && (changes !== madeAt || list.snapshot.stale);
  const filling = stale && !loading && (list.snapshot.partial || list.snapshot.all === 0);
  useEffect(() => {
    setHeld(false);
    if (!filling) {
      return;
    }
    const timer = setInterval(() => {
      const used = document.querySelector("[role=grid]")?.matches(":hover, :focus-within") ?? false;
      setHeld(used);
      if (!used) {
        refresh();
      }
    }, PARTIAL_REFRESH_MS);
    return () => clearInterval(timer);
  }, [filling, refresh]);
  const follow = filling && !held;

  // While a sync writes, the number grows with each part that the index has taken in.
  const listId = list?.snapshot.id ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again after each change
  useEffect(() => {
    if (!stale || follow || listId === "") {
      return;
    }
    let current = true;
    readDrift(listId).then(
      ({ changes: n }) => current && setDrift({ list: listId, changes: n }),
      // The list can be refreshed without the number.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [stale, follow, listId, changes]);
  const drifted = drift && drift.list === listId ? drift.changes : undefined;

  return {
    list,
    filterError,
    problem,
    loading,
    // Nobody in this list is another: nothing to refresh.
    stale: stale && !follow && drifted !== 0,
    drift: drifted,
    refresh,
  };
}
