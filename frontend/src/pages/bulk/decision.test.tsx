import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ChangeView } from "../../api/bulk";
import { refuse } from "../../test/fakeBackend";
import { open } from "../../test/open";
import { backend, changes, plan, suspend } from "../../test/plan";

test("a double click on the decision reads once and starts one run", async () => {
  const fake = backend({
    "Bulk.Recheck": () => ({ plan: plan(), changed: 0, names: [], checked: 3, skipped: "" }),
  });
  open("/bulk?plan=plan-1");
  const button = await screen.findByRole("button", { name: "Suspend 2 people" });
  fireEvent.click(button);
  fireEvent.click(button); // before the button is drawn as busy
  await waitFor(() => expect(fake.callsOf("Bulk.Confirm")).toHaveLength(1));
  expect(fake.callsOf("Bulk.Recheck")).toEqual([["plan-1"]]);
});

test("where people have several changes, both numbers stand at the one that is typed, and each line says its group", async () => {
  const [change, boss] = changes as [ChangeView, ChangeView];
  backend({
    "Bulk.Plan": () => plan({ people: 1, changes: 4, mustType: true }),
    "Bulk.Changes": () => ({ changes: [change, { ...boss, group: "<b>staff</b>" }], total: 2 }),
  });
  open("/bulk?plan=plan-1");
  expect((await screen.findByLabelText("Type 4 to confirm")).getAttribute("aria-describedby")).toBeTruthy();
  expect(screen.getByText("1 person, 4 changes")).toBeTruthy();
  expect(await screen.findByText("Group <b>staff</b>: Organization admins are never changed.")).toBeTruthy();
});

test("a problem that no field shows keeps the place of the keys at the form's end", async () => {
  backend({
    "Bulk.Preview": () => {
      (document.activeElement as HTMLElement).blur(); // as a browser does when the button is disabled
      return refuse("invalid", "These are 4,180 people: one plan takes at most 2,000.");
    },
  });
  const { user } = open("/bulk");
  await user.click(await screen.findByRole("radio", { name: suspend.title }));
  screen.getByRole("button", { name: "Preview" }).focus();
  await user.keyboard("{Enter}");
  const said = await screen.findByText("These are 4,180 people: one plan takes at most 2,000.");
  await waitFor(() => expect(document.activeElement).not.toBe(document.body));
  expect(document.activeElement?.contains(said)).toBe(true);
});
