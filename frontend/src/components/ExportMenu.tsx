import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type Exported, useExportFormats } from "../api/export";
import { toast, toastProblem } from "../ui/toast";

/** A button with the kinds of files into which a short list can be written. */
export function ExportMenu({
  what,
  said,
  disabled,
  size,
  write,
}: {
  /** What is written, for the button's name: "groups". */
  what: string;
  /** What was done, for so many rows: "12 groups were exported." */
  said: (rows: number) => string;
  disabled?: boolean;
  size?: "xs";
  write: (format: string) => Promise<Exported>;
}) {
  const formats = useExportFormats(true);
  const run = (format: string) =>
    write(format)
      .then((done) => {
        if (done.path !== "") {
          toast("success", said(done.rows), done.path);
        }
      })
      .catch(toastProblem);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size={size}
          leftSection={<IconDownload size={size ? 14 : 16} aria-hidden />}
          disabled={disabled}
          aria-label={`Export ${what}`}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(formats.data ?? []).map((f) => (
          <Menu.Item key={f.name} onClick={() => run(f.name)}>
            {f.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
