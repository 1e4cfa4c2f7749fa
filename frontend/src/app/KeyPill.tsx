import { UnstyledButton } from "@mantine/core";
import type { SourceView } from "../api/sources";
import { useGo } from "../components/navigation";
import { State } from "../ui/State";
import classes from "./Header.module.css";

/** Says in the header that the key of the source ends soon or has ended; leads to where it is replaced. */
export function KeyPill({ source }: { source: SourceView }) {
  const go = useGo();
  const { phase, words } = source.key;
  if (phase !== "ending" && phase !== "ended") {
    return null;
  }
  return (
    <UnstyledButton
      className={classes.pill}
      aria-label={`${words}. Replace key`}
      onClick={() => go("/sources", { key: source.id })}
    >
      <State tone={phase === "ended" ? "bad" : "warn"}>{words}</State>
    </UnstyledButton>
  );
}
