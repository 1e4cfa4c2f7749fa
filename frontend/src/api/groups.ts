import { keepPreviousData, useQuery } from "@tanstack/react-query";
import * as Groups from "../../wailsjs/go/bindings/Groups";
import type { bindings } from "../../wailsjs/go/models";
import { call } from "./call";
import { keys } from "./client";

export type GroupQuery = bindings.GroupQuery;
export type GroupList = bindings.GroupList;
export type GroupRow = bindings.GroupRow;

/** A page of groups. */
export function useGroupList(query: GroupQuery) {
  return useQuery({
    queryKey: [...keys.people(query.sourceId), "group-list", query],
    queryFn: () => call(() => Groups.List(query)),
    placeholderData: keepPreviousData,
  });
}
