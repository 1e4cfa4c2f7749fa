import { Checkbox, Code, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type SavedDraft, type SavedFilter, useSaveFilter } from "../../api/saved";
import { FormEnd } from "../../components/form/FormEnd";
import { toast } from "../../ui/toast";
import { useFocusBack } from "../../ui/useFocusBack";

interface SavedDialogProps {
  sourceId: string;
  /** What is shown now. */
  view: Pick<SavedDraft, "filter" | "columns" | "sort" | "desc" | "density">;
  /** A saved filter whose name and description are edited; without it a new one is made. */
  edited?: SavedFilter;
  /** Name and description to begin with. */
  like?: SavedFilter;
  onClose(): void;
  onSaved(filter: SavedFilter): void;
}

/** Name, description and pin of a saved filter. */
export function SavedDialog({ sourceId, view, edited, like, onClose, onSaved }: SavedDialogProps) {
  useFocusBack();
  const save = useSaveFilter(sourceId);
  const [name, setName] = useState(edited?.name ?? (like ? `${like.name} (copy)` : ""));
  const [description, setDescription] = useState(edited?.description ?? like?.description ?? "");
  const [pinned, setPinned] = useState(edited?.pinned ?? true);
  const [looks, setLooks] = useState(true);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const content = edited ?? (looks ? view : { ...view, columns: [], sort: "", desc: false, density: 0 });
    const { filter, columns, sort, desc, density } = content;
    save.mutate(
      { id: edited?.id ?? "", name, description, filter, columns, sort, desc, density, pinned },
      {
        onSuccess: (saved) => {
          toast("success", edited ? "The saved filter was changed." : `“${saved.name}” was saved.`);
          onSaved(saved);
          onClose();
        },
      },
    );
  };
  const filter = edited?.filter ?? view.filter;
  return (
    <Modal
      opened
      onClose={onClose}
      title={edited ? "Saved filter" : "Save filter"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            data-autofocus
            required
            maxLength={80}
            value={name}
            error={save.error?.at("name")}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Textarea
            label="Description"
            rows={2}
            maxLength={500}
            value={description}
            onChange={(e) => setDescription(e.currentTarget.value)}
          />
          <div>
            <Text size="sm" fw={500}>
              Filter
            </Text>
            {filter ? (
              <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                {filter}
              </Code>
            ) : (
              <Text size="sm">Everybody</Text>
            )}
          </div>
          {edited ? null : (
            <Checkbox
              label="Keep columns, sort and row height too"
              description="What stands in the search field is not part of it."
              checked={looks}
              onChange={(e) => setLooks(e.currentTarget.checked)}
            />
          )}
          <Checkbox
            label="Pin it to the rail, with its count"
            checked={pinned}
            onChange={(e) => setPinned(e.currentTarget.checked)}
          />
          <FormEnd
            problem={save.error}
            fields={["name"]}
            verb="Save"
            busy={save.isPending}
            disabled={name.trim() === ""}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
