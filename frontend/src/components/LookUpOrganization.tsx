import { Button } from "@mantine/core";
import { useState } from "react";
import { useFindOrganization } from "../api/organization";
import type { Problem } from "../api/problem";
import type { SourceDraft } from "../api/sources";
import { ProblemMessage } from "../ui/Message";
import { NoAnswer } from "./NoAnswer";

interface LookUpOrganizationProps {
  draft(): SourceDraft;
  onFound(id: string): void;
  disabled?: boolean;
}

/** Fills in the organization's id, where Atlassian tells it for certain, and says where it comes from or why not. */
export function LookUpOrganization({ draft, onFound, disabled }: LookUpOrganizationProps) {
  const find = useFindOrganization();
  const [found, setFound] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const lookUp = () => {
    setFound("");
    setProblem(undefined);
    find.mutate(draft(), {
      onSuccess: (org) => {
        onFound(org.id);
        setFound(org.message);
      },
      onError: setProblem,
      onSettled: () => find.reset(),
    });
  };
  return (
    <div>
      <Button size="xs" variant="default" onClick={lookUp} loading={find.isPending} disabled={disabled}>
        Look it up
      </Button>
      <NoAnswer of="lookUp" />
      {found ? <div role="status">{found}</div> : null}
      {problem ? <ProblemMessage problem={problem} /> : null}
    </div>
  );
}
