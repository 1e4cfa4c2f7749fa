import { useEffect, useState } from "react";
import { formatAgo, formatDay, formatMoment, parseTime } from "../util/format";

/** The current time, renewed every half minute: for "12 min ago". */
export function useNow(everyMs = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

interface WhenProps {
  iso: string;
  as?: "moment" | "day" | "ago";
  none?: string;
}

/** A time as the operator reads it; the exact UTC time stands in the tooltip. `none` is shown when there is no time. */
export function When({ iso, as = "moment", none = "–" }: WhenProps) {
  const at = parseTime(iso);
  if (!at) {
    return <span>{none}</span>;
  }
  return (
    <time dateTime={iso} title={`${at.toISOString().replace("T", " ").slice(0, 19)} UTC`} className="num">
      {as === "ago" ? <Ago at={at} /> : as === "day" ? formatDay(at) : formatMoment(at)}
    </time>
  );
}

// Only this needs a clock; a list has hundreds of days.
function Ago({ at }: { at: Date }) {
  return formatAgo(at, useNow());
}
