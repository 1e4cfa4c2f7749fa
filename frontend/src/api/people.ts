import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import * as Groups from "../../wailsjs/go/bindings/Groups";
import * as People from "../../wailsjs/go/bindings/People";
import type { bindings } from "../../wailsjs/go/models";
import { call } from "./call";
import { keys } from "./client";

export type PeopleQuery = bindings.PeopleQuery;
export type PersonRow = bindings.PersonRow;
export type PersonView = bindings.PersonView;
export type AccessView = bindings.AccessView;
export type SnapshotView = bindings.SnapshotView;
export type FilterError = bindings.FilterError;
export type FilterField = bindings.FilterField;
export type ParsedFilter = bindings.ParsedFilter;
export type Completion = bindings.Completion;
export type AppTile = bindings.AppTile;
export type TileNumber = bindings.TileNumber;
export type AppChoice = bindings.AppChoice;
export type GroupView = bindings.GroupView;
export type SelectionView = bindings.SelectionView;
/** With rows: add, remove, toggle, only. Without: all of this list alone, here (only those in this list), keep (those put aside too). */
export type SelectOp = "add" | "remove" | "toggle" | "only" | "all" | "here" | "keep";

/** Makes a list; a mistake in the filter is in the answer. Not cached: a list is a thing of the backend. */
export function queryPeople(q: PeopleQuery): Promise<SnapshotView> {
  return call(() => People.Query(q));
}

/** Reads rows of a list; a Problem with code "stale" says that the list is gone. */
export function readRows(snapshot: string, from: number, count: number): Promise<PersonRow[]> {
  return call(() => People.Rows(snapshot, from, count));
}

/** How far a list is from what the same question would give now. */
export function readDrift(snapshot: string): Promise<{ stale: boolean; changes: number; total: number }> {
  return call(() => People.Drift(snapshot));
}

/** In which row of a list a person stands, -1 for nobody in it. */
export function placeOf(snapshot: string, id: number): Promise<number> {
  return call(() => People.Place(snapshot, id));
}

/** Reads a filter's text, once. */
export function parseFilter(sourceId: string, text: string): Promise<ParsedFilter> {
  return call(() => People.Parse(sourceId, text));
}

/** Changes the selection by the rows [from, to) of a list; answers how it looks from there. */
export function select(snapshot: string, op: SelectOp, from: number, to: number): Promise<SelectionView> {
  return call(() => People.Select({ snapshot, op, from, to }));
}

export function clearSelection(sourceId: string): Promise<void> {
  return call(() => People.ClearSelection(sourceId));
}

/** How the selection looks from a list. */
export function selectedIn(snapshotId: string): Promise<SelectionView> {
  return call(() => People.SelectedIn(snapshotId));
}

export function selectionCount(sourceId: string): Promise<number> {
  return call(() => People.SelectionCount(sourceId));
}

/** One person with access, groups and history. */
export function usePerson(sourceId: string, id: number | undefined) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "person", id],
    queryFn: () => call(() => People.Person(sourceId, id ?? 0)),
    enabled: id !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** Asks the source how one person came by the apps: the answer also knows what was given without a group. */
export function useCheckAccess(sourceId: string) {
  return useMutation({ mutationFn: (id: number) => call(() => People.CheckAccess(sourceId, id)) });
}

/** Groups by name, at most `limit`. */
export function useGroups(sourceId: string, search: string, limit: number) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "groups", search, limit],
    queryFn: () => call(() => People.Groups(sourceId, search, limit)),
    placeholderData: keepPreviousData,
  });
}

/** Those of the groups, by id, that are in the local copy. */
export function useGroupsById(sourceId: string, ids: string[]) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "groups-by-id", ids],
    queryFn: () => call(() => Groups.ByID(sourceId, ids)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** The apps of a source, each at one site, with the roles that groups give on them. */
export function useApps(sourceId: string) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "apps"],
    queryFn: () => call(() => People.Apps(sourceId)),
    enabled: sourceId !== "",
  });
}

/** The summary of each app; nothing is asked while the number of days is not known. */
export function useOverview(sourceId: string, inactiveDays: number | undefined) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "overview", inactiveDays],
    queryFn: () => call(() => People.Overview(sourceId, inactiveDays ?? 0)),
    placeholderData: keepPreviousData,
    enabled: inactiveDays !== undefined,
  });
}

/** The fields of the filter language; they never change while the program runs. */
export function useFilterFields() {
  return useQuery({ queryKey: keys.fields, queryFn: () => call(People.Fields) });
}

/** A filter as text, tree and sentence. */
export function useParsedFilter(sourceId: string, text: string) {
  return useQuery({
    queryKey: [...keys.people(sourceId), "parse", text],
    queryFn: () => call(() => People.Parse(sourceId, text)),
    placeholderData: keepPreviousData,
  });
}

/** Turns a tree (JSON text) into a filter. */
export function formatFilter(tree: string): Promise<ParsedFilter> {
  return call(() => People.Format(tree));
}

/** Proposals for the text at the cursor, a UTF-16 offset. */
export function complete(sourceId: string, text: string, cursor: number): Promise<Completion[]> {
  return call(() => People.Complete(sourceId, text, cursor));
}
