import { useQuery } from "@tanstack/react-query";
import * as People from "../../wailsjs/go/bindings/People";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { createLiveStore } from "./live";

export type ExportFormat = bindings.ExportFormat;
export type ExportRequest = bindings.ExportRequest;
export type Exported = bindings.Exported;

/** How far an export is. It comes as an event only, so the generated models lack it. */
export interface ExportProgress {
  id: string;
  done: number;
  total: number;
}

/** Progress of exports, by the id that the page gave them. */
export const liveExports = createLiveStore<ExportProgress>();

/** The kinds of files for lists; they never change while the program runs. */
export function useExportFormats(enabled: boolean) {
  return useQuery({ queryKey: ["export-formats"], queryFn: () => call(People.ExportFormats), enabled });
}

/** Writes a list to a file that the operator chooses; an empty path means that the dialog was cancelled. */
export function exportPeople(request: ExportRequest): Promise<Exported> {
  return call(() => People.Export(request), WAIT.long);
}

/** Stops an export. */
export function cancelExport(id: string): Promise<void> {
  return call(() => People.CancelExport(id));
}
