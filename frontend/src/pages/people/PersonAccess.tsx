import { Button } from "@mantine/core";
import { useState } from "react";
import { type AccessView, type PersonView, useCheckAccess } from "../../api/people";
import type { SourceView } from "../../api/sources";
import { noApp } from "../../components/personWords";
import { ProblemMessage } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { count } from "../../util/format";
import { AccessPaths, seatWords } from "./AccessPaths";
import classes from "./PersonDrawer.module.css";

/** The apps of a person: last activity, whether a seat is counted, and why. */
export function PersonAccess({ source, person }: { source: SourceView; person: PersonView }) {
  const check = useCheckAccess(source.id);
  const [checked, setChecked] = useState<AccessView[]>();
  const access = checked ?? person.access;
  const title = `Apps (${count(access.length)})`;
  // Only an organization tells how one person came by the apps.
  const askable = source.kind === "atlassian_org" && access.length > 0;
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.line}>
        <h3 className={classes.title}>{title}</h3>
        {checked ? (
          <span className={classes.dim}>Checked with Atlassian just now</span>
        ) : askable ? (
          <Button
            size="compact-xs"
            variant="default"
            loading={check.isPending}
            title="Asks Atlassian whether access was also given without a group"
            onClick={() => check.mutate(person.row.id, { onSuccess: setChecked })}
          >
            Check now
          </Button>
        ) : null}
      </div>
      {check.error ? <ProblemMessage problem={check.error} /> : null}
      {access.length === 0 ? <p className={classes.none}>{noApp(source.kind)}.</p> : null}
      <ul className={classes.list}>
        {access.map((a) => (
          <li key={`${a.app} ${a.site}`} className={classes.entry}>
            <div className={classes.line}>
              <strong>
                <StrangerText text={a.app} />
                {a.site ? (
                  <span className={classes.dim}>
                    {" "}
                    <StrangerText text={a.site} />
                  </span>
                ) : null}
              </strong>
              <span>
                {a.activity === "active" ? (
                  <When iso={a.lastActive} as="day" />
                ) : a.activity === "never" ? (
                  "Never used"
                ) : (
                  "Use not known"
                )}
              </span>
            </div>
            {seatWords(a) ? <State tone={seatWords(a)?.tone ?? "idle"}>{seatWords(a)?.words}</State> : null}
            <AccessPaths access={a} />
          </li>
        ))}
      </ul>
    </section>
  );
}
