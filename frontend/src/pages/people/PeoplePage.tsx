import { useActiveSource } from "../../api/sources";
import { PeopleOf } from "./PeopleOf";

/** The people of the active source. Another source is another page: nothing is carried over but the address. */
export function PeoplePage() {
  const source = useActiveSource();
  return source ? <PeopleOf key={source.id} source={source} /> : null;
}
