import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { info, source } from "../test/data";
import { installBackend, refuse } from "../test/fakeBackend";
import { open, violations } from "../test/open";

const keyring = (reason: string, message: string, hint: string, more: object = {}) => ({
  ...info,
  keyring: { backend: "keyring", ready: false, reason, message, hint, fileMade: false, ...more },
});

test.each([
  ["absent", "This machine has no keyring that Seatkeeper can use.", "Start a keyring service."],
  ["locked", "The keyring is locked.", "Unlock it, then try again."],
  ["slow", "The keyring did not answer in time.", "It may be asking for its password in another window."],
  ["denied", "The keyring refused the request.", "Allow Seatkeeper in the keyring's own window."],
  ["vanished", "The keyring was there and is gone.", "Start the keyring again."],
])(
  "a keyring that is %s: said above every page with what to do, and never replaced silently",
  async (reason, message, hint) => {
    const backend = installBackend({ "App.Info": () => keyring(reason, message, hint) });
    const { user } = open("/people");
    const bar = await screen.findByRole("alert");
    expect(bar.textContent).toContain(message);
    expect(bar.textContent).toContain("the local copy stays readable");
    await user.click(within(bar).getByRole("button", { name: "What to do" }));
    const dialog = await screen.findByRole("dialog", { name: "Keys" });
    expect(within(dialog).getByText(hint)).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "Use an encrypted file" }));
    const lost = within(dialog).queryByText(/sources that are connected ask for their key again/);
    expect(lost !== null).toBe(reason !== "absent");
    expect(await violations(dialog)).toEqual([]);
    expect(backend.callsOf("App.UnlockKeyFile")).toEqual([]);
    backend.on({ "App.Info": () => info });
    await user.click(within(dialog).getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("grid", { name: "People" })).toBeTruthy();
    expect(screen.queryByText(message)).toBeNull();
  },
);

test("the encrypted file after a restart: a wrong passphrase is named, the right one unlocks, none stays in the page", async () => {
  const locked = keyring("locked", "The encrypted key file is locked.", "Type its passphrase.", {
    backend: "file",
    fileMade: true,
  });
  const backend = installBackend({
    "App.Info": () => locked,
    "App.UnlockKeyFile": () => refuse("auth_failed", "The passphrase is wrong.", { reason: "wrong_passphrase" }),
  });
  const { user, container } = open("/people");
  await user.click(await screen.findByRole("button", { name: "Unlock" }));
  const dialog = await screen.findByRole("dialog", { name: "Keys" });
  expect(within(dialog).queryByRole("button", { name: "Try again" })).toBeNull();
  const passphrase = within(dialog).getByLabelText(/^Passphrase/);
  await user.type(passphrase, "not the passphrase");
  await user.click(within(dialog).getByRole("button", { name: "Unlock" }));
  expect(await within(dialog).findByText("The passphrase is wrong.")).toBeTruthy();
  expect(container.ownerDocument.body.innerHTML).not.toContain("not the passphrase");
  backend.on({ "App.UnlockKeyFile": () => info.keyring, "App.Info": () => info });
  await user.type(passphrase, "the right passphrase");
  await user.click(within(dialog).getByRole("button", { name: "Unlock" }));
  expect(await screen.findByRole("grid", { name: "People" })).toBeTruthy();
  expect(screen.queryByRole("dialog", { name: "Keys" })).toBeNull();
  expect(backend.callsOf("App.UnlockKeyFile")).toEqual([["not the passphrase"], ["the right passphrase"]]);
});

const ending = { phase: "ending", expires: "2026-11-30", days: 9, words: "Key expires in 9 days" };

test.each([
  [ending, "Key expires in 9 days", /^Key expires in 9 days, on /],
  [
    { phase: "ended", expires: "2026-11-20", days: 0, words: "Key expired" },
    "Key expired",
    "The key of Acme has expired",
  ],
])("a key that ends: in the header and on Sources, with the way to another", async (key, words, title) => {
  const backend = installBackend({
    "Sources.List": () => [{ ...source, keyExpires: key.expires, key }],
    "Sources.Reminders": () => [{ level: "warning", title: `Reminder: ${words}`, message: "Make a new key." }],
  });
  const { user } = open("/sources");
  expect(await screen.findByText(title)).toBeTruthy();
  expect(await screen.findByText(`Reminder: ${words}`)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: `${words}. Replace key` }));
  const dialog = await screen.findByRole("dialog", { name: "Replace the key of Acme" });
  expect(within(dialog).getByText(/local copy and run logs stay as they are/)).toBeTruthy();
  expect(within(dialog).queryByRole("textbox", { name: "Organization ID" })).toBeNull();
  expect(within(dialog).getByRole("button", { name: "Test and replace" }).hasAttribute("disabled")).toBe(true);
  expect(await violations(dialog)).toEqual([]);
  await user.type(within(dialog).getByLabelText(/^API key/), "another-key-1234");
  await user.click(within(dialog).getByRole("button", { name: "Test and replace" }));
  expect(await screen.findByText("The key of Acme was replaced.")).toBeTruthy();
  expect(backend.callsOf("Sources.Update")).toEqual([
    [
      "src-1",
      {
        kind: "atlassian_org",
        name: "Acme",
        color: "teal",
        values: { org_id: "org-1", api_key: "another-key-1234" },
        keyExpires: "",
      },
    ],
  ]);
});

test("a reminder that becomes due while the page is open is shown once", async () => {
  const backend = installBackend();
  open("/overview");
  await screen.findByRole("heading", { level: 1, name: "Overview" });
  backend.on({
    "Sources.Reminders": () => [{ level: "error", title: "The key of Acme has expired", message: "Make a new one." }],
  });
  backend.emit("keys");
  expect(await screen.findAllByText("The key of Acme has expired")).toHaveLength(1);
});

test("from the encrypted file there is a way back to the keyring, which asks first and says why it failed", async () => {
  const inFile = { ...info, keyring: { ...info.keyring, backend: "file", fileMade: true } };
  const backend = installBackend({
    "App.Info": () => inFile,
    "App.UseKeyring": () => refuse("internal", "The keyring is locked.", { hint: "Unlock it, then try again." }),
  });
  const { user } = open("/settings");
  await user.click(await screen.findByRole("button", { name: "Move keys to the keyring" }));
  expect(backend.callsOf("App.UseKeyring")).toEqual([]);
  await user.click(await screen.findByRole("button", { name: "Move keys" }));
  expect(await screen.findByText("The keyring is locked.")).toBeTruthy();
  backend.on({ "App.UseKeyring": () => info.keyring, "App.Info": () => info });
  await user.click(screen.getByRole("button", { name: "Move keys to the keyring" }));
  await user.click(await screen.findByRole("button", { name: "Move keys" }));
  expect(await screen.findByText("Keys are kept in the keyring of the operating system")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Move keys to the keyring" })).toBeNull();
});
