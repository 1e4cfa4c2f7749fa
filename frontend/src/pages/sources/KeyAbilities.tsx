import type { KeysView } from "../../api/sources";
import classes from "./Sources.module.css";

const by: Record<string, string> = { reading: "Key for reading", changes: "Key for changes" };

/** What the source can do, and which of its keys gives it; why not, where none does. */
export function KeyAbilities({ capabilities }: { capabilities: KeysView["capabilities"] }) {
  if (capabilities.length === 0) {
    return null;
  }
  return (
    <details className={classes.abilities}>
      <summary>What each key can do</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">With</th>
          </tr>
        </thead>
        <tbody>
          {capabilities.map((c) => (
            <tr key={c.capability}>
              <th scope="row">{c.title}</th>
              <td>{by[c.key] ?? `No: ${c.reason}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
