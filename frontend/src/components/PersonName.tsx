import { StrangerText } from "../ui/StrangerText";
import { idTail } from "../util/format";
import { SubLine } from "./DataTable";

/**
 * A person in a table: the name as given, and beside it what cannot be imitated: e-mail address and end of the account id. A change
 * without an account is about a group.
 */
export function PersonName({ name, email, accountId }: { name: string; email: string; accountId: string }) {
  if (accountId === "") {
    return <StrangerText text={name} />;
  }
  return (
    <>
      <StrangerText text={name} />
      <SubLine>
        {email === "" ? "e-mail hidden" : <StrangerText text={email} />} ·{" "}
        <span title={accountId}>{idTail(accountId)}</span>
      </SubLine>
    </>
  );
}
