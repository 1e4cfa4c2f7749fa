import { useSearchState } from "../../components/navigation";
import { RunDetails } from "./RunDetails";
import { RunList } from "./RunList";
import { parseRunsView } from "./view";

/** What was done: the list of runs, or one run with everybody's result. */
export function RunsPage() {
  const [view, setView] = useSearchState(parseRunsView);
  if (view.run !== "") {
    return (
      <RunDetails
        key={view.run}
        runId={view.run}
        item={view.item}
        onItem={(item) => setView({ item })}
        onBack={() => setView({ run: "", item: undefined })}
      />
    );
  }
  return <RunList view={view} onView={setView} />;
}
