import { Button, Checkbox, Tooltip } from "@mantine/core";
import { useState } from "react";
import { useGroupActions } from "../../api/bulk";
import { type GroupList, type GroupQuery, type GroupRow, groupNames, useGroupsOutside } from "../../api/groups";
import { toProblem } from "../../api/problem";
import type { SourceView } from "../../api/sources";
import { ChosenBar } from "../../components/ChosenBar";
import { copy } from "../../components/copy";
import type { Chosen } from "../../components/useChosen";
import { oneClick } from "../../ui/oneClick";
import { toastProblem } from "../../ui/toast";
import { count, plural } from "../../util/format";
import { GroupActionDialog } from "./GroupDialogs";
import classes from "./Groups.module.css";

interface GroupBarProps {
  source: SourceView;
  query: GroupQuery;
  list: GroupList;
  chosen: Chosen;
}

/** What can be done with groups: make new ones, choose some, delete them. What the source or its key cannot do says why. */
export function GroupBar({ source, query, list, chosen }: GroupBarProps) {
  const actions = useGroupActions(source.id).data ?? [];
  const [dialog, setDialog] = useState<"group.create" | "group.delete">();
  const reasonOf = (kind: string) => {
    const a = actions.find((x) => x.kind === kind);
    return a === undefined ? " " : !a.supported ? a.reason : source.paused ? "The source is paused." : "";
  };
  const here = list.groups.filter((g) => chosen.ids.has(g.groupId)).length;
  const ids = [...chosen.ids.keys()];
  const outside = useGroupsOutside(query, ids);
  const elsewhere = new Set(ids.length > 0 ? outside.data : []);
  const chooseAll = () => groupNames(query).then(chosen.only, (cause: unknown) => toastProblem(toProblem(cause)));
  const names = [...chosen.ids.values()];
  const action = actions.find((a) => a.kind === dialog);
  return (
    <div className={classes.bar}>
      <div className={classes.all} onClickCapture={oneClick}>
        <Checkbox
          size="xs"
          label="Choose this page"
          checked={list.groups.length > 0 && here === list.groups.length}
          indeterminate={here > 0 && here < list.groups.length}
          disabled={list.groups.length === 0}
          onChange={(e) =>
            e.currentTarget.checked ? chosen.only(list.groups.map(named)) : chosen.set(list.groups.map(named), false)
          }
        />
        {list.total > list.groups.length ? (
          <Button size="xs" variant="subtle" onClick={chooseAll}>
            Choose all {count(list.total)}
          </Button>
        ) : null}
        <span className={classes.end}>
          <Act reason={reasonOf("group.create")} onClick={() => setDialog("group.create")}>
            New groups…
          </Act>
        </span>
      </div>
      <ChosenBar
        label="Chosen groups"
        hint="No group chosen: tick a box to delete groups or copy their names"
        n={ids.length}
        word="chosen"
        outside={ids.filter((id) => elsewhere.has(id)).length}
        aside={chosen.aside}
        onDrop={() =>
          chosen.only(ids.filter((id) => !elsewhere.has(id)).map((id) => ({ id, name: chosen.ids.get(id) ?? "" })))
        }
        onKeep={chosen.keep}
        onClear={chosen.clear}
      >
        <Act reason={reasonOf("group.delete")} onClick={() => setDialog("group.delete")}>
          Delete…
        </Act>
        <Button
          size="xs"
          variant="default"
          onClick={() => copy(names.join("\n"), plural(ids.length, "group", "groups"))}
        >
          Copy names
        </Button>
      </ChosenBar>
      {action ? (
        <GroupActionDialog
          source={source}
          action={action}
          ids={dialog === "group.delete" ? ids : []}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
    </div>
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
