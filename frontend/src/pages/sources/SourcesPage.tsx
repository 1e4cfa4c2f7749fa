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
import { SourceItem } from "./SourceItem";
import classes from "./Sources.module.css";

interface SourcesSearch {
  /** The kind to add, "choose" for the choice of kinds, "" for none. */
  add: string;
  /** Id of the source to edit, "" for none. */
  edit: string;
}

function parseSearch(raw: Record<string, unknown>): SourcesSearch {
  return { add: textOf(raw.add), edit: textOf(raw.edit) };
}

/** Every connection: its state, and what can be done with it. */
export function SourcesPage() {
  const info = useAppInfo().data;
  const sources = useSources();
  const kinds = useKinds().data ?? [];
  const [search, setSearch] = useSearchState(parseSearch);
  const editing = sources.data?.find((s) => s.id === search.edit);
  const kind = kinds.find((k) => k.kind === (editing?.kind ?? search.add));
  const close = () => setSearch({ add: undefined, edit: undefined });
  const demo = info?.demo ?? false;
  return (
    <PageColumn>
      <Section
        title="Connected sources"
        description="Each source has its own key, color and local copy. The one shown in every page stands at the top right."
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
            <SourceItem key={s.id} source={s} onEdit={() => setSearch({ edit: s.id })} />
          ))}
        </ul>
      </Section>
      <Drawer
        opened={search.add !== "" || editing !== undefined}
        onClose={close}
        title={editing ? `Edit ${editing.name}` : (kind?.title ?? "Add a source")}
        size={520}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {info && !info.keyring.ready ? (
          <KeyringStatus keyring={info.keyring} />
        ) : kind ? (
          <SourceForm
            key={editing?.id ?? kind.kind}
            kind={kind}
            existing={editing}
            onCancel={close}
            onSaved={(s) => {
              toast(
                "success",
                editing ? `${s.name} was saved.` : `${s.name} is connected. The first sync has started.`,
              );
              close();
            }}
          />
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
