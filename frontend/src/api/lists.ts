import { useQuery } from "@tanstack/react-query";
import * as Lists from "../../wailsjs/go/bindings/Lists";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";
import type { Exported } from "./export";

export type PeopleList = bindings.PeopleList;
export type ListDraft = bindings.ListDraft;
export type ListMatch = bindings.ListMatch;

/** All lists by name, as they look in a source; "people" events invalidate it. */
export function usePeopleLists(sourceId: string) {
  return useQuery({ queryKey: [...keys.people(sourceId), "lists"], queryFn: () => call(() => Lists.List(sourceId)) });
}

/** Asks for a CSV file and reads the list in it; a cancelled dialog gives a draft without an id. */
export function chooseList(sourceId: string): Promise<ListDraft> {
  return call(() => Lists.Choose(sourceId), WAIT.long);
}

export function pasteList(sourceId: string, text: string): Promise<ListDraft> {
  return call(() => Lists.Paste(sourceId, text), WAIT.long);
}

/** Reads the list that was read once more, from the column of that number; -1 takes everybody who stands anywhere in it. */
export function chooseColumn(draftId: string, column: number): Promise<ListDraft> {
  return call(() => Lists.Column(draftId, column), WAIT.long);
}

/** Writes what of the list that was read takes nobody to a file; an empty path means that the dialog was cancelled. */
export function saveMisses(draftId: string): Promise<Exported> {
  return call(() => Lists.SaveMisses(draftId), WAIT.long);
}

/** Keeps a list that was read; replace says whether a list of this name gives way. */
export function saveList(sourceId: string, draftId: string, name: string, replace: boolean): Promise<PeopleList> {
  return call(() => Lists.Save(sourceId, draftId, name, replace), WAIT.long);
}

export function deleteList(id: string): Promise<void> {
  return call(() => Lists.Delete(id));
}
