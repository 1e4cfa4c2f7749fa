import { numberOf, textOf } from "../../components/navigation";

/** What the page shows; it lives in the address. */
export interface PeopleSearch {
  /** The filter's text. */
  filter: string | undefined;
  /** Search as you type. */
  search: string | undefined;
  /** The column by which the list is sorted. */
  sort: string | undefined;
  desc: boolean | undefined;
  /** Id of the saved filter from which the view came. */
  saved: string | undefined;
  /** Only those who are selected. */
  selected: boolean | undefined;
  /** The person in the drawer. */
  person: number | undefined;
}

export function parseSearch(raw: Record<string, unknown>): PeopleSearch {
  return {
    filter: textOf(raw.filter) || undefined,
    search: textOf(raw.search) || undefined,
    sort: textOf(raw.sort) || undefined,
    desc: raw.desc === true || undefined,
    saved: textOf(raw.saved) || undefined,
    selected: raw.selected === true || undefined,
    person: numberOf(raw.person),
  };
}
