import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { createQueryClient } from "../../api/client";
import type { AppChoice, GroupView } from "../../api/people";
import type { FieldView } from "../../api/sources";
import { installBackend, type Methods, refuse } from "../../test/fakeBackend";
import { violations } from "../../test/open";
import { FieldInput } from "./FieldInput";
import { ownField } from "./ownField";

const group = (id: string, name: string, more: Partial<GroupView> = {}): GroupView => ({
  groupId: id,
  name,
  description: "",
  synced: "no",
  locked: "",
  members: 3,
  filter: "",
  ...more,
});

const all = [
  group("g1", "jira-users"),
  group("g2", "<b>\u202eevil</b>"),
  group("g3", "okta", { locked: "Managed elsewhere." }),
  ...Array.from({ length: 400 }, (_, i) => group(`x${i}`, `team-${i}`)),
];

const user = { id: "atlassian/user", name: "user" };
const admin = { id: "atlassian/admin", name: "admin" };
const apps: AppChoice[] = [
  { appId: "ari:jira/1", key: "jira", name: "Jira", site: "acme", roles: [user, admin] },
  { appId: "ari:jira/2", key: "jira", name: "Jira", site: "acme-labs", roles: [user] },
  { appId: "ari:twin/111111", key: "c", name: "Confluence", site: "acme", roles: [] },
  { appId: "ari:twin/222222", key: "c", name: "Confluence", site: "acme", roles: [] },
];

/** Draws one field; `value` gives what it holds, `set` what another field holds. */
function draw(field: FieldView, start = "", more: object = {}, methods: Methods = {}) {
  const backend = installBackend({
    "People.Groups": (_: string, search: string, limit: number) => {
      const found = all.filter((g) => g.name.includes(search));
      return { groups: found.slice(0, limit), total: found.length };
    },
    "Groups.ByID": (_: string, ids: string[]) => all.filter((g) => ids.includes(g.groupId)),
    "People.Apps": () => apps,
    ...methods,
  });
  let value = start;
  function Holder() {
    const [now, set] = useState(start);
    value = now;
    return (
      <FieldInput field={field} value={now} onChange={set} around={{ form: "f", sourceId: "s", ...more }} {...more} />
    );
  }
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <main>
          <h1>Form</h1>
          <Holder />
        </main>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { user: userEvent.setup(), value: () => value, backend };
}

const described = (input: HTMLElement) =>
  (input.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);

test.each([
  ["text", "acme"],
  ["url", "https://acme.example"],
  ["email", "mia@example.com"],
  ["lines", "red{Enter}blue"],
])("%s: label, help, link, required mark, and what is wrong stand at the input", async (type, typed) => {
  const field = ownField("f", "Site", type, {
    required: true,
    help: "As in the browser.",
    docsUrl: "https://example.com/docs",
    docsLabel: "Where it is",
    longest: 300,
  });
  const { user, value } = draw(field, "", { error: "This is wrong." });
  const input = screen.getByRole("textbox", { name: /^Site/ });
  expect(described(input)).toEqual(expect.arrayContaining(["This is wrong.", "As in the browser. Where it is"]));
  expect([input.getAttribute("aria-invalid"), input.hasAttribute("required")]).toEqual(["true", true]);
  expect(screen.getByRole("link", { name: "Where it is" }).getAttribute("href")).toBe("https://example.com/docs");
  expect(input.getAttribute("autocomplete")).toBe("off");
  await user.tab(); // the link or the input, in their order
  input.focus();
  await user.keyboard(typed);
  expect(value()).toBe(typed.replace("{Enter}", "\n"));
  // One more than allowed gets in, so that the backend can say that it is too long.
  expect(input.getAttribute("maxlength")).toBe("301");
  expect(await violations()).toEqual([]);
});

test("password: hidden, shown on demand; a stored one is kept by leaving it empty", async () => {
  const field = ownField("f", "API key", "password", { required: true, help: "Of the organization." });
  const { user, value } = draw(field, "", { kept: true, error: "Copy it again." });
  const input = screen.getByLabelText(/^API key/, { selector: "input" }) as HTMLInputElement;
  expect([input.type, input.required, input.getAttribute("aria-invalid")]).toEqual(["password", false, "true"]);
  expect(described(input)).toContain("Of the organization. Leave it empty to keep the stored one.");
  await user.type(input, "k3y");
  await user.click(screen.getByRole("button", { name: "Show or hide: API key", hidden: true }));
  expect([input.type, value()]).toEqual(["text", "k3y"]);
  expect(await violations()).toEqual([]);
});

test("date: a day as the backend wants it", async () => {
  const { user, value } = draw(ownField("f", "Until", "date"));
  const input = screen.getByLabelText("Until") as HTMLInputElement;
  expect(input.type).toBe("date");
  await user.type(input, "2026-03-31");
  expect(value()).toBe("2026-03-31");
  expect(await violations()).toEqual([]);
});

test("number: what is out of bounds stays as typed, so that it can be said", async () => {
  const { user, value } = draw(ownField("f", "Days", "number", { min: 1, max: 168 }), "30");
  const input = screen.getByRole("textbox", { name: "Days" });
  await user.clear(input);
  await user.type(input, "1x69.");
  await user.tab();
  expect(value()).toBe("169");
  await user.clear(input);
  expect(value()).toBe("");
  await user.type(input, "5");
  await user.keyboard("{ArrowUp}");
  expect(value()).toBe("6");
  expect(await violations()).toEqual([]);
});

test("choice: names are shown, values kept; one that is required cannot be taken back", async () => {
  const choices = [
    { id: "0", name: "Never" },
    { id: "60", name: "Every \u202ehour" },
  ];
  const { user, value } = draw(ownField("f", "Changes", "choice", { choices, required: true }), "0");
  const input = screen.getByRole("combobox", { name: /^Changes/ }) as HTMLInputElement;
  expect(input.value).toBe("Never");
  await user.click(input);
  await user.keyboard("{ArrowDown}{Enter}");
  expect([value(), input.value]).toEqual(["60", "Every ⟨U+202E⟩hour"]);
  await user.click(input);
  await user.click(await screen.findByRole("option", { name: /hour/ }));
  expect(value()).toBe("60");
  expect(await violations()).toEqual([]);
});

test("groups: thousands are searched by the backend, names are text, locked ones stay out, keys are enough", async () => {
  const { user, value, backend } = draw(ownField("f", "Groups", "groups", { most: 20, required: true }));
  const input = screen.getByRole("combobox", { name: /^Groups/ });
  await user.click(input);
  expect((await screen.findByText("<b>⟨U+202E⟩evil</b>")).tagName).toBe("BDI");
  expect(document.querySelectorAll("[role=option]")).toHaveLength(50);
  await user.click(screen.getByText("Managed elsewhere."));
  expect(value()).toBe("");
  await user.type(input, "team-399");
  await waitFor(() => expect(document.querySelectorAll("[role=option]")).toHaveLength(1));
  await user.keyboard("{ArrowDown}{Enter}");
  await user.click(await screen.findByText("jira-users"));
  expect(value()).toBe("x399,g1");
  expect(backend.callsOf("People.Groups").every(([, , limit]) => (limit as number) <= 50)).toBe(true);
  await user.click(input);
  await user.keyboard("{Backspace}{Escape}");
  expect(value()).toBe("x399");
  expect(await violations()).toEqual([]);
});

test("groups that were chosen before have their names; one that is gone can be taken out", async () => {
  const { user, value } = draw(ownField("f", "Groups", "groups", { most: 20 }), "x222,gone");
  expect(await screen.findByText("team-222")).toBeTruthy();
  expect(screen.getByText("gone")).toBeTruthy();
  await user.click(screen.getByRole("combobox", { name: "Groups" }));
  await user.keyboard("{Backspace}");
  expect(value()).toBe("x222");
  await user.click(screen.getByLabelText("Clear Groups"));
  expect(value()).toBe("");
});

test("apps: each at its site, by search; those of the same name are told apart; of one, the next takes its place", async () => {
  const { user, value } = draw(ownField("f", "App", "apps", { most: 1 }));
  const input = screen.getByRole("combobox", { name: "App" });
  await user.click(input);
  await screen.findByRole("option", { name: "Jira (acme)" });
  expect(screen.getAllByRole("option").map((o) => o.textContent)).toEqual([
    "Jira (acme)",
    "Jira (acme-labs)",
    "Confluence (acme) …111111",
    "Confluence (acme) …222222",
  ]);
  await user.type(input, "labs");
  await user.click(await screen.findByRole("option", { name: "Jira (acme-labs)" }));
  expect(value()).toBe("ari:jira/2");
  await user.click(await screen.findByRole("option", { name: "Jira (acme)" }));
  expect(value()).toBe("ari:jira/1");
  expect(await violations()).toEqual([]);
});

test("roles: those of the chosen apps; before one is chosen the field waits and says for what", async () => {
  const field = ownField("f", "Roles", "roles", { most: 1000, of: "apps" });
  const first = draw(field, "", { values: { apps: "" } });
  const waiting = screen.getByRole("combobox", { name: "Roles" }) as HTMLInputElement;
  expect([waiting.disabled, waiting.placeholder, first.value()]).toEqual([true, "Choose an app first", ""]);
  document.body.replaceChildren();
  const { user, value } = draw(field, "", { values: { apps: "ari:jira/1,ari:jira/2" } });
  await user.click(screen.getByRole("combobox", { name: "Roles" }));
  const list = await screen.findByRole("listbox");
  await within(list).findByRole("option", { name: /admin/ });
  expect(
    within(list)
      .getAllByRole("option")
      .map((o) => o.textContent),
  ).toEqual(["user", "adminOnly on Jira (acme)"]);
  await user.click(within(list).getByRole("option", { name: /user/ }));
  await user.click(within(list).getByRole("option", { name: /admin/ }));
  expect(value()).toBe("atlassian/user,atlassian/admin");
});

test("file: typed, or chosen in the system's dialog, which refuses what the field does not take", async () => {
  const answers = [() => refuse("invalid", "No certificate."), () => "", () => "/home/me/ca.pem"];
  const field = ownField("ca", "Authority", "file", { placeholder: "/etc/ca.pem" });
  const { user, value, backend } = draw(field, "", {}, { "Sources.ChooseFile": () => answers.shift()?.() });
  const input = screen.getByRole("textbox", { name: "Authority" });
  const choose = screen.getByRole("button", { name: "Choose file: Authority" });
  await user.click(choose);
  expect(await screen.findByText("No certificate.")).toBeTruthy();
  expect(described(input)).toContain("No certificate.");
  await user.type(input, "/x");
  await user.click(choose);
  await waitFor(() => expect(screen.queryByText("No certificate.")).toBeNull());
  expect(value()).toBe("/x");
  await user.click(choose);
  await waitFor(() => expect(value()).toBe("/home/me/ca.pem"));
  expect(backend.callsOf("Sources.ChooseFile")[0]).toEqual(["f", "ca"]);
  expect(await violations()).toEqual([]);
});
