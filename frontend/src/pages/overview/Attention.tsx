import { ActionIcon, Anchor, Button, Skeleton, Tooltip } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { type AttentionItem, useAttention, usePutAside } from "../../api/overview";
import { useGo } from "../../components/navigation";
import { ProblemMessage } from "../../ui/Message";
import { oneClick } from "../../ui/oneClick";
import { State, type Tone } from "../../ui/State";
import { toastProblem } from "../../ui/toast";
import { plural } from "../../util/format";
import classes from "./Attention.module.css";

/** How many are shown before somebody asks for more. */
const FEW = 6;

const tones: Record<string, Tone> = { bad: "bad", warn: "warn", info: "info" };

/** What an admin should look at today; each line opens what it is about. */
export function Attention({ sourceId, days }: { sourceId: string; days: number | undefined }) {
  const go = useGo();
  const report = useAttention(sourceId, days ?? 1, days !== undefined);
  const aside = usePutAside(sourceId);
  const [all, setAll] = useState(false);
  const [hidden, setHidden] = useState(false);
  const items = report.data?.items ?? [];
  const put = report.data?.hidden ?? [];
  const open = (it: AttentionItem) => go(`/${it.page}`, it.page === "people" ? { filter: it.filter } : it.query);
  const change = (it: AttentionItem, hide: boolean) => aside.mutate({ kind: it.kind, hide }, { onError: toastProblem });
  return (
    <section className={classes.card} aria-labelledby="attention">
      <h2 className={classes.title} id="attention">
        What needs attention
      </h2>
      {report.error ? <ProblemMessage problem={report.error} /> : null}
      {report.data === undefined && !report.error ? <Skeleton height={180} animate={false} /> : null}
      {report.data && items.length === 0 ? (
        <p className={classes.none}>
          <State tone="good">{put.length > 0 ? "Nothing else for today." : "Nothing needs attention."}</State>
        </p>
      ) : null}
      <ul className={classes.list} onClickCapture={oneClick}>
        {items.slice(0, all ? items.length : FEW).map((it) => (
          <Line key={it.kind} item={it} onOpen={() => open(it)}>
            <Tooltip label="Hide until tomorrow">
              <ActionIcon aria-label={`Hide until tomorrow: ${it.title}`} onClick={() => change(it, true)}>
                <IconEyeOff size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Line>
        ))}
      </ul>
      <div className={classes.more}>
        {items.length > FEW ? (
          <Button size="xs" variant="subtle" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Show fewer" : `Show ${items.length - FEW} more`}
          </Button>
        ) : null}
        {put.length > 0 ? (
          <Button size="xs" variant="subtle" aria-expanded={hidden} onClick={() => setHidden(!hidden)}>
            {`${plural(put.length, "line", "lines")} hidden until tomorrow`}
          </Button>
        ) : null}
      </div>
      {hidden && put.length > 0 ? (
        <ul className={classes.list} aria-label="Hidden until tomorrow" onClickCapture={oneClick}>
          {put.map((it) => (
            <Line key={it.kind} item={it} onOpen={() => open(it)}>
              <Button
                size="xs"
                variant="subtle"
                aria-label={`Show again: ${it.title}`}
                onClick={() => change(it, false)}
              >
                Show again
              </Button>
            </Line>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Line({ item, onOpen, children }: { item: AttentionItem; onOpen(): void; children: React.ReactNode }) {
  return (
    <li className={classes.line}>
      <div className={classes.words}>
        <State tone={tones[item.level] ?? "info"}>
          <Anchor component="button" type="button" size="sm" ta="left" className={classes.open} onClick={onOpen}>
            {item.title}
          </Anchor>
        </State>
        {item.hint ? <p className={classes.hint}>{item.hint}</p> : null}
      </div>
      {children}
    </li>
  );
}
