import type { ReactNode } from "react";
import classes from "./Page.module.css";

/** A page that reads like a document: a column of sections that scrolls. */
export function PageColumn({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className={classes.scroll}>
      <div className={classes.column} data-wide={wide || undefined}>
        {children}
      </div>
    </div>
  );
}

/** A page that fills the window: its parts scroll, the page does not. */
export function PageFill({ children }: { children: ReactNode }) {
  return <div className={classes.fill}>{children}</div>;
}

/** A titled part of a page. */
export function Section({
  title,
  description,
  actions,
  children,
}: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.section} aria-label={title}>
      <header className={classes.head}>
        <div>
          <h2 className={classes.title}>{title}</h2>
          {description ? <p className={classes.description}>{description}</p> : null}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** Name and value in two columns, for details. */
export function Facts({ items }: { items: { name: string; value: ReactNode }[] }) {
  return (
    <dl className={classes.facts}>
      {items.map((item) => (
        <div key={item.name} className={classes.fact}>
          <dt>{item.name}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
