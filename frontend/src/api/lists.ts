import { useQuery } from "@tanstack/react-query";
import * as Lists from "../../wailsjs/go/bindings/Lists";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";

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
  return call(() => Lists.Paste(sourceId, text));
}

/** Keeps a list that was read; replace says whether a list of this name gives way. */
export function saveList(sourceId: string, draftId: string, name: string, replace: boolean): Promise<PeopleList> {
  return call(() => Lists.Save(sourceId, draftId, name, replace));
}

export function deleteList(id: string): Promise<void> {
  return call(() => Lists.Delete(id));
}
