import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SourceDraft } from "../../api/sources";
import { badTest, goodTest, info, kinds, source, sync } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { setUp, setUpDone } from "../../test/getStarted";
import { open, violations } from "../../test/open";

const nothing = "open open open waiting waiting waiting";
const atOrganization = "skipped open open waiting waiting waiting";

const fresh = { ...source, sync: { ...sync, state: "running", revision: 0, completeAt: "", partial: true } };

test("without a source there are two ways and nothing else", async () => {
  installBackend({ "Sources.List": () => [], "Onboarding.State": () => setUp(nothing) });
  open("/people");
  await screen.findByRole("heading", { name: "Seatkeeper" });
  expect(screen.getAllByRole("button").map((b) => b.textContent)).toEqual(["Connect", "Explore the demo"]);
  expect(screen.queryByRole("navigation")).toBeNull();
  expect(await violations()).toEqual([]);
});

test("the demo opens on the overview", async () => {
  const backend = installBackend({ "Sources.List": () => [], "Onboarding.State": () => setUp(nothing) });
  backend.on({
    "App.EnterDemo": () =>
      backend.on({
        "Sources.List": () => [{ ...source, demo: true }],
        "App.Info": () => ({ ...info, demo: true }),
      }),
  });
  const { user } = open("/");
  await user.click(await screen.findByRole("button", { name: "Explore the demo" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeTruthy();
  expect(screen.getByText("Demo: nothing here is real")).toBeTruthy();
});

test("the whole way: a wrong key is named, the right one connects, the sync is followed to the end", async () => {
  const drafts: SourceDraft[] = [];
  const backend = installBackend({
    "Sources.List": () => [],
    "Onboarding.State": () => setUp(nothing),
    "Sources.Test": (_id: string, draft: SourceDraft) => {
      drafts.push(structuredClone(draft));
      return draft.values.api_key === "key-that-is-right" ? goodTest : badTest;
    },
  });
  backend.on({
    "Onboarding.Skip": (step: string) =>
      backend.on({
        "Onboarding.State": () =>
          setUp(step === "allowlist" ? atOrganization : "skipped done skipped open open open", {}),
      }),
    "Onboarding.Look": () => backend.on({ "Onboarding.State": () => setUp("skipped done skipped done open open") }),
    "Sources.Add": (draft: SourceDraft) => {
      drafts.push(structuredClone(draft));
      backend.on({
        "Sources.List": () => [fresh],
        "Sync.State": () => fresh.sync,
        "Onboarding.State": () => setUp("skipped done open open open open"),
      });
      return { source: fresh, test: goodTest };
    },
  });
  const { user, container } = open("/");
  await user.click(await screen.findByRole("button", { name: "Connect" }));
  await user.click(await screen.findByRole("button", { name: "Skip this step" }));
  await user.type(await screen.findByRole("textbox", { name: "Organization ID" }), "org-1");
  const key = screen.getByLabelText(/^API key/);
  await user.click(key);
  await user.paste("wrong");
  await user.click(screen.getByRole("button", { name: "Test connection" }));
  expect(await screen.findByText("Atlassian does not know this key.")).toBeTruthy();
  expect(screen.getByText("Copy it again.")).toBeTruthy();
  expect(screen.getAllByText(/^(OK|Failed|Not checked)$/).map((el) => el.textContent)).toEqual([
    "OK",
    "Failed",
    "Not checked",
  ]);
  expect(await violations()).toEqual([]);

  await user.clear(key);
  await user.click(key);
  await user.paste("key-that-is-right");
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  expect(await screen.findByText(/Expires in 9 days/)).toBeTruthy();
  expect(screen.getByText("The first sync has started")).toBeTruthy();
  expect(drafts[drafts.length - 1]).toMatchObject({
    kind: "atlassian_org",
    name: "Acme",
    values: { org_id: "org-1", api_key: "key-that-is-right" },
  });
  expect(container.ownerDocument.body.innerHTML).not.toContain("key-that-is-right");

  await user.click(screen.getByRole("button", { name: "Continue" }));
  await screen.findByRole("heading", { name: "Jira site" });
  await user.click(screen.getByRole("button", { name: "Skip this step" }));
  await screen.findByRole("heading", { name: "Verified domains" });
  backend.emit("sync", { ...fresh.sync, step: "People", peopleDone: 90, peopleTotal: 450 });
  expect(await within(screen.getByRole("list", { name: "In the background" })).findByText("Syncing 20%")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByText("90 of 450 people")).toBeTruthy();
  backend.on({
    "Sources.List": () => [source],
    "Sync.State": () => sync,
    "Onboarding.State": () => setUp("skipped done skipped done done open", { complete: true, appears: false }),
  });
  backend.emit("sync", sync);
  expect(await screen.findByText(/450 people and 12 groups/)).toBeTruthy();
  await waitFor(() => expect(backend.callsOf("Onboarding.Finish")).toHaveLength(1));
  await user.click(screen.getByRole("button", { name: "Find people" }));
  expect(await screen.findByRole("heading", { level: 1, name: "People" })).toBeTruthy();
});

test("the allowlist step: an address that is wrong, a site that keeps this computer out, one that lets it in", async () => {
  const backend = installBackend({
    "Sources.List": () => [],
    "Onboarding.State": () => setUp(nothing),
    "Onboarding.CheckSite": () => refuse("invalid", "This is not a site.", { field: "site_url" }),
  });
  const { user } = open("/get-started?step=allowlist");
  const site = await screen.findByRole("textbox", { name: "Site address" });
  await user.type(site, "acme");
  await user.click(screen.getByRole("button", { name: "Check" }));
  expect(await screen.findByText("This is not a site.")).toBeTruthy();
  expect(site.getAttribute("aria-invalid")).toBe("true");

  const answer = {
    site: "https://acme.atlassian.net",
    hint: "Ask.",
    known: "Atlassian saw it.",
    addresses: ["203.0.113.7"],
  };
  backend.on({ "Onboarding.CheckSite": () => ({ ...answer, verdict: "blocked", message: "Not on the allowlist." }) });
  await user.click(screen.getByRole("button", { name: "Check" }));
  expect(await screen.findByText("Not on the allowlist.")).toBeTruthy();
  expect(screen.getByText("203.0.113.7")).toBeTruthy();
  expect(screen.getByText("Atlassian saw it.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Copy 203.0.113.7" }));

  backend.on({
    "Onboarding.CheckSite": () => ({ ...answer, verdict: "allowed", message: "It answers.", addresses: [], known: "" }),
  });
  await user.click(screen.getByRole("button", { name: "Check again" }));
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  expect(await screen.findByRole("heading", { name: "Organization" })).toBeTruthy();
  expect(backend.callsOf("Onboarding.Skip")).toEqual([]);
});

test("the verified domains, and what only managed accounts allow", async () => {
  const backend = installBackend({ "Onboarding.State": () => setUp("skipped done skipped open done open") });
  const { user } = open("/get-started?step=domains");
  const list = await screen.findByRole("region", { name: "Domains of Acme" });
  expect(
    within(list)
      .getAllByRole("listitem")
      .map((li) => li.textContent),
  ).toEqual(["acme.exampleVerified", "old.exampleNot verified"]);
  expect(
    within(screen.getByRole("region", { name: "Only with managed accounts" })).getByText(
      "Deactivate the account itself",
    ),
  ).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await waitFor(() => expect(backend.callsOf("Onboarding.Look")).toEqual([["domains"]]));
});

test("a site may be of several kinds", async () => {
  const dataCenter = { ...kinds[1], kind: "jira_dc", title: "Jira Data Center" };
  installBackend({
    "Sources.List": () => [],
    "Sources.Kinds": () => [...kinds, dataCenter],
    "Onboarding.State": () => setUp(atOrganization),
  });
  const { user } = open("/get-started?step=site");
  expect(await screen.findByRole("form", { name: "Jira Cloud site" })).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "Jira Data Center" }));
  expect(await screen.findByRole("form", { name: "Jira Data Center" })).toBeTruthy();
});

test("an incomplete set-up opens once at the start, and can be left", async () => {
  installBackend({ "Onboarding.State": () => setUp("skipped done open open done open") });
  const { user } = open("/people");
  expect(await screen.findByRole("heading", { name: "Jira site" })).toBeTruthy();
  expect(screen.getByRole("button", { name: /^IP allowlist ?\(skipped\)$/ })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Leave for now" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeTruthy();
});

test("a complete set-up never opens by itself, but from Settings", async () => {
  installBackend({ "Onboarding.State": () => setUpDone });
  const { user } = open("/settings");
  await user.click(await screen.findByRole("button", { name: "Open Get started" }));
  expect(await screen.findByRole("heading", { name: "Get started" })).toBeTruthy();
});

test("after an upgrade a short Welcome opens once and goes straight on", async () => {
  const upgraded = { ...setUpDone, welcome: true, previous: "1.0.0" };
  const backend = installBackend({ "Onboarding.State": () => upgraded });
  backend.on({ "Onboarding.Welcomed": () => backend.on({ "Onboarding.State": () => setUpDone }) });
  const { user } = open("/people");
  expect(await screen.findByRole("heading", { name: "Welcome to Seatkeeper 2.0.0" })).toBeTruthy();
  expect(screen.getByText(/replaces version 1\.0\.0/)).toBeTruthy();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Get started" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeTruthy();
  expect(backend.callsOf("Onboarding.Welcomed")).toHaveLength(1);
});

test("in the demo nothing is connected; one click leaves it", async () => {
  const backend = installBackend({ "App.Info": () => ({ ...info, demo: true }) });
  const { user } = open("/get-started?step=organization");
  await user.click(await screen.findByRole("button", { name: "Leave the demo organization" }));
  expect(backend.callsOf("App.LeaveDemo")).toHaveLength(1);
  expect(screen.queryByRole("textbox", { name: "Organization ID" })).toBeNull();
});

test("a field that is wrong says so where it stands", async () => {
  installBackend({
    "Sources.List": () => [],
    "Onboarding.State": () => setUp(atOrganization),
    "Sources.Test": () => refuse("invalid", "Organization ID is missing.", { field: "org_id", hint: "Copy it." }),
  });
  const { user } = open("/get-started?step=organization");
  await user.click(await screen.findByRole("button", { name: "Test connection" }));
  const field = screen.getByRole("textbox", { name: "Organization ID" });
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getByText("Organization ID is missing.")).toBeTruthy();
});

test("no keyring: try again, or an encrypted file with the passphrase typed twice", async () => {
  const bare = {
    backend: "keyring",
    ready: false,
    reason: "absent",
    message: "There is no keyring.",
    hint: "Start one.",
    fileMade: false,
  };
  const backend = installBackend({
    "Sources.List": () => [],
    "Onboarding.State": () => setUp(atOrganization),
    "App.Info": () => ({ ...info, keyring: bare }),
  });
  const { user } = open("/get-started?step=organization");
  expect(await screen.findByText("There is no keyring.")).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Organization ID" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(backend.callsOf("App.RetryKeyring")).toHaveLength(1);

  await user.click(screen.getByRole("button", { name: "Use an encrypted file" }));
  const first = screen.getByLabelText(/^Passphrase( \*)?$/);
  const second = screen.getByLabelText(/^Passphrase again/);
  await user.type(first, "short");
  await user.click(screen.getByRole("button", { name: "Create the file" }));
  expect(screen.getByText("Use at least 10 characters.")).toBeTruthy();
  await user.type(first, " but longer now");
  await user.type(second, "something else");
  await user.click(screen.getByRole("button", { name: "Create the file" }));
  expect(screen.getByText("The two passphrases are not the same.")).toBeTruthy();
  expect(backend.callsOf("App.UnlockKeyFile")).toHaveLength(0);

  await user.clear(second);
  await user.type(second, "short but longer now");
  backend.on({ "App.Info": () => info });
  await user.click(screen.getByRole("button", { name: "Create the file" }));
  expect(backend.callsOf("App.UnlockKeyFile")).toEqual([["short but longer now"]]);
  expect(await screen.findByRole("textbox", { name: "Organization ID" })).toBeTruthy();
});

test("left in the middle, it goes on where it was", async () => {
  installBackend({
    "Sources.List": () => [fresh],
    "Sync.State": () => fresh.sync,
    "Onboarding.State": () => setUp("skipped done skipped done open open"),
  });
  open("/get-started");
  expect(await screen.findByRole("heading", { name: "First sync" })).toBeTruthy();
  expect(screen.getByRole("button", { name: /^Organization ?\(done\)$/ })).toBeTruthy();
});

test("opened where it goes on, the page stays there until its result was read", async () => {
  const backend = installBackend({
    "Sources.List": () => [fresh],
    "Sync.State": () => fresh.sync,
    "Onboarding.State": () => setUp("skipped done open open open open"),
  });
  backend.on({
    "Sources.Add": () => {
      backend.on({ "Onboarding.State": () => setUp("skipped done done open open open") });
      return { source: { ...fresh, id: "src-2", kind: "jira_cloud", name: "Site" }, test: goodTest };
    },
  });
  const { user } = open("/get-started");
  await user.type(await screen.findByRole("textbox", { name: "Name in Seatkeeper" }), "Site");
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  expect(await screen.findByText(/Expires in 9 days/)).toBeTruthy();
  expect(await screen.findByRole("button", { name: /^Jira site ?\(done\)$/ })).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Jira site" })).toBeTruthy();
});

test("while keys cannot be kept the tour goes on: the step can be skipped, and one that is done is only passed", async () => {
  const locked = { ...info.keyring, ready: false, reason: "locked", message: "The keyring is locked.", hint: "" };
  const backend = installBackend({
    "App.Info": () => ({ ...info, keyring: locked }),
    "Sources.List": () => [],
    "Onboarding.State": () => setUp(atOrganization),
  });
  backend.on({
    "Onboarding.Skip": () =>
      backend.on({ "Onboarding.State": () => setUp("skipped skipped open skipped waiting waiting") }),
  });
  const { user } = open("/get-started?step=organization");
  expect(await screen.findByText("The keyring is locked.")).toBeTruthy();
  expect(screen.queryByLabelText(/^API key/)).toBeNull();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Skip this step" }));
  await screen.findByRole("heading", { name: "Jira site" });
  expect(backend.callsOf("Onboarding.Skip")).toEqual([["organization"]]);
  backend.on({ "Onboarding.State": () => setUp("skipped done open open open open"), "Sources.List": () => [source] });
  backend.emit("sources");
  await user.click(screen.getByRole("button", { name: /^Organization/ }));
  await screen.findByRole("heading", { name: "Organization" });
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await screen.findByRole("heading", { name: "Jira site" });
  expect(backend.callsOf("Onboarding.Skip")).toHaveLength(1);
});
