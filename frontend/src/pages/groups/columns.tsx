import { Anchor, Badge, Checkbox, Text } from "@mantine/core";
import type { GroupRow } from "../../api/groups";
import { SubLine, type TableColumn } from "../../components/DataTable";
import type { Chosen } from "../../components/useChosen";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { count, plural } from "../../util/format";
import { plainMarks } from "../../util/marks";
import { named } from "./GroupBar";
import classes from "./Groups.module.css";

/** The columns of the list of groups. */
export function columnsOf(
  open: (g: GroupRow) => void,
  withDirectory: boolean,
  chosen: Chosen,
  noApp: string,
): TableColumn<GroupRow>[] {
  const columns: TableColumn<GroupRow>[] = [
    {
      name: "chosen",
      title: "",
      label: "Chosen",
      width: 36,
      cell: (g) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: only keeps the row's own click away
        <span onClick={(e) => e.stopPropagation()}>
          <Checkbox
            size="xs"
            aria-label={`Choose ${plainMarks(g.name)}`}
            checked={chosen.ids.has(g.groupId)}
            onChange={(e) => chosen.set([named(g)], e.currentTarget.checked)}
          />
        </span>
      ),
    },
    {
      name: "name",
      title: "Group",
      cell: (g) => (
        <>
          <Anchor
            component="button"
            type="button"
            size="sm"
            fw={500}
            ta="left"
            aria-label={`Show the members of ${plainMarks(g.name)}`}
            onClick={(e) => {
              e.stopPropagation();
              open(g);
            }}
          >
            <StrangerText text={g.name} />
          </Anchor>
          {g.description ? (
            <SubLine>
              <StrangerText text={g.description} />
            </SubLine>
          ) : null}
        </>
      ),
    },
    { name: "members", title: "Members", width: 110, right: true, cell: members },
    { name: "apps", title: "Gives access to", width: "30%", cell: (g) => apps(g, noApp) },
    { name: "marks", title: "State", width: 230, cell: marks },
  ];
  if (withDirectory) {
    columns.splice(2, 0, {
      name: "directory",
      title: "Directory",
      width: 140,
      cell: (g) => <StrangerText text={g.directory} empty="" />,
    });
  }
  return columns;
}

function members(g: GroupRow) {
  return (
    <>
      {g.members === 0 ? <State tone="idle">Empty</State> : <span className="num">{count(g.members)}</span>}
      {g.counted >= 0 && g.counted !== g.members ? <SubLine>{count(g.counted)} at Atlassian</SubLine> : null}
    </>
  );
}

/** Which apps a group gives; "not known" is never shown as none. */
function apps(g: GroupRow, noApp: string) {
  if (g.grants.length > 0) {
    return (
      <ul className={classes.grants}>
        {g.grants.map((a) => (
          <li key={a.app}>
            <StrangerText text={a.app} />
            {a.roles.length > 0 ? (
              <Text span size="sm" c="dimmed">
                {" "}
                {a.roles.join(", ")}
              </Text>
            ) : null}
            {a.default ? (
              <>
                {" "}
                <Badge color="gray" size="sm">
                  default
                </Badge>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    );
  }
  if (g.grantsKnown) {
    return (
      <Text span c="dimmed" size="sm">
        {noApp}
      </Text>
    );
  }
  return (
    <Text span c="dimmed" size="sm">
      {g.apps > 0 ? `${plural(g.apps, "app, its name", "apps, their names")} not known` : "Not known"}
    </Text>
  );
}

function marks(g: GroupRow) {
  return (
    <>
      {g.adminsOf ? (
        <State tone="warn">Admins of {g.adminsOf}</State>
      ) : g.synced === "yes" ? (
        <State tone="info">Synced</State>
      ) : g.locked ? (
        <State tone="off">Locked</State>
      ) : g.synced === "unknown" ? (
        <State tone="idle">Not known whether synced</State>
      ) : (
        <State tone="good">Can be changed</State>
      )}
      {g.locked ? <SubLine>{g.locked}</SubLine> : null}
    </>
  );
}
