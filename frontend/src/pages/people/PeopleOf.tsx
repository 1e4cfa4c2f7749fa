import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { formatFilter, type PersonRow, parseFilter } from "../../api/people";
import { toProblem } from "../../api/problem";
import { useSavedFilters } from "../../api/saved";
import type { SourceView } from "../../api/sources";
import { copy } from "../../components/copy";
import { FilterBar } from "../../components/filter/FilterBar";
import { chipsOf, type FilterTree, readTree, withChips } from "../../components/filter/tree";
import { useGo, useSearchState } from "../../components/navigation";
import { ProblemMessage } from "../../ui/Message";
import { PageFill } from "../../ui/Page";
import { toastProblem } from "../../ui/toast";
import { ColumnMenu } from "./ColumnMenu";
import { COLUMN_BY_ID, COLUMNS } from "./columns";
import { asLines, copySelected } from "./copy";
import { ExportButton } from "./ExportDialog";
import { Grid } from "./Grid";
import { GridPlaceholder, NoPeople } from "./GridPlaceholder";
import { ListStatus } from "./ListStatus";
import classes from "./People.module.css";
import { PersonDrawer } from "./PersonDrawer";
import { type MenuPlace, RowMenu } from "./RowMenu";
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
  const go = useGo();

  const people = usePeopleList({
    sourceId: source.id,
    filter: view.filter ?? "",
    search: view.search ?? "",
    sort: COLUMN_BY_ID.get(view.sort ?? "")?.sort ?? "",
    desc: view.desc ?? false,
    selected: view.selected ?? false,
  });
  // The head shows by what the list is sorted, wherever that was said: by a click there, or by ORDER BY in the filter.
  const inText = view.sort === undefined && people.list !== undefined && people.list.snapshot.sort !== "";
  const sortId = inText ? COLUMNS.find((c) => c.sort === people.list?.snapshot.sort)?.id : view.sort;
  const desc = inText ? people.list?.snapshot.desc : view.desc;
  const sort = useMemo(() => (sortId ? { id: sortId, desc: desc ?? false } : undefined), [sortId, desc]);

  /** Changes the filter as a tree, so that nothing of its text is lost. */
  const editFilter = async (edit: (tree: FilterTree) => FilterTree) => {
    try {
      const parsed = await parseFilter(source.id, view.filter ?? "");
      const next = await formatFilter(JSON.stringify(edit(readTree(parsed.tree))));
      setView({ filter: next.canonical || undefined });
    } catch (cause) {
      toastProblem(toProblem(cause));
    }
  };
  const columns = useColumns(source.kind, sort, (to) => {
    const field = COLUMN_BY_ID.get(to.id)?.sort;
    if (inText) {
      void editFilter((tree) => ({ ...tree, order: field ? [{ field, desc: to.desc }] : undefined }));
    } else {
      setView({ sort: to.id, desc: to.desc || undefined });
    }
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
  const showMembers = (filter: string) => {
    setTyped("");
    setView({ filter, search: undefined, selected: undefined, saved: undefined, person: undefined });
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };
  const [menu, setMenu] = useState<MenuPlace>();
  const closeMenu = useCallback(() => {
    setMenu(undefined);
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, []);
  const copyRows = (row: PersonRow) => {
    const shown = columns.shown.map((s) => s.column);
    if (selection.count > 0) {
      void copySelected(source.id, (rows) => asLines(rows, shown));
    } else {
      copy(asLines([row], shown), "The row");
    }
  };

  const showSelected = () => {
    setTyped("");
    setView({ selected: true, filter: undefined, search: undefined, saved: undefined });
  };

  const { list } = people;
  const narrowed = (view.filter ?? "") !== "" || (view.search ?? "") !== "" || view.selected === true;
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
        <ListStatus
          people={people}
          source={source}
          onEverybody={view.selected ? () => setView({ selected: undefined }) : undefined}
        />
        <div className={classes.listTools}>
          <SavedMenu
            sourceId={source.id}
            view={{
              // While the text has a mistake the list is still the one before it, and not what is to be saved.
              filter: (people.filterError ? undefined : people.list?.snapshot.filter) ?? view.filter ?? "",
              columns: columns.shown.map((s) => s.column.id),
              sort: inText ? "" : (view.sort ?? ""),
              desc: inText ? false : (view.desc ?? false),
              density: columns.density,
            }}
            current={view.saved}
            onOpen={(f) =>
              setView({
                filter: f.filter || undefined,
                sort: f.sort || undefined,
                desc: f.desc || undefined,
                saved: f.id,
                selected: undefined,
              })
            }
            onCurrent={(id) => setView({ saved: id }, { replace: true })}
          />
          <ColumnMenu columns={columns} />
          <ExportButton source={source} snapshot={people.list?.snapshot} columns={columns} selected={selection.count} />
        </div>
      </div>
      <SelectionBar source={source} selection={selection} onShow={showSelected} />
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
                setView({ filter: undefined, search: undefined, selected: undefined });
              }}
            />
          ) : (
            <Grid
              list={list}
              columns={columns}
              selection={selection}
              onPerson={showPerson}
              person={view.person}
              onClose={closePerson}
              onCopy={copyRows}
              onMenu={setMenu}
              onGone={people.refresh}
            />
          )}
          {menu ? (
            <RowMenu
              source={source}
              at={menu}
              columns={columns}
              selection={selection}
              onOpen={(row) => showPerson(row, "open")}
              onNarrow={(node) => void editFilter((tree) => withChips(tree, [...chipsOf(tree), node]))}
              onAct={(kind) => go("/bulk", { action: kind })}
              onClose={closeMenu}
            />
          ) : null}
        </div>
        {view.person === undefined ? null : (
          <PersonDrawer ref={drawer} source={source} id={view.person} onClose={closePerson} onMembers={showMembers} />
        )}
      </div>
    </PageFill>
  );
}
