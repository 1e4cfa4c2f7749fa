import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ChangeView } from "../../api/bulk";
import { open } from "../../test/open";
import { backend, changes, plan } from "../../test/plan";

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
