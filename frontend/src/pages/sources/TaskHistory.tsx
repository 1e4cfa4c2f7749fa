import { type TaskRunView, useTaskRuns } from "../../api/tasks";
import { State, type Tone } from "../../ui/State";
import { When } from "../../ui/When";
import classes from "./Sources.module.css";

const COUNT = 5;

const tones: Record<string, Tone> = {
  running: "busy",
  done: "good",
  failed: "bad",
  stopped: "off",
  interrupted: "warn",
  missed: "warn",
};

/** What a task did the last times, and what came of it. */
export function TaskHistory({ taskId }: { taskId: string }) {
  const runs = useTaskRuns(taskId, COUNT).data;
  if (!runs || runs.length === 0) {
    return null;
  }
  return (
    <table className={classes.history} aria-label="Last syncs by schedule">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ run }: { run: TaskRunView }) {
  return (
    <tr>
      <td>
        <When iso={run.startedAt || run.dueAt} />
      </td>
      <td>{run.what}</td>
      <td>
        <State tone={tones[run.outcome] ?? "idle"}>
          {run.attempts > 1 ? `${run.result} (attempt ${run.attempts})` : run.result}
        </State>
      </td>
    </tr>
  );
}
