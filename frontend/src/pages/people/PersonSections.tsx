import type { ReactNode } from "react";
import type { PersonView } from "../../api/people";
import { CopyIcon } from "../../components/CopyIcon";
import { roleName, statusWords, triWord } from "../../components/personWords";
import { Facts } from "../../ui/Page";
import { State } from "../../ui/State";
import { StrangerText } from "../../ui/StrangerText";
import { When } from "../../ui/When";
import { count } from "../../util/format";
import { plainMarks } from "../../util/marks";
import classes from "./PersonDrawer.module.css";

interface Props {
  person: PersonView;
}

/** One titled part of the drawer. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      {children}
    </section>
  );
}

const optional = (name: string, text: string) => (text ? [{ name, value: <StrangerText text={text} /> }] : []);

export function Identity({ person }: Props) {
  const { row } = person;
  return (
    <Part title="Identity">
      <Facts
        items={[
          {
            name: "Account ID",
            value: (
              <span className={classes.copied}>
                <StrangerText text={row.accountId} /> <CopyIcon text={row.accountId} what="Account ID" />
              </span>
            ),
          },
          ...optional("User name", row.userName),
          ...(row.userName === "" ? optional("Nickname", person.nickname) : []),
          { name: "E-mail verified", value: triWord(person.emailVerified) },
          { name: "Managed account", value: triWord(row.managed) },
          { name: "Two-step verification", value: triWord(row.mfa) },
          { name: "Counts for Atlassian Guard", value: triWord(row.billable) },
          ...optional("Authentication policy", row.policy),
          ...optional("Origin", row.origin.charAt(0).toUpperCase() + row.origin.slice(1)),
          ...(row.roles.length > 0 ? [{ name: "Admin roles", value: row.roles.map(roleName).join(", ") }] : []),
          ...optional("Job title", row.jobTitle),
          ...optional("Department", row.department),
          ...optional("Organization", person.organization),
          ...optional("Location", row.location),
          ...optional("Time zone", person.timeZone),
          { name: "Added", value: <When iso={row.addedAt} as="day" none="Not known" /> },
          ...(person.deactivatedAt
            ? [{ name: "Deactivated", value: <When iso={person.deactivatedAt} as="day" /> }]
            : []),
          { name: "Read from Atlassian", value: <When iso={row.readAt} as="ago" none="Not known" /> },
        ]}
      />
    </Part>
  );
}

/** The groups of a person; the name of one leads to its members. */
export function Groups({ person, onMembers }: Props & { onMembers(filter: string): void }) {
  return (
    <Part title={`Groups (${count(person.groupList.length)})`}>
      {person.groupList.length === 0 ? <p className={classes.none}>No group.</p> : null}
      <ul className={classes.list}>
        {person.groupList.map((g) => (
          <li key={g.groupId} className={classes.entry}>
            <div className={classes.line}>
              <button
                type="button"
                className={classes.link}
                aria-label={`Show the members of ${plainMarks(g.name)}`}
                onClick={() => onMembers(g.filter)}
              >
                <StrangerText text={g.name} />
              </button>
              {g.members >= 0 ? <span className={classes.dim}>{count(g.members)} members</span> : null}
            </div>
            {g.locked ? <div className={classes.dim}>{g.locked}</div> : null}
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function Directories({ person }: Props) {
  if (person.directories.length === 0) {
    return null;
  }
  return (
    <Part title="Directories">
      <ul className={classes.list}>
        {person.directories.map((d) => {
          const { tone, word } = statusWords(d.status);
          return (
            <li key={d.name} className={classes.entry}>
              <div className={classes.line}>
                <StrangerText text={d.name} />
                <State tone={tone}>{word}</State>
              </div>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
