import { Button, Drawer } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useAppInfo } from "../../api/app";
import { useKinds, useSources } from "../../api/sources";
import { KeyringStatus } from "../../components/KeyringStatus";
import { textOf, useSearchState } from "../../components/navigation";
import { SourceForm } from "../../components/SourceForm";
import { ProblemMessage } from "../../ui/Message";
import { PageColumn, Section } from "../../ui/Page";
import { toast } from "../../ui/toast";
import { ChangeKeyForm } from "./ChangeKeyForm";
import { SourceItem } from "./SourceItem";
import classes from "./Sources.module.css";

interface SourcesSearch {
  /** The kind to add, "choose" for the choice of kinds, "" for none. */
  add: string;
  /** Id of the source to edit, "" for none. */
  edit: string;
  /** Id of the source whose key is replaced, "" for none. */
  key: string;
  /** Id of the source whose key for changes is added or replaced, "" for none. */
  changes: string;
}

export function parseSearch(raw: Record<string, unknown>): SourcesSearch {
  return { add: textOf(raw.add), edit: textOf(raw.edit), key: textOf(raw.key), changes: textOf(raw.changes) };
}

function savedWords(name: string, replaced: boolean, existed: boolean): string {
  if (replaced) {
    return `The key of ${name} was replaced.`;
  }
  return existed ? `${name} was saved.` : `${name} is connected. The first sync has started.`;
}

/** Every connection: its state, and what can be done with it. */
export function SourcesPage() {
  const info = useAppInfo().data;
  const sources = useSources();
  const kinds = useKinds().data ?? [];
  const [search, setSearch] = useSearchState(parseSearch);
  const demo = info?.demo ?? false;
  const replacing = sources.data?.find((s) => s.id === search.key);
  const editing = replacing ?? sources.data?.find((s) => s.id === search.edit);
  const changing = demo ? undefined : sources.data?.find((s) => s.id === search.changes && s.keys.canAdd);
  const kind = kinds.find((k) => k.kind === (editing?.kind ?? search.add));
  const close = () => setSearch({ add: undefined, edit: undefined, key: undefined, changes: undefined });
  return (
    <PageColumn>
      <Section
        title="Connected sources"
        description="Each source has its own key, color and local copy. The source you work in is shown at the top right."
        actions={
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={demo}
            title={demo ? "Leave the demo organization to connect a real source" : undefined}
            onClick={() => setSearch({ add: "choose" })}
          >
            Add a source
          </Button>
        }
      >
        {sources.error ? <ProblemMessage problem={sources.error} /> : null}
        <ul className={classes.list}>
          {sources.data?.map((s) => (
            <SourceItem
              key={s.id}
              source={s}
              onEdit={() => setSearch({ edit: s.id })}
              onReplaceKey={() => setSearch({ key: s.id })}
              onChangeKey={() => setSearch({ changes: s.id })}
            />
          ))}
        </ul>
      </Section>
      <Drawer
        opened={changing !== undefined}
        onClose={close}
        title={changing ? `Key for changes of ${changing.name}` : ""}
        size={520}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {info && !info.keyring.ready ? (
          <KeyringStatus keyring={info.keyring} />
        ) : changing ? (
          <ChangeKeyForm
            key={changing.id}
            source={changing}
            onCancel={close}
            onSaved={() => {
              toast("success", `The key for changes of ${changing.name} was saved.`);
              close();
            }}
          />
        ) : null}
      </Drawer>
      <Drawer
        opened={search.add !== "" || editing !== undefined}
        onClose={close}
        title={
          replacing
            ? `Replace the key of ${replacing.name}`
            : editing
              ? `Edit ${editing.name}`
              : (kind?.title ?? "Add a source")
        }
        size={520}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {info && !info.keyring.ready ? (
          <KeyringStatus keyring={info.keyring} />
        ) : kind ? (
          <>
            {replacing ? (
              <p className={classes.note}>
                Make a new key at Atlassian, then put it in. Name, settings, local copy and run logs stay as they are;
                the old key is forgotten here once the new one works. Revoke it at Atlassian afterwards.
              </p>
            ) : null}
            <SourceForm
              key={replacing ? `key ${replacing.id}` : (editing?.id ?? kind.kind)}
              kind={kind}
              existing={editing}
              keyOnly={replacing !== undefined}
              onCancel={close}
              onSaved={(s) => {
                toast("success", savedWords(s.name, replacing !== undefined, editing !== undefined));
                close();
              }}
            />
          </>
        ) : (
          <ul className={classes.kinds}>
            {kinds.map((k) => (
              <li key={k.kind}>
                <button type="button" className={classes.kind} onClick={() => setSearch({ add: k.kind })}>
                  <strong>{k.title}</strong>
                  <span>{k.summary}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Drawer>
    </PageColumn>
  );
}
