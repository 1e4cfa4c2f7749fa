import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useEffect } from "react";
import { reportError } from "../api/app";
import { ProblemMessage } from "../ui/Message";
import { PageColumn } from "../ui/Page";

/** Shown in place of a page that failed to draw; the rest of the window goes on. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  useEffect(() => {
    if (error instanceof Error) {
      reportError(error.message, error.stack ?? "");
    } else {
      reportError(String(error), "");
    }
  }, [error]);
  return (
    <PageColumn>
      <ProblemMessage
        problem={{
          message: "This page could not be shown.",
          hint: "Nothing was changed. The details are in the log file.",
        }}
        actions={<Button onClick={reset}>Show it again</Button>}
      />
    </PageColumn>
  );
}
