import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { badTest, goodTest, info, source, sync } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open } from "../../test/open";

test("a stored source is tested with its stored key", async () => {
  const backend = installBackend({ "Sources.TestKey": () => badTest });
  const { user } = open("/sources");
  await user.click(await screen.findByRole("button", { name: "Test" }));
  expect(await screen.findByText("Atlassian does not know this key.")).toBeTruthy();
  expect(backend.callsOf("Sources.TestKey")).toEqual([["src-1", "reading"]]);
});

test("what a test finds is said once, though the last sync failed for the same reason, and leads to another key", async () => {
  const why = { code: "auth_failed", reason: "", message: "The key is refused.", hint: "", field: "" };
  const failed = { ...sync, state: "failed", finishedAt: "2026-11-21T12:05:00Z", problem: why };
  const backend = installBackend({
    "Sources.List": () => [{ ...source, sync: failed }],
    "Sync.State": () => failed,
    "Sources.TestKey": () => ({ ...badTest, testedAt: "2026-11-21T12:06:00Z" }),
  });
  const { user } = open("/sources");
  await screen.findByText("The key is refused.");
  await user.click(screen.getByRole("button", { name: "Test" }));
  const found = await screen.findByRole("region", { name: "Connection test" });
  expect(within(found).getByText("Copy it again.")).toBeTruthy();
  expect(screen.queryByText("The key is refused.")).toBeNull();
  await user.click(within(found).getByRole("button", { name: "Replace key" }));
  expect(await screen.findByRole("dialog", { name: "Replace the key of Acme" })).toBeTruthy();

  const later = { ...failed, finishedAt: "2026-11-21T12:07:00Z" };
  backend.on({ "Sync.State": () => later });
  backend.emit("sync", later);
  expect(await screen.findByText("The key is refused.")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Connection test" })).toBeNull();
});

test("removing says what is forgotten and what stays; the focus is on Cancel", async () => {
  const backend = installBackend();
  const { user } = open("/sources");
  await user.click(await screen.findByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  const ask = await screen.findByRole("dialog", { name: "Remove Acme?" });
  expect(ask.textContent).toContain("forgets the key, the local copy (450 people) and the trends");
  expect(ask.textContent).toContain("Run logs stay");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.callsOf("Sources.Remove")).toHaveLength(0);

  await user.click(screen.getByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await user.click(await screen.findByRole("button", { name: "Remove source" }));
  await waitFor(() => expect(backend.callsOf("Sources.Remove")).toEqual([["src-1"]]));
});

test("pausing and renaming", async () => {
  const backend = installBackend();
  const { user } = open("/sources");
  await user.click(await screen.findByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Pause" }));
  expect(backend.callsOf("Sources.SetPaused")).toEqual([["src-1", true]]);
  await user.click(screen.getByRole("button", { name: "More for Acme" }));
  await user.click(await screen.findByRole("menuitem", { name: "Rename or recolor" }));
  const name = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Acme Corp");
  await user.click(screen.getByRole("radio", { name: "orange" }));
  backend.on({ "Sources.Rename": () => refuse("invalid", "Another source has this name.", { field: "name" }) });
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getAllByText("Another source has this name.")).toHaveLength(1);
  backend.on({ "Sources.Rename": () => undefined });
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.callsOf("Sources.Rename").at(-1)).toEqual(["src-1", "Acme Corp", "orange"]);
});

test("editing keeps the stored key unless another is typed", async () => {
  const backend = installBackend();
  const { user } = open("/sources?edit=src-1");
  const dialog = await screen.findByRole("dialog", { name: "Edit Acme" });
  expect(await within(dialog).findByText(/Leave it empty to keep the stored one/)).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Test and save" }));
  await waitFor(() => expect(backend.callsOf("Sources.Update")).toHaveLength(1));
  expect(backend.callsOf("Sources.Update")[0]?.[1]).toMatchObject({ name: "Acme", values: { org_id: "org-1" } });
});

test("another source is added from the choice of kinds; no second one of the same color", async () => {
  const backend = installBackend({ "Sources.Add": () => ({ source, test: goodTest }) });
  const { user } = open("/sources?add=choose");
  await user.click(await screen.findByRole("button", { name: /Jira Cloud site/ }));
  await user.type(await screen.findByRole("textbox", { name: "Site URL" }), "https://acme.atlassian.net");
  await user.type(screen.getByRole("textbox", { name: "Name in Seatkeeper" }), "Site");
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  await waitFor(() => expect(backend.callsOf("Sources.Add")).toHaveLength(1));
  expect(backend.callsOf("Sources.Add")[0]?.[0]).toMatchObject({
    kind: "jira_cloud",
    name: "Site",
    color: "blue",
    values: { site_url: "https://acme.atlassian.net" },
  });
});

test("in the demo no real source can be added", async () => {
  installBackend({ "App.Info": () => ({ ...info, demo: true }) });
  open("/sources");
  expect((await screen.findByRole("button", { name: "Add a source" })).hasAttribute("disabled")).toBe(true);
});
