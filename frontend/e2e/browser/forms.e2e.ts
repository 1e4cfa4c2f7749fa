import { expect, test } from "vitest";
import { filter, open, selectFirst, setUp } from "../harness/steps";
import { startWalk } from "../harness/walk";

// What the backend declares, drawn: by keys alone, among many groups, in both themes.
const walk = startWalk("forms", { simulator: ["-people", "300", "-sites", "2", "-seed", "7"] }, setUp);

test("groups are found by typing, chosen and taken out by keys", async () => {
  const { page } = walk.tab;
  await page.getByRole("button", { name: /^Local copy: Synced/ }).waitFor();
  await filter(walk.tab, "status = active AND managed = yes AND inSyncedGroup = no");
  await selectFirst(walk.tab, 3);
  await page.getByRole("button", { name: "Suspend access" }).click();
  await page.getByRole("radio", { name: "Add to groups" }).check();
  const groups = page.getByRole("combobox", { name: /^Groups/ });
  await groups.focus();
  await page.keyboard.type("jira");
  await page.getByRole("option", { name: /jira/ }).first().waitFor();
  expect(await page.getByRole("option").count()).toBeLessThanOrEqual(50);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name: "Suspend access" }).check();
  await page.getByRole("radio", { name: "Add to groups" }).check();
  await page.getByText(/^jira/).first().waitFor(); // by its name, also after the field was away
  await walk.tab.look("groups-chosen");
  await groups.focus();
  await page.keyboard.press("Backspace");
  expect(await page.getByRole("button", { name: "Preview" }).isDisabled()).toBe(true);
});

test("the dialog for new groups says all that is wrong at its fields", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Groups");
  await page.getByRole("button", { name: "New groups…" }).click();
  const dialog = page.getByRole("dialog", { name: "Create groups" });
  const names = dialog.getByRole("textbox", { name: /^Names/ });
  await page.keyboard.type("red\nred"); // the first field has the focus
  expect(await names.inputValue()).toBe("red\nred");
  await dialog.getByRole("textbox", { name: "Description" }).fill("x".repeat(2000));
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByText("The name red stands there twice.").waitFor();
  await dialog.getByText("Description is too long: at most 1,000 characters are allowed.").waitFor();
  await walk.tab.look("new-groups");
  await page.keyboard.press("Escape");
});

test("the sync schedule is drawn from what the task declares", async () => {
  const { page } = walk.tab;
  await open(walk.tab, "Sources");
  await page.getByRole("button", { name: "More for Acme" }).click();
  await page.getByRole("menuitem", { name: "Sync schedule" }).click();
  const changes = page.getByRole("combobox", { name: /^Between full syncs/ });
  expect(await changes.inputValue()).toBe("Never");
  await changes.focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option", { name: "Every hour" }).waitFor();
  await page.getByRole("option", { name: "Every hour" }).click();
  await walk.tab.look("schedule");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/changes every 1 hour/).waitFor();
});
