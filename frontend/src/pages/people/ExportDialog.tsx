import { Button, Group, Modal, Progress, Radio, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { cancelExport, exportPeople, liveExports, useExportFormats } from "../../api/export";
import { useLive } from "../../api/live";
import { queryPeople, type SnapshotView } from "../../api/people";
import { type Problem, toProblem } from "../../api/problem";
import type { SourceView } from "../../api/sources";
import { ProblemMessage } from "../../ui/Message";
import { toast } from "../../ui/toast";
import { useFocusBack } from "../../ui/useFocusBack";
import { count, plural } from "../../util/format";
import type { Columns } from "./useColumns";

interface ExportProps {
  source: SourceView;
  snapshot: SnapshotView | undefined;
  columns: Columns;
  /** How many people are selected, in whatever list they stand. */
  selected: number;
}

/** Who goes into the file. */
type Who = "list" | "selected" | "all";

/** The button that writes the list to a file, with its dialog. */
export function ExportButton(props: ExportProps) {
  const [open, setOpen] = useState(false);
  const { snapshot } = props;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        disabled={!snapshot || snapshot.all === 0}
        onClick={() => setOpen(true)}
      >
        Export
      </Button>
      {open && snapshot ? <ExportDialog {...props} snapshot={snapshot} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Chooses what goes into the file, says how much that is, shows how far it is, and can stop it. */
function ExportDialog({
  source,
  snapshot,
  columns,
  selected,
  onClose,
}: ExportProps & { snapshot: SnapshotView; onClose(): void }) {
  useFocusBack();
  const formats = useExportFormats(true);
  const [format, setFormat] = useState("xlsx");
  const [who, setWho] = useState<Who>(selected > 0 ? "selected" : snapshot.total > 0 ? "list" : "all");
  const [what, setWhat] = useState<"shown" | "all">("shown");
  const [id] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const progress = useLive(liveExports, id);
  const people = { list: snapshot.total, selected, all: snapshot.all }[who];
  const shown = columns.shown.map((s) => s.column.id);
  const chosen = formats.data?.find((f) => f.name === format);
  const width = what === "shown" ? shown.length : (chosen?.columns ?? 0);

  const write = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const list =
        who === "list"
          ? snapshot
          : await queryPeople({
              sourceId: source.id,
              filter: "",
              search: "",
              sort: snapshot.sort,
              desc: snapshot.desc,
              selected: who === "selected",
              shown: false,
            });
      const done = await exportPeople({
        id,
        sourceId: source.id,
        snapshot: list.id,
        format,
        columns: what === "shown" ? shown : [],
      });
      if (done.path !== "") {
        toast("success", `${plural(done.rows, "person was", "people were")} exported.`, done.path);
        onClose();
      }
    } catch (cause) {
      const failed = toProblem(cause);
      if (failed.code !== "cancelled") {
        setProblem(failed);
      }
    } finally {
      setBusy(false);
    }
  };
  const stop = () => {
    void cancelExport(id).catch((cause: unknown) => setProblem(toProblem(cause)));
  };
  const running = busy && progress !== undefined;
  return (
    <Modal opened onClose={busy ? stop : onClose} title="Export people" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack gap="md">
        <Radio.Group label="People" value={who} onChange={(v) => setWho(v as Who)}>
          <Stack gap={6} mt={6}>
            <Radio
              value="selected"
              label={`Selected: ${plural(selected, "person", "people")}`}
              disabled={busy || selected === 0}
            />
            <Radio
              value="list"
              label={`This list: ${plural(snapshot.total, "person", "people")}`}
              disabled={busy || snapshot.total === 0}
            />
            <Radio value="all" label={`Everybody: ${plural(snapshot.all, "person", "people")}`} disabled={busy} />
          </Stack>
        </Radio.Group>
        <Radio.Group label="Columns" value={what} onChange={(v) => setWhat(v as "shown" | "all")}>
          <Stack gap={6} mt={6}>
            <Radio value="shown" label={`Columns shown (${shown.length})`} disabled={busy} />
            <Radio
              value="all"
              label={`All columns (${chosen?.columns ?? "…"}), with the names of all groups`}
              disabled={busy}
            />
          </Stack>
        </Radio.Group>
        <Radio.Group label="Format" value={format} onChange={setFormat}>
          <Group gap="lg" mt={6}>
            {(formats.data ?? []).map((f) => (
              <Radio key={f.name} value={f.name} label={f.title} disabled={busy} />
            ))}
          </Group>
        </Radio.Group>
        {formats.error ? <ProblemMessage problem={formats.error} /> : null}
        {problem ? <ProblemMessage problem={problem} /> : null}
        {running ? (
          <div>
            <Progress.Root size="sm">
              <Progress.Section
                value={progress.total > 0 ? (100 * progress.done) / progress.total : 100}
                aria-label="Export"
                aria-valuetext={`${count(progress.done)} of ${count(progress.total)}`}
              />
            </Progress.Root>
            <Text size="xs" c="dimmed" mt={4} className="num">
              {count(progress.done)} of {count(progress.total)} people
            </Text>
          </div>
        ) : (
          <Text size="xs" c="dimmed">
            {plural(people, "row", "rows")}, {plural(width, "column", "columns")}. The file is only readable by you.
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={busy ? stop : onClose}>
            {busy ? "Stop" : "Cancel"}
          </Button>
          <Button onClick={write} loading={busy && !running} disabled={running || !chosen || people === 0}>
            Export {plural(people, "person", "people")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
