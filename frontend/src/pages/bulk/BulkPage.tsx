import { usePlan } from "../../api/bulk";
import { useActiveSource } from "../../api/sources";
import { textOf, useSearchState } from "../../components/navigation";
import { Empty } from "../../ui/Empty";
import { ProblemMessage } from "../../ui/Message";
import { PageColumn } from "../../ui/Page";
import { Compose } from "./Compose";
import { PlanReview } from "./PlanReview";

interface View {
  action: string;
  plan: string;
}

export function parse(raw: Record<string, unknown>): View {
  return { action: textOf(raw.action), plan: textOf(raw.plan) };
}

/** From the selected people to a confirmed run: choose the action, see exactly what it will do, confirm. */
export function BulkPage() {
  const [view, setView] = useSearchState(parse);
  const source = useActiveSource();
  const plan = usePlan(view.plan);
  if (!source) {
    return null;
  }
  if (view.plan === "") {
    return (
      <Compose
        source={source}
        kind={view.action}
        onKind={(action) => setView({ action }, { replace: true })}
        onPlan={(id) => setView({ plan: id })}
      />
    );
  }
  if (plan.error) {
    return (
      <PageColumn>
        <ProblemMessage problem={plan.error} />
      </PageColumn>
    );
  }
  if (!plan.data) {
    return <PageColumn>{plan.isLoading ? null : <Empty title="This preview is gone." />}</PageColumn>;
  }
  return <PlanReview plan={plan.data} />;
}
