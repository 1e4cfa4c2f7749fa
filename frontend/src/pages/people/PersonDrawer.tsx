import { CloseButton } from "@mantine/core";
import type { Ref } from "react";
import { usePerson } from "../../api/people";
import type { SourceView } from "../../api/sources";
import { CopyIcon } from "../../components/CopyIcon";
import { statusWords } from "../../components/personWords";
import { Message, ProblemMessage } from "../../ui/Message";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { PersonAccess } from "./PersonAccess";
import classes from "./PersonDrawer.module.css";
import { Directories, Groups, Identity } from "./PersonSections";
import { Timeline } from "./Timeline";

interface PersonDrawerProps {
  ref: Ref<HTMLElement>;
  source: SourceView;
  id: number;
  onClose(): void;
  /** The members of a group are to be listed, whom this filter finds. */
  onMembers(filter: string): void;
}

/** Everything about one person, beside the list: moving through the list walks through the people. */
export function PersonDrawer({ ref, source, id, onClose, onMembers }: PersonDrawerProps) {
  const { data: person, error } = usePerson(source.id, id);
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      className={classes.drawer}
      aria-label="Person"
      onKeyDown={(e) => {
        if (e.key === "Escape") {
          e.stopPropagation();
          onClose();
        }
      }}
    >
      <div className={classes.head}>
        {person ? (
          <div className={classes.who}>
            <h2 className={classes.name}>
              <StrangerText text={person.row.name} />
            </h2>
            <div className={classes.mail}>
              <StrangerText text={person.row.email} empty="e-mail hidden" />
              {person.row.email === "" ? null : <CopyIcon text={person.row.email} what="E-mail" />}
            </div>
            <State tone={statusWords(person.row.status).tone}>{statusWords(person.row.status).word}</State>
          </div>
        ) : (
          <div className={classes.who} />
        )}
        <CloseButton aria-label="Close person" onClick={onClose} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={classes.body} tabIndex={0}>
        {error ? <ProblemMessage problem={error} /> : null}
        {person?.protected ? (
          <Message tone="info" title="Protected">
            {person.protected}
          </Message>
        ) : null}
        {person ? (
          <>
            <Identity person={person} />
            <PersonAccess key={person.row.id} source={source} person={person} />
            <Groups person={person} onMembers={onMembers} />
            <Directories person={person} />
            <Timeline key={`timeline ${person.row.id}`} person={person} />
          </>
        ) : null}
      </div>
    </aside>
  );
}
