import { Modal, Stack, Text } from "@mantine/core";
import type { ActionView } from "../../api/bulk";
import type { SourceView } from "../../api/sources";
import { PlanForm } from "../../components/form/PlanForm";
import { useGo } from "../../components/navigation";
import { ActsOn } from "../../components/SourceTag";
import { useFocusBack } from "../../ui/useFocusBack";
import { plural } from "../../util/format";

interface GroupActionProps {
  source: SourceView;
  action: ActionView;
  /** The groups that it is about, by id; none for an action that makes some. */
  ids: string[];
  onClose: () => void;
}

/** What an action about groups asks for. Only the preview that follows, which says who loses what, can be confirmed. */
export function GroupActionDialog({ source, action, ids, onClose }: GroupActionProps) {
  useFocusBack();
  const go = useGo();
  const chosen = plural(ids.length, "group", "groups");
  const selection = (values: Record<string, string>) =>
    ids.length > 0 ? `${chosen} chosen in the list of groups` : plural(linesIn(action, values), "name", "names");
  return (
    <Modal
      opened
      onClose={onClose}
      title={ids.length > 0 ? `${action.verb} ${chosen}` : action.title}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <PlanForm
        source={source}
        action={action}
        groups={ids}
        selection={selection}
        onPlan={(plan) => go("/bulk", { plan })}
        onCancel={onClose}
      >
        <Stack gap="sm">
          <ActsOn id={source.id} name={source.name} />
          <Text size="sm">
            {action.effect} {action.undo}
          </Text>
        </Stack>
      </PlanForm>
    </Modal>
  );
}

/** How many lines are filled in. */
function linesIn(action: ActionView, values: Record<string, string>): number {
  const many = action.params.filter((f) => f.type === "lines").map((f) => values[f.name] ?? "");
  return many.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "").length;
}
