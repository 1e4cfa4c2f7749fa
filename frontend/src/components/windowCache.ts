import { type Problem, toProblem } from "../api/problem";

interface Options {
  /** Rows a page; at most 1,000. */
  pageSize?: number;
  /** Pages kept; the least recently used go first. */
  maxPages?: number;
  maxInFlight?: number;
}

/**
 * The rows of one list that the window shows, read in pages as they come into view.
 *
 * A fast scroll asks for many pages and looks at few: only the newest wants are kept, at most two pages are on their way,
 * and what is no longer wanted is never asked for. Rows keep their identity as long as they do not change, so that a
 * drawn row is drawn again only when it is another.
 */
export class WindowCache<T> {
  private readonly pages = new Map<number, T[]>();
  private readonly flying = new Set<number>();
  private wanted: number[] = [];
  private inView: number[] = [];
  private readonly listeners = new Set<() => void>();
  private epoch = 0;
  /** Changes that are shown and not carried out yet. */
  private open = 0;
  private failure: Problem | undefined;
  private readonly pageSize: number;
  private readonly maxPages: number;
  private readonly maxInFlight: number;
  /** Grows with every change; for useSyncExternalStore. */
  version = 0;

  constructor(
    private readonly fetch: (from: number, count: number) => Promise<T[]>,
    private readonly total: number,
    { pageSize = 200, maxPages = 40, maxInFlight = 2 }: Options = {},
  ) {
    this.pageSize = pageSize;
    this.maxPages = maxPages;
    this.maxInFlight = maxInFlight;
  }

  /** The row, or undefined while it is not here. */
  get(index: number): T | undefined {
    const page = Math.floor(index / this.pageSize);
    return this.pages.get(page)?.[index - page * this.pageSize];
  }

  /** The problem of the last read, until a read succeeds. */
  get problem(): Problem | undefined {
    return this.failure;
  }

  /** Says which rows [from, to) are in view now, and how many beyond them are read too; earlier wants are forgotten. */
  want(from: number, to: number, ahead = 0): void {
    const pages = [...this.pagesOf(from, to), ...this.pagesOf(to, to + ahead), ...this.pagesOf(from - ahead, from)];
    this.inView = [...new Set(pages)];
    this.wanted = this.inView.filter((page) => !this.pages.has(page));
    for (const page of this.inView) {
      const rows = this.pages.get(page);
      if (rows) {
        // Most recently used stands last.
        this.pages.delete(page);
        this.pages.set(page, rows);
      }
    }
    this.pump();
  }

  private pagesOf(from: number, to: number): number[] {
    const [begin, end] = [Math.max(0, from), Math.min(to, this.total)];
    if (end <= begin) {
      return [];
    }
    const first = Math.floor(begin / this.pageSize);
    return Array.from({ length: Math.ceil(end / this.pageSize) - first }, (_, i) => first + i);
  }

  /** Reads again what failed. */
  retry(): void {
    this.failure = undefined;
    this.pump();
    this.tell();
  }

  /**
   * Changes rows that are here. Reads under way are thrown away and repeated: they may show the state before. So may every
   * read until the backend has carried the change out; reading waits for that.
   */
  patch(change: (row: T, index: number) => T, carriedOut?: Promise<unknown>): void {
    this.epoch++;
    if (carriedOut) {
      this.open++;
      const over = () => {
        this.open--;
        this.pump();
      };
      carriedOut.then(over, over);
    }
    for (const [page, rows] of this.pages) {
      let changed = false;
      const next = rows.map((row, i) => {
        const patched = change(row, page * this.pageSize + i);
        changed ||= patched !== row;
        return patched;
      });
      if (changed) {
        this.pages.set(page, next);
      }
    }
    this.tell();
  }

  /** Drops every row, to read afresh what is in view. */
  forget(): void {
    this.epoch++;
    this.wanted = [...new Set([...this.wanted, ...this.inView])];
    this.pages.clear();
    this.pump();
    this.tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private pump(): void {
    while (this.open === 0 && this.flying.size < this.maxInFlight && this.failure === undefined) {
      const page = this.wanted.find((p) => !this.flying.has(p) && !this.pages.has(p));
      if (page === undefined) {
        return;
      }
      this.wanted = this.wanted.filter((p) => p !== page);
      this.flying.add(page);
      void this.read(page);
    }
  }

  private async read(page: number): Promise<void> {
    const epoch = this.epoch;
    try {
      const rows = await this.fetch(page * this.pageSize, this.pageSize);
      if (epoch === this.epoch) {
        this.pages.set(page, rows);
        this.evict();
      } else {
        this.wanted.unshift(page);
      }
    } catch (cause) {
      this.failure = toProblem(cause);
      this.wanted.unshift(page);
    }
    this.flying.delete(page);
    this.pump();
    this.tell();
  }

  private evict(): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= this.maxPages) {
        return;
      }
      this.pages.delete(page);
    }
  }

  private tell(): void {
    this.version++;
    for (const listener of this.listeners) {
      listener();
    }
  }
}
