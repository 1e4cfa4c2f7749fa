import { ActionIcon, Button, Menu } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconDots } from "@tabler/icons-react";
import { type CSSProperties, useState } from "react";
import type { Problem } from "../../api/problem";
import {
  type SourceView,
  type TestView,
  useKinds,
  usePauseSource,
  useRemoveSource,
  useTestKey,
} from "../../api/sources";
import { useStartChanges, useStartSync, useSync } from "../../api/sync";
import { ImportedFiles } from "../../components/imports/ImportedFiles";
import { useImport } from "../../components/imports/useImport";
import { KeyWarning } from "../../components/KeyWarning";
import { NextSync } from "../../components/NextSync";
import { SyncProgress } from "../../components/SyncProgress";
import { fullSyncWords, syncState } from "../../components/syncWords";
import { TestFindings } from "../../components/TestFindings";
import { confirm } from "../../ui/confirm";
import { ProblemMessage } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { sourceColor } from "../../ui/sourceColor";
import { toast, toastProblem } from "../../ui/toast";
import { useNow, When } from "../../ui/When";
import { plural } from "../../util/format";
import { Keys } from "./Keys";
import { RenameForm } from "./RenameForm";
import { ScheduleForm } from "./ScheduleForm";
import classes from "./Sources.module.css";

async function askRemove(source: SourceView): Promise<boolean> {
  return confirm({
    title: `Remove ${source.name}?`,
    body: (
      <>
        <p>
          Seatkeeper forgets {source.keys.changes.keeping === "stored" ? "both keys" : "the key"}, the local copy (
          {plural(source.sync.people, "person", "people")}) and the trends. Nothing changes at Atlassian; the key stays
          valid there until you revoke it.
        </p>
        <p>Run logs stay, so the proof of what was done is kept.</p>
      </>
    ),
    verb: "Remove source",
    danger: true,
  });
}

interface SourceItemProps {
  source: SourceView;
  onEdit(): void;
  onReplaceKey(): void;
  /** Add or replace the key for changes. */
  onChangeKey(): void;
}

/** One source: state, freshness, actions. */
export function SourceItem({ source, onEdit, onReplaceKey, onChangeKey }: SourceItemProps) {
  const now = useNow();
  const sync = useSync(source.id) ?? source.sync;
  const start = useStartSync();
  const changes = useStartChanges();
  const pause = usePauseSource();
  const remove = useRemoveSource();
  const test = useTestKey();
  const imports = useImport(source);
  const [tested, setTested] = useState<TestView>();
  const [problem, setProblem] = useState<Problem>();
  // What the kind asks for first says which organization or site it is.
  const first = useKinds().data?.find((k) => k.kind === source.kind)?.fields[0];
  const where = first ? (source.settings[first.name] ?? "") : "";
  const { tone, words } = syncState(sync, source.paused, now);

  // The newer of the last test and the last sync says what is wrong: both of them would mostly say the same.
  const refused = tested !== undefined && !tested.ok;
  const newerTest = refused && tested.testedAt >= sync.finishedAt;
  const syncProblem = sync.state === "running" || newerTest ? undefined : sync.problem;
  const replaceKey = source.demo ? null : (
    <Button size="xs" variant="default" onClick={onReplaceKey}>
      Replace key
    </Button>
  );

  const runTest = () => {
    setTested(undefined);
    setProblem(undefined);
    test.mutate({ id: source.id, use: "reading" }, { onSuccess: setTested, onError: setProblem });
  };
  const reschedule = () => {
    const id = modals.open({
      title: `When ${source.name} is synced`,
      children: <ScheduleForm source={source} onDone={() => modals.close(id)} />,
    });
  };
  const rename = () => {
    const id = modals.open({
      title: `Name and color of ${source.name}`,
      children: <RenameForm source={source} onDone={() => modals.close(id)} />,
    });
  };

  return (
    <li className={classes.item} style={{ "--source-color": sourceColor(source.color) } as CSSProperties}>
      <div className={classes.head}>
        <div className={classes.names}>
          <h3 className={classes.name}>
            <StrangerText text={source.name} />
          </h3>
          <div className={classes.sub}>
            {source.kindTitle}
            {where ? (
              <>
                {" · "}
                <StrangerText text={where} />
              </>
            ) : null}
          </div>
        </div>
        <State tone={tone}>{words}</State>
        <Button size="xs" variant="default" onClick={runTest} loading={test.isPending}>
          Test
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More for ${source.name}`}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {sync.canFollow ? (
              <Menu.Item
                disabled={source.paused || sync.state === "running"}
                onClick={() => changes.mutate(source.id, { onError: toastProblem })}
              >
                Sync changes
              </Menu.Item>
            ) : null}
            <Menu.Item
              disabled={source.paused || sync.state === "running"}
              onClick={() => start.mutate(source.id, { onError: toastProblem })}
            >
              {fullSyncWords(sync)}
            </Menu.Item>
            <Menu.Item disabled={source.demo} onClick={onEdit}>
              Edit connection
            </Menu.Item>
            <Menu.Item disabled={source.demo} onClick={onReplaceKey}>
              Replace key
            </Menu.Item>
            <Menu.Item disabled={sync.revision === 0} onClick={imports.choose}>
              Import an Atlassian export
            </Menu.Item>
            <Menu.Item onClick={reschedule}>Sync schedule</Menu.Item>
            <Menu.Item onClick={rename}>Rename or recolor</Menu.Item>
            <Menu.Item
              onClick={() => pause.mutate({ id: source.id, paused: !source.paused }, { onError: toastProblem })}
            >
              {source.paused ? "Resume" : "Pause"}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              color="red"
              disabled={source.demo}
              onClick={async () => {
                if (await askRemove(source)) {
                  remove.mutate(source.id, {
                    onError: toastProblem,
                    onSuccess: () => toast("success", `${source.name} was removed.`),
                  });
                }
              }}
            >
              Remove
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={classes.sub}>
        {plural(sync.people, "person", "people")}, {plural(sync.groups, "group", "groups")} in the local copy · next
        sync <NextSync source={source} /> · last test <When iso={source.testedAt} as="ago" none="never" />
        {source.keyExpires && !source.keys.canAdd ? (
          <>
            {" · key expires "}
            <When iso={source.keyExpires} as="day" />
          </>
        ) : null}
      </div>
      <ImportedFiles sourceId={source.id} />
      {imports.dialog}
      <KeyWarning source={source} onReplace={onReplaceKey} onReplaceChanges={onChangeKey} />
      {source.keys.canAdd ? <Keys source={source} onReplace={onReplaceKey} onChanges={onChangeKey} /> : null}
      {sync.state === "running" ? <SyncProgress sync={sync} /> : null}
      {syncProblem ? (
        <ProblemMessage problem={syncProblem} actions={syncProblem.code === "auth_failed" ? replaceKey : null} />
      ) : null}
      {problem ? <ProblemMessage problem={problem} /> : null}
      {tested && !(refused && syncProblem) ? <TestFindings test={tested} replaceKey={replaceKey} /> : null}
    </li>
  );
}
