import type { CSSProperties } from "react";
import { useSources } from "../api/sources";
import { StrangerText } from "../ui/StrangerText";
import { sourceColor } from "../ui/sourceColor";
import classes from "./SourceTag.module.css";

/** A source's name in its own color: whose people something is about. One that was removed is gray and keeps its name. */
export function SourceTag({ id, name }: { id: string; name: string }) {
  const source = useSources().data?.find((s) => s.id === id);
  return (
    <span
      className={classes.tag}
      style={{ "--source-color": sourceColor(source?.color ?? "") } as CSSProperties}
      title={source ? source.kindTitle : "This source was removed."}
    >
      <span>
        <StrangerText text={source?.name ?? name} />
      </span>
    </span>
  );
}

/** The first line of a page that acts: which source it acts on. */
export function ActsOn({ id, name }: { id: string; name: string }) {
  return (
    <p className={classes.line}>
      Acts on <SourceTag id={id} name={name} />
    </p>
  );
}
