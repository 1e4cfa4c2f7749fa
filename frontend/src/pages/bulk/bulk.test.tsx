import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { PlanView } from "../../api/bulk";
import { actions, field, source } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";
import { backend, changes, plan, suspend } from "../../test/plan";

test("from the selection to the preview: action and reason are sent, nothing is confirmed", async () => {
  const fake = backend();
  const { user } = open("/bulk");
  await user.click(await screen.findByRole("radio", { name: suspend.title }));
  await user.type(await screen.findByLabelText("Reason"), "left");
  await user.click(screen.getByRole("button", { name: "Preview" }));
  expect(await screen.findByText("Suspend access of 2 people in Acme.")).toBeTruthy();
  expect(fake.callsOf("Bulk.Preview")[0]?.[0]).toMatchObject({
    action: "user.suspend",
    note: "left",
    sourceId: source.id,
  });
  expect(fake.callsOf("Bulk.Confirm")).toEqual([]);
});

test("an action asks for whatever it declares; what another action was told stays for it", async () => {
  const params = [field("apps", "Apps", "apps", true, { most: 1000 }), field("until", "Until", "date", false)];
  const fake = backend({
    "Bulk.Actions": () => [{ ...suspend, params }, actions[1]],
    "People.Apps": () => [{ appId: "ari:1", key: "jira", name: "Jira", site: "acme", roles: [] }],
  });
  const { user } = open("/bulk");
  await user.click(await screen.findByRole("radio", { name: suspend.title }));
  const preview = await screen.findByRole("button", { name: "Preview" });
  expect(preview).toHaveProperty("disabled", true);
  await user.click(screen.getByRole("combobox", { name: /^Apps/ }));
  await user.click(await screen.findByRole("option", { name: "Jira (acme)" }));
  await user.type(screen.getByLabelText("Until"), "2026-12-31");
  await user.click(screen.getByRole("radio", { name: "Restore access" }));
  expect(screen.queryByLabelText("Until")).toBeNull();
  await user.click(screen.getByRole("radio", { name: suspend.title }));
  await user.click(preview);
  await waitFor(() =>
    expect(fake.callsOf("Bulk.Preview")[0]?.[0]).toMatchObject({ params: { apps: "ari:1", until: "2026-12-31" } }),
  );
});

test("an action that the source cannot do is disabled, with the reason", async () => {
  backend({
    "Bulk.Actions": () => [{ ...suspend, supported: false, reason: "A Jira site cannot suspend people." }],
  });
  open("/bulk");
  const choice = await screen.findByRole("radio", { name: suspend.title });
  expect(choice).toHaveProperty("disabled", true);
  expect(screen.getByText("A Jira site cannot suspend people.")).toBeTruthy();
});

test("without a selection there is one way on", async () => {
  backend({ "People.SelectionCount": () => 0 });
  open("/bulk");
  expect(await screen.findByText("Nobody is selected.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Preview" })).toBeNull();
});

test("the preview shows everybody before and after, with why not; names are text; focus is on Cancel", async () => {
  backend();
  open("/bulk?plan=plan-1");
  const table = await screen.findByRole("table", { name: "Changes" });
  expect(await within(table).findByText('<img src=x onerror="alert(1)">')).toBeTruthy();
  expect(table.querySelector("img")).toBeNull();
  expect(within(table).getByText("Organization admins are never changed.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Cancel" }));
  expect(await violations()).toEqual([]);
});

test("many changes ask for their number; only the right one opens the button", async () => {
  const fake = backend({
    "Bulk.Plan": () => plan({ changes: 1234, mustType: true, buttonLabel: "Suspend 1,234 people" }),
  });
  const { user } = open("/bulk?plan=plan-1");
  const button = await screen.findByRole("button", { name: "Suspend 1,234 people" });
  const field = screen.getByLabelText("Type 1,234 to confirm");
  for (const wrong of ["", "123", "12345", "yes"]) {
    await user.clear(field);
    if (wrong !== "") {
      await user.type(field, wrong);
    }
    expect(button).toHaveProperty("disabled", true);
  }
  await user.clear(field);
  await user.type(field, "1,234");
  expect(button).toHaveProperty("disabled", false);
  await user.click(button);
  expect(fake.callsOf("Bulk.Confirm")).toEqual([["plan-1", "hash-1", "1234", ""]]);
  expect(await screen.findByText("This preview has expired.")).toBeTruthy();
  expect(screen.getByText("Make it again.")).toBeTruthy();
});

test("a blocked plan cannot be confirmed and says why", async () => {
  backend({
    "Bulk.Plan": () =>
      plan({
        blocked: true,
        guard: [
          { level: "block", rule: "stale", message: "The local copy is 30 hours old.", hint: "Sync now.", names: [] },
        ],
      } as Partial<PlanView>),
  });
  open("/bulk?plan=plan-1");
  expect(await screen.findByText("The local copy is 30 hours old.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Suspend 2 people" })).toHaveProperty("disabled", true);
});

const stop = {
  level: "stop",
  rule: "stop",
  message: "This plan stops: it would suspend access of 4,300 of 5,000 people (86 %).",
  hint: "Above 25 % of the people it goes on only when you raise the cap for this plan, in words and with a reason.",
  names: [],
};
const words = "suspend 4,300 of 5,000 people";

test("a plan that stops says so first, and goes on only by typed words and a reason", async () => {
  const other = { level: "confirm", rule: "admins", message: "1 person is site admin.", hint: "", names: [] };
  const fake = backend({
    "Bulk.Plan": () => plan({ changes: 4300, words, guard: [stop, other], buttonLabel: "Suspend 4,300 people" }),
    "Bulk.Raise": () => refuse("invalid", "These are not the words.", { field: "words", hint: "Type them." }),
  });
  const { user } = open("/bulk?plan=plan-1");
  const box = await screen.findByRole("region", { name: "What stops this plan" });
  expect(box.textContent).toContain(stop.message);
  expect(box.textContent).not.toContain(other.message);
  expect(document.activeElement).toBe(box);
  const sentence = screen.getByText("Suspend access of 2 people in Acme.");
  expect(box.compareDocumentPosition(sentence)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(screen.queryByLabelText("Type 4,300 to confirm")).toBeNull();
  expect(await violations()).toEqual([]);

  const button = screen.getByRole("button", { name: "Suspend 4,300 people" });
  const field = screen.getByLabelText(`Type ${words}`);
  const reason = screen.getByLabelText("Reason for raising it");
  await user.type(reason, "the company closes");
  await user.click(field);
  await user.paste(words);
  expect(field).toHaveProperty("value", "");
  expect(screen.getByText(/Pasting is off here/)).toBeTruthy();
  for (const wrong of ["4300", "yes", "suspend 4,299 of 5,000 people"]) {
    await user.clear(field);
    await user.type(field, wrong);
    expect(button).toHaveProperty("disabled", true);
  }
  await user.clear(field);
  await user.type(field, "Suspend 4300 of  5000 people");
  expect(button).toHaveProperty("disabled", false);
  await user.clear(reason);
  expect(button).toHaveProperty("disabled", true);
  await user.type(reason, " - ");
  expect(button).toHaveProperty("disabled", true);
  await user.type(reason, "it closes");
  await user.click(button);
  expect(await screen.findByText("These are not the words.")).toBeTruthy();
  expect(fake.callsOf("Bulk.Raise")).toEqual([
    ["plan-1", "hash-1", "Suspend 4300 of  5000 people", " - it closes", ""],
  ]);
  expect(fake.callsOf("Bulk.Confirm")).toEqual([]);
});

test("who used another app can be shown alone and left out", async () => {
  const used = {
    level: "confirm",
    rule: "used",
    message: "163 of 550 people used another app than Jira within the last 90 days: Confluence 163.",
    hint: "They lose it with everything else.",
    names: ["<b>Ada</b>", "Bob"],
  };
  const less = plan({ id: "plan-2", hash: "hash-2", sentence: "Suspend access of 387 people in Acme." });
  const fake = backend({
    "Bulk.Plan": (id) => (id === "plan-2" ? less : plan({ guard: [used] })),
    "Bulk.WithoutUsed": () => less,
  });
  const { user } = open("/bulk?plan=plan-1");
  expect(await screen.findByText(used.message)).toBeTruthy();
  expect(screen.getByText("<b>Ada</b>")).toBeTruthy();
  expect(await screen.findByText("Confluence (acme), 12 Nov 2026")).toBeTruthy();
  const only = screen.getByRole("button", { name: "Show only them" });
  await user.click(only);
  expect(only.getAttribute("aria-pressed")).toBe("true");
  await waitFor(() => expect(fake.callsOf("Bulk.Changes").at(-1)?.[0]).toMatchObject({ used: true }));
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Show everybody" }));
  expect(only.getAttribute("aria-pressed")).toBe("false");
  await user.click(screen.getByRole("button", { name: "Leave them out" }));
  expect(await screen.findByText("Suspend access of 387 people in Acme.")).toBeTruthy();
  expect(fake.callsOf("Bulk.WithoutUsed")).toEqual([["plan-1"]]);
  expect(fake.callsOf("Bulk.Confirm")).toEqual([]);
});

test("Cancel discards the plan", async () => {
  const fake = backend();
  const { user } = open("/bulk?plan=plan-1");
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(fake.callsOf("Bulk.Discard")).toEqual([["plan-1"]]);
});

test("everybody is read afresh before the run; who has changed is named and the new preview stands there", async () => {
  const next = plan({
    id: "plan-2",
    hash: "hash-2",
    changes: 1,
    sentence: "Suspend access of 1 person in Acme.",
    buttonLabel: "Suspend 1 person",
  });
  const fake = backend({
    "Bulk.Recheck": () => ({ plan: next, changed: 1, names: ["Ada"], checked: 3, skipped: "" }),
  });
  const { user } = open("/bulk?plan=plan-1");
  await user.click(await screen.findByRole("button", { name: "Suspend 2 people" }));
  expect(await screen.findByText("1 person has changed since the preview: review it again")).toBeTruthy();
  expect(screen.getByText("Ada")).toBeTruthy();
  expect(await screen.findByText("Suspend access of 1 person in Acme.")).toBeTruthy();
  expect(fake.callsOf("Bulk.Confirm")).toEqual([]);
});

test("when people could not be read again before a run, that is said", async () => {
  const fake = backend({
    "Bulk.Recheck": () => ({
      plan: plan({}),
      changed: 0,
      names: [],
      checked: 0,
      skipped: "3,000 people are too many.",
    }),
  });
  const { user } = open("/bulk?plan=plan-1");
  await user.click(await screen.findByRole("button", { name: "Suspend 2 people" }));
  expect(await screen.findByText("3,000 people are too many.")).toBeTruthy();
  await waitFor(() => expect(fake.callsOf("Bulk.Confirm")).toHaveLength(1));
});

test("while it reads the progress is shown and can be stopped; offline nothing is sent and the preview stays", async () => {
  let fail: (problem: unknown) => void = () => undefined;
  const fake = backend({
    "Bulk.Recheck": () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
  });
  const { user } = open("/bulk?plan=plan-1");
  await user.click(await screen.findByRole("button", { name: "Suspend 2 people" }));
  fake.emit("recheck", { planId: "plan-1", done: 40, total: 120 });
  expect(await screen.findByText("Reading everybody afresh before the run: 40 of 120 people")).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Stop reading" }));
  expect(fake.callsOf("Bulk.CancelRecheck")).toEqual([["plan-1"]]);
  fail(JSON.stringify({ code: "unreachable", message: "Atlassian cannot be reached.", hint: "Check the network." }));
  expect(await screen.findByText("Atlassian cannot be reached.")).toBeTruthy();
  expect(fake.callsOf("Bulk.Confirm")).toEqual([]);
  expect(screen.getByRole("button", { name: "Suspend 2 people" })).toHaveProperty("disabled", false);
});

test("a run that needs the key for changes asks for it where it is not stored; it is sent once and kept nowhere", async () => {
  const fake = backend({ "Bulk.Plan": () => plan({ key: "changes", asksKey: true }) });
  const { user } = open("/bulk?plan=plan-1");
  const key = await screen.findByLabelText("Key for changes", { selector: "input" });
  expect(await screen.findByText("Not stored: kept in memory for this run only.")).toBeTruthy();
  const button = screen.getByRole("button", { name: "Suspend 2 people" });
  expect(button.hasAttribute("disabled")).toBe(true);
  await user.type(key, "the-strong-one");
  fake.on({
    "Bulk.Confirm": () =>
      refuse("auth_failed", "The key for changes cannot be used.", { field: "key", hint: "Type another." }),
  });
  await user.click(button);
  expect(await screen.findByText("The key for changes cannot be used.")).toBeTruthy();
  expect(fake.callsOf("Bulk.Confirm")).toEqual([["plan-1", "hash-1", "", "the-strong-one"]]);
  expect(await violations()).toEqual([]);
});

test("a stored key for changes is only said", async () => {
  backend({ "Bulk.Plan": () => plan({ key: "changes", asksKey: false }) });
  open("/bulk?plan=plan-1");
  expect(await screen.findByText(/unlocked for this run and forgotten/)).toBeTruthy();
  expect(screen.queryByLabelText("Key for changes")).toBeNull();
});

test("where the key can only read, the actions say so and lead to a second key", async () => {
  const reason = "The API key has scopes. Add a key for changes under Sources.";
  backend({ "Bulk.Actions": () => actions.map((a) => ({ ...a, supported: false, needsKey: true, reason })) });
  const { user } = open("/bulk");
  expect((await screen.findByRole("radio", { name: suspend.title })).hasAttribute("disabled")).toBe(true);
  expect(screen.getAllByText(reason).length).toBeGreaterThan(0);
  await user.click(screen.getByRole("button", { name: "Add a key for changes" }));
  expect(await screen.findByRole("dialog", { name: "Key for changes of Acme" })).toBeTruthy();
});

test("a preview says who is not in the list that was shown last, by name, and lists them all", async () => {
  const names = ["Ada", '<img src=x onerror="alert(1)">', "Bo\u202e", "Cy", "Di"];
  const backend = installBackend({
    "Bulk.Plan": () => plan({ total: 202, outside: { count: 7, of: 202, names } }),
    "Bulk.Changes": () => ({ changes, total: 2 }),
    "Bulk.Outside": () => ({
      subjects: names.map((name, i) => ({ key: `k${i}`, accountId: `a${i}`, name, email: `${i}@acme.example` })),
      total: 7,
    }),
  });
  const { user } = open("/bulk?plan=plan-1");
  const title = await screen.findByText("7 of these 202 people are not in the list of people that was shown last");
  const said = title.closest("[role=alert]") as HTMLElement;
  expect(said.textContent).toContain('Ada, <img src=x onerror="alert(1)">, BoU+202E, Cy, Di and 2 more');
  await user.click(within(said).getByRole("button", { name: "Show all 7" }));
  const dialog = await screen.findByRole("dialog", { name: "Not in the list that was shown last" });
  expect(await within(dialog).findByText("4@acme.example")).toBeTruthy();
  expect(backend.callsOf("Bulk.Outside")).toEqual([["plan-1", 0, 100]]);
  expect(await violations()).toEqual([]);
});

test("who is in the list needs no words; of an undo they are only told", async () => {
  installBackend({ "Bulk.Plan": () => plan(), "Bulk.Changes": () => ({ changes, total: 2 }) });
  const { unmount } = open("/bulk?plan=plan-1");
  await screen.findByRole("button", { name: "Suspend 2 people" });
  expect(screen.queryByText(/shown last/)).toBeNull();
  unmount();
  installBackend({
    "Bulk.Plan": () => plan({ trigger: "undo", outside: { count: 3, of: 3, names: ["Ada", "Bo", "Cy"] } }),
    "Bulk.Changes": () => ({ changes, total: 2 }),
  });
  open("/bulk?plan=plan-1");
  const title = await screen.findByText("None of these 3 people is in the list of people that was shown last");
  expect(title.closest("[role=alert], [role=status]")?.getAttribute("role")).toBe("status");
});
