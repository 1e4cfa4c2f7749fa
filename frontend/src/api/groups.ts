import { keepPreviousData, useQuery } from "@tanstack/react-query";
import * as Groups from "../../wailsjs/go/bindings/Groups";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import { keys } from "./client";
import type { Exported } from "./export";

export type GroupQuery = bindings.GroupQuery;
export type GroupList = bindings.GroupList;
export type GroupRow = bindings.GroupRow;
export type NamedId = bindings.NamedID;

/** A page of groups. */
export function useGroupList(query: GroupQuery) {
  return useQuery({
    queryKey: [...keys.people(query.sourceId), "group-list", query],
    queryFn: () => call(() => Groups.List(query)),
    placeholderData: keepPreviousData,
  });
}

/** Ids and names of all groups that a query finds, at most as many as one plan takes. */
export function groupNames(query: GroupQuery): Promise<NamedId[]> {
  return call(() => Groups.Names(query));
}

/** Those of the groups, by id, that a query does not find; nothing is asked without any. */
export function useGroupsOutside(query: GroupQuery, ids: string[]) {
  const { sourceId, search, kind } = query;
  return useQuery({
    queryKey: [...keys.people(sourceId), "groups-outside", search, kind, ids],
    queryFn: () => call(() => Groups.Outside(query, ids)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** Writes all groups that a query finds to a file that the operator chooses; an empty path means that the dialog was cancelled. */
export function exportGroups(query: GroupQuery, format: string): Promise<Exported> {
  return call(() => Groups.Export(query, format), WAIT.long);
}
