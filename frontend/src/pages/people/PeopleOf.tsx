import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { copyText } from "../../api/app";
import type { PersonRow } from "../../api/people";
import { toProblem } from "../../api/problem";
import { useSavedFilters } from "../../api/saved";
import type { SourceView } from "../../api/sources";
import { FilterBar } from "../../components/filter/FilterBar";
import { useSearchState } from "../../components/navigation";
import { ProblemMessage } from "../../ui/Message";
import { PageFill } from "../../ui/Page";
import { toast, toastProblem } from "../../ui/toast";
import { ColumnMenu } from "./ColumnMenu";
import { COLUMNS } from "./columns";
import { ExportButton } from "./ExportDialog";
import { Grid } from "./Grid";
import { GridPlaceholder, NoPeople } from "./GridPlaceholder";
import { ListStatus } from "./ListStatus";
import classes from "./People.module.css";
import { PersonDrawer } from "./PersonDrawer";
import { SavedMenu } from "./SavedMenu";
import { SelectionBar } from "./SelectionBar";
import { parseSearch } from "./search";
import { useColumns } from "./useColumns";
import { usePeopleList } from "./usePeopleList";
import { useSelection } from "./useSelection";

/** How long typing in the search field rests before the list follows, in milliseconds. */
const TYPING_MS = 80;

/** Search, filter, list, selection and drawer for one source. */
export function PeopleOf({ source }: { source: SourceView }) {
  const [view, setView] = useSearchState(parseSearch);
  const [typed, setTyped] = useState(view.search ?? "");
  const searchField = useRef<HTMLInputElement>(null);
  const drawer = useRef<HTMLElement>(null);

  const sortId = view.sort;
  const sort = useMemo(() => (sortId ? { id: sortId, desc: view.desc ?? false } : undefined), [sortId, view.desc]);
  const columns = useColumns(sort, (s) => setView({ sort: s[0]?.id, desc: s[0]?.desc || undefined }));
  const people = usePeopleList({
    sourceId: source.id,
    filter: view.filter ?? "",
    search: view.search ?? "",
    sort: COLUMNS.find((c) => c.id === sortId)?.sort ?? "",
    desc: view.desc ?? false,
  });
  const selection = useSelection(source.id, people.list);

  // A saved filter brings its columns and row height, from wherever it was opened.
  const saved = useSavedFilters(source.id).data?.find((f) => f.id === view.saved);
  const applyColumns = useRef(columns.apply);
  applyColumns.current = columns.apply;
  const opened = saved?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once when it is opened; later changes of the columns are the operator's
  useEffect(() => {
    if (saved) {
      applyColumns.current(saved.columns, saved.density);
    }
  }, [opened]);

  const followTyping = useDebouncedCallback(
    (text: string) => setView({ search: text || undefined }, { replace: true }),
    TYPING_MS,
  );
  useHotkeys([["/", () => searchField.current?.focus()]]);

  const showPerson = useCallback(
    (row: PersonRow, how: "look" | "open") => {
      setView({ person: row.id }, { replace: true });
      if (how === "open") {
        // The drawer is drawn by then.
        requestAnimationFrame(() => drawer.current?.focus());
      }
    },
    [setView],
  );
  const closePerson = useCallback(() => {
    setView({ person: undefined }, { replace: true });
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, [setView]);
  const copy = (row: PersonRow) => {
    const text = columns.shown.map(({ column }) => column.text(row)).join("\t");
    copyText(text).then(
      () => toast("info", "Copied", `The row of ${row.email || row.accountId}`),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  };

  const { list } = people;
  const narrowed = (view.filter ?? "") !== "" || (view.search ?? "") !== "";
  return (
    <PageFill>
      <div className={classes.tools}>
        <TextInput
          ref={searchField}
          className={classes.search}
          aria-label="Search people"
          placeholder="Name, e-mail or account ID"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => {
            setTyped(e.currentTarget.value);
            followTyping(e.currentTarget.value);
          }}
        />
        <FilterBar
          sourceId={source.id}
          value={view.filter ?? ""}
          onChange={(filter) => setView({ filter: filter || undefined })}
        />
      </div>
      <div className={classes.about}>
        <ListStatus people={people} selection={selection} source={source} />
        <div className={classes.listTools}>
          <SavedMenu
            sourceId={source.id}
            view={{
              filter: people.list?.snapshot.filter ?? view.filter ?? "",
              columns: columns.shown.map((s) => s.column.id),
              sort: view.sort ?? "",
              desc: view.desc ?? false,
              density: columns.density,
            }}
            current={view.saved}
            onOpen={(f) =>
              setView({
                filter: f.filter || undefined,
                sort: f.sort || undefined,
                desc: f.desc || undefined,
                saved: f.id,
              })
            }
            onCurrent={(id) => setView({ saved: id }, { replace: true })}
          />
          <ColumnMenu columns={columns} />
          <ExportButton source={source} snapshot={people.list?.snapshot} columns={columns} />
        </div>
      </div>
      <SelectionBar source={source} selection={selection} />
      <div className={classes.split}>
        <div className={classes.list}>
          {people.problem ? (
            <div className={classes.problem}>
              <ProblemMessage problem={people.problem} actions={<Button onClick={people.refresh}>Try again</Button>} />
            </div>
          ) : null}
          {!list ? (
            people.problem ? null : (
              <GridPlaceholder columns={columns} />
            )
          ) : list.snapshot.total === 0 ? (
            <NoPeople
              source={source}
              all={list.snapshot.all}
              narrowed={narrowed}
              onClear={() => {
                setTyped("");
                setView({ filter: undefined, search: undefined });
              }}
            />
          ) : (
            <Grid
              list={list}
              columns={columns}
              selection={selection}
              onPerson={showPerson}
              following={view.person !== undefined}
              onClose={closePerson}
              onCopy={copy}
              onGone={people.refresh}
            />
          )}
        </div>
        {view.person === undefined ? null : (
          <PersonDrawer ref={drawer} source={source} id={view.person} onClose={closePerson} />
        )}
      </div>
    </PageFill>
  );
}
