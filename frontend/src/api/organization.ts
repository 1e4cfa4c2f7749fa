import { useMutation } from "@tanstack/react-query";
import * as Sources from "../../wailsjs/go/bindings/Sources";
import type { bindings } from "../../wailsjs/go/models";
import { call, WAIT } from "./call";
import type { SourceDraft } from "./sources";

export type FoundOrganization = bindings.FoundOrganizationView;

/** Looks the organization's id up for what was typed so far. Secrets in the draft are not kept by the cache. */
export function useFindOrganization() {
  return useMutation({
    mutationFn: (draft: SourceDraft) => call(() => Sources.FindOrganization(draft), WAIT.long),
    gcTime: 0,
  });
}
