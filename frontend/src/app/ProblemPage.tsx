import { Button, Code } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type AppInfo, quit } from "../api/app";
import type { Problem } from "../api/problem";
import { Message } from "../ui/Message";
import { Facts, PageColumn } from "../ui/Page";
import { toastProblem } from "../ui/toast";

/** Shown instead of everything when the program could not open its data: code, sentence, hint. Nothing is changed. */
export function ProblemPage({ problem, info }: { problem?: Problem; info?: AppInfo }) {
  const client = useQueryClient();
  const code = problem?.code ?? "internal";
  return (
    <main>
      <PageColumn>
        <h1>Seatkeeper cannot open its data</h1>
        <Message
          tone="bad"
          title={problem?.message ?? "The data folder is not open."}
          hint={problem?.hint ?? "Close Seatkeeper and start it again."}
          actions={
            <>
              <Button onClick={() => void client.invalidateQueries()}>Try again</Button>
              <Button variant="default" onClick={() => quit().catch(toastProblem)}>
                Quit
              </Button>
            </>
          }
        >
          Nothing was changed or deleted.
        </Message>
        <Facts
          items={[
            { name: "Code", value: <Code>{problem?.reason ? `${code} / ${problem.reason}` : code}</Code> },
            { name: "Data folder", value: info?.dataDir ?? "–" },
            { name: "Version", value: info?.version ?? "–" },
          ]}
        />
      </PageColumn>
    </main>
  );
}
