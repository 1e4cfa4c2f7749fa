import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { AccessView } from "../../api/people";
import { accessPath } from "../../test/access";
import { person, personView } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open } from "../../test/open";

const base = personView(person(0)).access[0] as AccessView;

/** What the drawer says about one app. */
async function saidAbout(access: Partial<AccessView>): Promise<string> {
  installBackend({ "People.Person": () => ({ ...personView(person(1)), access: [{ ...base, ...access }] }) });
  open("/people?person=1001");
  const apps = await screen.findByRole("region", { name: "Apps (1)" });
  return apps.textContent ?? "";
}

const cases: [string, Partial<AccessView>, string[]][] = [
  [
    "two groups",
    { paths: [accessPath("a", { effect: "nothing" }), accessPath("b", { effect: "nothing", synced: "yes" })] },
    [
      "Via b: user · synced from the identity provider",
      "Removing from a alone changes nothing, because b grants it too",
    ],
  ],
  [
    "three groups",
    { paths: ["a", "b", "c"].map((g) => accessPath(g, { effect: "nothing" })) },
    ["Removing from one of the 3 groups alone changes nothing, because the others grant it too."],
  ],
  [
    "one group, certain",
    { direct: "no", paths: [accessPath("a", { effect: "frees", also: ["Confluence (acme)"] })] },
    ["Removing from a frees the seat. It also ends Confluence (acme)."],
  ],
  [
    "one group of the identity provider",
    { direct: "no", paths: [accessPath("okta-jira", { effect: "frees", synced: "yes" })] },
    ["Removing from okta-jira frees the seat. That can only be done in the identity provider."],
  ],
  [
    "one group and direct",
    { direct: "yes", paths: [accessPath("a", { effect: "nothing" })] },
    ["Also given directly, without a group.", "Removing from a alone changes nothing, because access was also given"],
  ],
  [
    "guest",
    { seat: "no", direct: "no", paths: [accessPath("g", { roles: ["guest"], seat: false, effect: "no_seat" })] },
    ["Takes no seat", "Via g: guest · costs no seat", "These groups give nothing that costs a seat."],
  ],
  ["no group", { seat: "unknown", via: [], paths: [] }, ["directly, or in a way that Atlassian does not tell"]],
  [
    "not read",
    { seat: "unknown", via: [], paths: [], known: false },
    ["Via: not known. What the groups grant was not read."],
  ],
  ["suspended", { idle: "suspended" }, ["No seat while suspended"]],
  ["a site tells groups only", { paths: [], via: ["jira-users"], seat: "unknown" }, ["Via jira-users"]],
];

test.each(cases)("why a seat: %s", async (_name, access, words) => {
  const said = await saidAbout(access);
  for (const w of words) {
    expect(said).toContain(w);
  }
});

test("Check now asks Atlassian and shows what it told", async () => {
  const backend = installBackend();
  const { user } = open("/people?person=1000");
  const apps = await screen.findByRole("region", { name: "Apps (1)" });
  backend.on({ "People.CheckAccess": () => refuse("unreachable", "Atlassian does not answer.") });
  await user.click(within(apps).getByRole("button", { name: "Check now" }));
  expect(await screen.findByText("Atlassian does not answer.")).toBeTruthy();
  backend.on({
    "People.CheckAccess": () => [{ ...base, direct: "no", paths: [accessPath("jira-users", { effect: "frees" })] }],
  });
  await user.click(within(apps).getByRole("button", { name: "Check now" }));
  expect(await screen.findByText(/frees the seat\.$/)).toBeTruthy();
  expect(backend.callsOf("People.CheckAccess")).toEqual([
    ["src-1", 1000],
    ["src-1", 1000],
  ]);
});
