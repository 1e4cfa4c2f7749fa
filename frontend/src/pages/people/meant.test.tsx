import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { installBackend } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

const box = (name: RegExp) => screen.getByRole("checkbox", { name });

/** Two people are ticked, then another list is searched for: Person 2, 20 to 29 and 200 to 299. */
async function anotherList() {
  const backend = installBackend();
  const page = open("/people");
  await screen.findByText("Person 0");
  await page.user.click(box(/^Select Person 0,/));
  await page.user.click(box(/^Select Person 2,/));
  await page.user.type(screen.getByRole("textbox", { name: "Search people" }), "Person 2");
  const bar = screen.getByRole("region", { name: "Selected people" });
  await within(bar).findByText("1 of them not in this list");
  return { ...page, backend, bar };
}

test("all of a list is that list; what else was selected is kept, left out again and shown only when asked for", async () => {
  const { user, backend, bar } = await anotherList();
  await user.click(box(/^Select all 111 in this list/));
  await within(bar).findByText("111");
  expect(within(bar).queryByText(/not in this list/)).toBeNull();
  expect(backend.callsOf("People.Select").at(-1)?.[0]).toMatchObject({ op: "all" });
  await user.click(await within(bar).findByRole("button", { name: "Keep 1 others too" }));
  await within(bar).findByText("112");
  await within(bar).findByText("1 of them not in this list");
  expect((box(/^Select all 111/) as HTMLInputElement).checked).toBe(true);
  expect(await violations(bar)).toEqual([]);
  await user.click(within(bar).getByRole("button", { name: "Leave them out" }));
  await within(bar).findByText("111");
  await user.click(await within(bar).findByRole("button", { name: "Keep 1 others too" }));
  await user.click(await within(bar).findByRole("button", { name: "Show them" }));
  expect(await screen.findByText("Only who is selected")).toBeTruthy();
  await waitFor(() =>
    expect(backend.callsOf("People.Query").at(-1)?.[0]).toMatchObject({ selected: true, search: "", shown: true }),
  );
  expect(await screen.findByText("Person 0")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Show everybody" }));
  await screen.findByText("Person 1");
});

test("the box in the head unticks this list and nobody else", async () => {
  const { user, bar } = await anotherList();
  await user.click(box(/^Select all 111/));
  await user.click(await within(bar).findByRole("button", { name: "Keep 1 others too" }));
  await within(bar).findByText("112");
  await user.click(box(/^Select all 111/));
  await within(bar).findByText("1");
  await within(bar).findByText("1 of them not in this list");
});

test("two clicks on a box are two clicks, and two on a button of the bar are one", async () => {
  const backend = installBackend();
  const { user } = open("/people");
  await screen.findByText("Person 0");
  await user.dblClick(box(/^Select Person 1,/));
  await waitFor(() => expect(backend.callsOf("People.Select")).toHaveLength(2));
  expect(box(/^Select Person 1,/).getAttribute("aria-checked")).toBe("false");
  expect(screen.queryByRole("complementary", { name: "Person" })).toBeNull();
  await user.click(box(/^Select Person 1,/));
  await user.dblClick(await screen.findByRole("button", { name: "Clear" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Selected people" })).toBeNull());
  expect(backend.callsOf("People.ClearSelection")).toHaveLength(1);
});
