const whole = new Intl.NumberFormat("en-US");
const day = new Intl.DateTimeFormat("en-US", { year: "numeric", month: "short", day: "numeric" });
const moment = new Intl.DateTimeFormat("en-US", {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const clock = new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** 1234 as "1,234". */
export function count(n: number): string {
  return whole.format(n);
}

/** "1 person", "2 people". */
export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** An RFC 3339 text as a date; undefined for "" and for what is no date. */
export function parseTime(iso: string): Date | undefined {
  if (iso === "") {
    return undefined;
  }
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** "Nov 21, 2026". */
export function formatDay(at: Date): string {
  return day.format(at);
}

/** "Nov 21, 2026, 14:05" in the operator's own zone. */
export function formatMoment(at: Date): string {
  return moment.format(at);
}

/** "14:05". */
export function formatClock(at: Date): string {
  return clock.format(at);
}

/** How long ago, in the largest fitting unit: "just now", "12 min ago", "3 h ago", "5 days ago". */
export function formatAgo(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (seconds < 45) {
    return "just now";
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ago`;
  }
  const hours = Math.round(minutes / 60);
  if (hours < 36) {
    return `${hours} h ago`;
  }
  const days = Math.round(hours / 24);
  return days < 60 ? `${days} days ago` : formatDay(at);
}

/** How long, from milliseconds: "400 ms", "2.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  if (seconds < 60) {
    return `${Math.round(seconds)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
  }
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The last characters of an account id, enough to tell two people of one name apart. */
export function idTail(accountId: string): string {
  return accountId.length <= 6 ? accountId : `…${accountId.slice(-6)}`;
}
