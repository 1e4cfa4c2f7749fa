import { Button, Tooltip } from "@mantine/core";
import { useActions } from "../../api/bulk";
import type { SourceView } from "../../api/sources";
import { ChosenBar } from "../../components/ChosenBar";
import { useGo } from "../../components/navigation";
import { keyLabels } from "../../ui/keys";
import type { Selection } from "./useSelection";

interface SelectionBarProps {
  source: SourceView;
  selection: Selection;
  /** Shows everybody who is selected. */
  onShow: () => void;
}

/** What can be done with the selected people; has its place above the list, where the selection is. */
export function SelectionBar({ source, selection, onShow }: SelectionBarProps) {
  const go = useGo();
  const actions = useActions(source.id).data ?? [];
  return (
    <ChosenBar
      label="Selected people"
      hint={`Nobody selected: tick a box or press X, or ${keyLabels("mod+A")} for this whole list`}
      n={selection.count}
      word="selected"
      outside={selection.outside}
      aside={selection.aside}
      onShow={onShow}
      onDrop={() => void selection.change("here")}
      onKeep={() => void selection.change("keep")}
      onClear={selection.clear}
    >
      {actions.map((a) => {
        const reason = a.supported ? (source.paused ? "The source is paused." : "") : a.reason;
        const button = (
          <Button
            key={a.kind}
            size="xs"
            variant="default"
            data-disabled={reason !== "" || undefined}
            aria-disabled={reason !== "" || undefined}
            onClick={() => (reason === "" ? go("/bulk", { action: a.kind }) : undefined)}
          >
            {a.title}
          </Button>
        );
        return reason === "" ? (
          button
        ) : (
          <Tooltip key={a.kind} label={reason} openDelay={0}>
            {button}
          </Tooltip>
        );
      })}
    </ChosenBar>
  );
}
