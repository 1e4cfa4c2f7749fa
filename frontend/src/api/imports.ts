import { useQuery } from "@tanstack/react-query";
import * as Imports from "../../wailsjs/go/bindings/Imports";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";

export type ImportView = bindings.ImportView;
export type ImportPreview = bindings.ImportPreview;
export type MissedRow = bindings.MissedRow;
export type BadRow = bindings.BadRow;

/** The files that were taken into a source's local copy; "people" events invalidate it. */
export function useImports(sourceId: string) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "imports"],
    queryFn: () => call(() => Imports.List(sourceId)),
  });
}

/** Asks for a file and reads it; a cancelled dialog gives a preview without an id. */
export function chooseImport(sourceId: string): Promise<ImportPreview> {
  return call(() => Imports.Choose(sourceId), WAIT.long);
}

/** Says of which day the file is that was read, and reads it again. */
export function dateImport(previewId: string, day: string): Promise<ImportPreview> {
  return call(() => Imports.Date(previewId, day), WAIT.long);
}

export function keepImport(previewId: string): Promise<ImportView> {
  return call(() => Imports.Keep(previewId), WAIT.long);
}

export function forgetImport(previewId: string): Promise<void> {
  return call(() => Imports.Forget(previewId));
}

/** Writes the rows that match nobody to a file that the operator chooses. */
export function saveUnmatched(previewId: string) {
  return call(() => Imports.SaveUnmatched(previewId), WAIT.long);
}

export function removeImport(sourceId: string, kind: string): Promise<void> {
  return call(() => Imports.Remove(sourceId, kind));
}
