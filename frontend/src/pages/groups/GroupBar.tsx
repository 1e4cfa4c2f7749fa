import { Button, Checkbox, Tooltip } from "@mantine/core";
import { useState } from "react";
import { useGroupActions } from "../../api/bulk";
import { type GroupList, type GroupQuery, type GroupRow, groupNames } from "../../api/groups";
import { toProblem } from "../../api/problem";
import type { SourceView } from "../../api/sources";
import { copy } from "../../components/copy";
import { toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import { DeleteGroupsDialog, NewGroupsDialog } from "./GroupDialogs";
import classes from "./Groups.module.css";
import type { GroupSelection } from "./useGroupSelection";

interface GroupBarProps {
  source: SourceView;
  query: GroupQuery;
  list: GroupList;
  chosen: GroupSelection;
}

/** What can be done with groups: make new ones, choose some, delete them. What the source or its key cannot do says why. */
export function GroupBar({ source, query, list, chosen }: GroupBarProps) {
  const actions = useGroupActions(source.id).data ?? [];
  const [dialog, setDialog] = useState<"new" | "delete">();
  const reasonOf = (kind: string) => {
    const a = actions.find((x) => x.kind === kind);
    return a === undefined ? " " : !a.supported ? a.reason : source.paused ? "The source is paused." : "";
  };
  const here = list.groups.filter((g) => chosen.ids.has(g.groupId)).length;
  const n = chosen.ids.size;
  const chooseAll = () =>
    groupNames(query).then(
      (all) => chosen.set(all, true),
      (cause: unknown) => toastProblem(toProblem(cause)),
    );
  const names = [...chosen.ids.values()];
  const close = () => setDialog(undefined);
  return (
    <section className={classes.bar} aria-label="Chosen groups">
      <Checkbox
        size="xs"
        label={n === 0 ? "Choose this page" : `${count(n)} chosen`}
        checked={list.groups.length > 0 && here === list.groups.length}
        indeterminate={here > 0 && here < list.groups.length}
        disabled={list.groups.length === 0}
        onChange={(e) => chosen.set(list.groups.map(named), e.currentTarget.checked)}
      />
      {list.total > list.groups.length && n < list.total ? (
        <Button size="xs" variant="subtle" onClick={chooseAll}>
          Choose all {count(list.total)}
        </Button>
      ) : null}
      {n > 0 ? (
        <>
          <Act reason={reasonOf("group.delete")} onClick={() => setDialog("delete")}>
            Delete…
          </Act>
          <Button size="xs" variant="default" onClick={() => copy(names.join("\n"), plural(n, "group", "groups"))}>
            Copy names
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={chosen.clear}>
            Clear
          </Button>
        </>
      ) : null}
      <span className={classes.end}>
        <Act reason={reasonOf("group.create")} onClick={() => setDialog("new")}>
          New groups…
        </Act>
      </span>
      {dialog === "new" ? <NewGroupsDialog source={source} directories={list.directories} onClose={close} /> : null}
      {dialog === "delete" ? <DeleteGroupsDialog source={source} ids={[...chosen.ids.keys()]} onClose={close} /> : null}
    </section>
  );
}

/** A group as a selection keeps it. */
export const named = (g: GroupRow) => ({ id: g.groupId, name: g.name });

/** A button that stays reachable where it cannot be used, so that its reason can be read. */
function Act({ reason, onClick, children }: { reason: string; onClick: () => void; children: string }) {
  const off = reason !== "";
  const button = (
    <Button
      size="xs"
      variant="default"
      data-disabled={off || undefined}
      aria-disabled={off || undefined}
      onClick={() => (off ? undefined : onClick())}
    >
      {children}
    </Button>
  );
  return off ? (
    <Tooltip label={reason} openDelay={0}>
      {button}
    </Tooltip>
  ) : (
    button
  );
}
