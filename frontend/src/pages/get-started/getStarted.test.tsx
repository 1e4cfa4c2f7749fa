import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SourceDraft } from "../../api/sources";
import { badTest, goodTest, info, source, sync } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

const fresh = { ...source, sync: { ...sync, state: "running", revision: 0, completeAt: "", partial: true } };

test("without a source there are two ways and nothing else", async () => {
  installBackend({ "Sources.List": () => [] });
  open("/people");
  await screen.findByRole("heading", { name: "Seatkeeper" });
  expect(screen.getAllByRole("button").map((b) => b.textContent)).toEqual(["Connect", "Explore the demo"]);
  expect(screen.queryByRole("navigation")).toBeNull();
  expect(await violations()).toEqual([]);
});

test("the demo opens on the overview", async () => {
  const backend = installBackend({ "Sources.List": () => [] });
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
    "Sources.Test": (_id: string, draft: SourceDraft) => {
      drafts.push(structuredClone(draft));
      return draft.values.api_key === "key-that-is-right" ? goodTest : badTest;
    },
  });
  backend.on({
    "Sources.Add": (draft: SourceDraft) => {
      drafts.push(structuredClone(draft));
      backend.on({ "Sources.List": () => [fresh], "Sync.State": () => fresh.sync });
      return { source: fresh, test: goodTest };
    },
  });
  const { user, container } = open("/");
  await user.click(await screen.findByRole("button", { name: "Connect" }));
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
  expect(drafts[drafts.length - 1]).toMatchObject({
    kind: "atlassian_org",
    name: "Acme",
    values: { org_id: "org-1", api_key: "key-that-is-right" },
  });
  expect(container.ownerDocument.body.innerHTML).not.toContain("key-that-is-right");

  await user.click(screen.getByRole("button", { name: "Continue" }));
  await user.click(await screen.findByRole("button", { name: "Skip this step" }));
  backend.emit("sync", { ...fresh.sync, step: "People", peopleDone: 90, peopleTotal: 450 });
  expect(await screen.findByText("90 of 450 people")).toBeTruthy();
  backend.on({ "Sources.List": () => [source], "Sync.State": () => sync });
  backend.emit("sync", sync);
  expect(await screen.findByText(/450 people and 12 groups/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Find people" }));
  expect(await screen.findByRole("heading", { level: 1, name: "People" })).toBeTruthy();
});

test("a field that is wrong says so where it stands", async () => {
  installBackend({
    "Sources.List": () => [],
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
  const backend = installBackend({ "Sources.List": () => [], "App.Info": () => ({ ...info, keyring: bare }) });
  const { user } = open("/get-started?step=organization");
  expect(await screen.findByText("There is no keyring.")).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Organization ID" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(backend.callsOf("App.RetryKeyring")).toHaveLength(1);

  await user.click(screen.getByRole("button", { name: "Use an encrypted file" }));
  const first = screen.getByLabelText(/^Passphrase( \*)?$/);
  const second = screen.getByLabelText(/^Passphrase again/);
  await user.type(first, "short");
  await user.click(screen.getByRole("button", { name: "Make the file" }));
  expect(screen.getByText("Use at least 10 characters.")).toBeTruthy();
  await user.type(first, " but longer now");
  await user.type(second, "something else");
  await user.click(screen.getByRole("button", { name: "Make the file" }));
  expect(screen.getByText("The two passphrases are not the same.")).toBeTruthy();
  expect(backend.callsOf("App.UnlockKeyFile")).toHaveLength(0);

  await user.clear(second);
  await user.type(second, "short but longer now");
  backend.on({ "App.Info": () => info });
  await user.click(screen.getByRole("button", { name: "Make the file" }));
  expect(backend.callsOf("App.UnlockKeyFile")).toEqual([["short but longer now"]]);
  expect(await screen.findByRole("textbox", { name: "Organization ID" })).toBeTruthy();
});

test("left in the middle, it goes on where it was", async () => {
  installBackend({ "Sources.List": () => [fresh], "Sync.State": () => fresh.sync });
  open("/get-started");
  expect(await screen.findByRole("heading", { name: "First sync" })).toBeTruthy();
  expect(screen.getByRole("button", { name: /^Organization ?\(done\)$/ })).toBeTruthy();
});
