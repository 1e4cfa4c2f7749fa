import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { usePreview } from "../../api/bulk";
import type { NamedId } from "../../api/groups";
import type { SourceView } from "../../api/sources";
import { FormProblem } from "../../components/FormProblem";
import { NoAnswer } from "../../components/NoAnswer";
import { useGo } from "../../components/navigation";
import { ActsOn } from "../../components/SourceTag";
import { useFocusBack } from "../../ui/useFocusBack";
import { plural } from "../../util/format";
import { plainMarks } from "../../util/marks";

interface DialogProps {
  source: SourceView;
  onClose: () => void;
}

/** One more than the backend takes of a form's field: what is longer is refused in words. */
const LONGEST_NAMES = 64_001;

/** Names of groups that are to be made, typed or pasted. Only the preview that follows can be confirmed. */
export function NewGroupsDialog({ source, directories, onClose }: DialogProps & { directories: NamedId[] }) {
  useFocusBack();
  const [names, setNames] = useState("");
  const [directory, setDirectory] = useState(directories.length === 1 ? (directories[0]?.id ?? "") : "");
  const [description, setDescription] = useState("");
  const described = source.kind === "atlassian_org";
  const form = useGroupPreview(source, "group.create");
  const wanted = names.split("\n").filter((n) => n.trim() !== "").length;
  return (
    <Modal opened onClose={onClose} title="New groups" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        onSubmit={(e) =>
          form.submit(e, {
            params: { names, directory, description },
            groups: [],
            selection: plural(wanted, "name", "names"),
          })
        }
      >
        <Stack gap="sm">
          <ActsOn id={source.id} name={source.name} />
          <Textarea
            label="Names"
            description="One on each line. A name cannot be changed later."
            data-autofocus
            required
            rows={4}
            maxLength={LONGEST_NAMES}
            value={names}
            error={form.errorOf("names")}
            spellCheck={false}
            onChange={(e) => setNames(e.currentTarget.value)}
          />
          {directories.length > 1 ? (
            <Select
              label="Directory"
              required
              data={directories.map((d) => ({ value: d.id, label: plainMarks(d.name) }))}
              value={directory}
              error={form.errorOf("directory")}
              onChange={(v) => setDirectory(v ?? "")}
            />
          ) : null}
          {described ? (
            <TextInput
              label="Description"
              maxLength={1000}
              value={description}
              error={form.errorOf("description")}
              onChange={(e) => setDescription(e.currentTarget.value)}
            />
          ) : null}
          {form.end(wanted > 0 && (directories.length < 2 || directory !== ""), onClose)}
        </Stack>
      </form>
    </Modal>
  );
}

/** Why the chosen groups are to be deleted. Only the preview that follows, which says who loses what, can be confirmed. */
export function DeleteGroupsDialog({ source, ids, onClose }: DialogProps & { ids: string[] }) {
  useFocusBack();
  const form = useGroupPreview(source, "group.delete");
  const chosen = plural(ids.length, "group", "groups");
  return (
    <Modal opened onClose={onClose} title={`Delete ${chosen}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form
        onSubmit={(e) =>
          form.submit(e, { params: {}, groups: ids, selection: `${chosen} chosen in the list of groups` })
        }
      >
        <Stack gap="sm">
          <ActsOn id={source.id} name={source.name} />
          <Text size="sm">
            The preview says which of them can be deleted, who is in them, and who would lose access to which app.
          </Text>
          {form.end(true, onClose)}
        </Stack>
      </form>
    </Modal>
  );
}

interface Wanted {
  params: Record<string, string>;
  groups: string[];
  selection: string;
}

/** What both dialogs end with: the reason, what is wrong, and the way to the preview. */
function useGroupPreview(source: SourceView, action: string) {
  const go = useGo();
  const preview = usePreview();
  const [note, setNote] = useState("");
  const fields = ["names", "directory", "description"];
  return {
    errorOf: (field: string) => preview.error?.at(field),
    submit: (e: FormEvent, wanted: Wanted) => {
      e.preventDefault();
      if (!preview.isPending) {
        preview.mutate(
          { sourceId: source.id, action, note: note.trim(), ...wanted },
          { onSuccess: (plan) => go("/bulk", { plan: plan.id }) },
        );
      }
    },
    end: (complete: boolean, onClose: () => void) => (
      <>
        <Textarea
          label="Reason"
          description="Kept in the run log."
          rows={2}
          maxLength={500}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <FormProblem problem={preview.error ?? undefined} fields={fields} short />
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            Nothing is changed until you confirm the preview.
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!complete} loading={preview.isPending}>
              Preview
            </Button>
          </Group>
        </Group>
        <NoAnswer of="preview" />
      </>
    ),
  };
}
