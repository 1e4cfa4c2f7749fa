import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SourceView } from "../../api/sources";
import { badTest, goodTest, source } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";

function withKeys(keys: { keeping?: string; readOnly?: boolean; phase?: string } = {}): SourceView {
  const end = keys.keeping ? "2027-01-31T00:00:00Z" : "";
  const reason = "The API key has scopes. Add a key for changes under Sources.";
  return {
    ...source,
    keys: {
      canAdd: true,
      changes: {
        keeping: keys.keeping ?? "",
        testedAt: "",
        key: { phase: keys.phase ?? "valid", expires: end, days: 5, words: "Key expires in 5 days" },
      },
      capabilities: [
        { capability: "read_people", title: "Read people", key: "reading", reason: "", changes: false },
        keys.readOnly
          ? { capability: "suspend", title: "Suspend and restore people", key: "", reason, changes: true }
          : {
              capability: "suspend",
              title: "Suspend and restore people",
              key: keys.keeping ? "changes" : "reading",
              reason: "",
              changes: true,
            },
      ],
    },
  } as unknown as SourceView;
}

const section = () => screen.findByRole("region", { name: "Keys of Acme" });

test("a key for changes is added: typed once, tested, cleared; what is refused stands at its field", async () => {
  const backend = installBackend({ "Sources.List": () => [withKeys({ readOnly: true })] });
  const { user } = open("/sources");
  const keys = await section();
  expect(keys.textContent).toContain("it cannot change anything");
  expect(within(keys).getByText(/No: The API key has scopes/)).toBeTruthy();
  await user.click(within(keys).getByRole("button", { name: "Add a key for changes" }));
  const dialog = await screen.findByRole("dialog", { name: "Key for changes of Acme" });
  const input = within(dialog).getByLabelText(/^API key without scopes/, { selector: "input" });
  expect(within(dialog).getByRole("button", { name: "Test and save" }).hasAttribute("disabled")).toBe(true);
  await user.type(input, "a-wrong-one");
  backend.on({
    "Sources.SetChangeKey": () => refuse("invalid", "This is the source's key for reading.", { field: "key" }),
  });
  await user.click(within(dialog).getByRole("button", { name: "Test and save" }));
  expect(await within(dialog).findByText("This is the source's key for reading.")).toBeTruthy();
  backend.on({ "Sources.SetChangeKey": () => ({ source: null, test: badTest }) });
  await user.click(within(dialog).getByRole("button", { name: "Test and save" }));
  expect(await within(dialog).findByText("Atlassian does not know this key.")).toBeTruthy();
  expect(await violations()).toEqual([]);

  await user.click(within(dialog).getByRole("radio", { name: "Ask for it at each run" }));
  backend.on({
    "Sources.SetChangeKey": () => ({ source: withKeys({ keeping: "asked" }), test: goodTest }),
    "Sources.List": () => [withKeys({ keeping: "asked" })],
  });
  await user.click(within(dialog).getByRole("button", { name: "Test and save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(backend.callsOf("Sources.SetChangeKey").at(-1)).toEqual([
    "src-1",
    { key: "a-wrong-one", ask: true, expires: "" },
  ]);
  expect((await section()).textContent).toContain("asked for at each run");
  expect(document.body.innerHTML).not.toContain("a-wrong-one");
});

test("a stored key for changes is tested, replaced without typing it again, and removed after a question", async () => {
  const backend = installBackend({
    "Sources.List": () => [withKeys({ keeping: "stored", phase: "ending" })],
    "Sources.TestKey": () => goodTest,
    "Sources.SetChangeKey": () => ({ source: withKeys({ keeping: "stored" }), test: goodTest }),
    "Sources.RemoveChangeKey": () => undefined,
  });
  const { user } = open("/sources");
  expect(await screen.findByText(/^Key for changes expires in 5 days, on/)).toBeTruthy();
  await user.click(within(await section()).getByRole("button", { name: "Test the key for changes of Acme" }));
  await waitFor(() => expect(backend.callsOf("Sources.TestKey")).toEqual([["src-1", "changes"]]));
  expect(within(await section()).getAllByText("Key for changes").length).toBeGreaterThan(1);
  expect(await violations()).toEqual([]);

  await user.click(within(await section()).getByRole("button", { name: "Replace the key for changes of Acme" }));
  const dialog = await screen.findByRole("dialog", { name: "Key for changes of Acme" });
  expect(within(dialog).getByText("Leave it empty to keep the stored one.")).toBeTruthy();
  await user.click(within(dialog).getByRole("button", { name: "Test and save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

  await user.click(within(await section()).getByRole("button", { name: "Remove the key for changes of Acme" }));
  const ask = await screen.findByRole("dialog", { name: "Remove the key for changes of Acme?" });
  expect(backend.callsOf("Sources.RemoveChangeKey")).toEqual([]);
  await user.click(within(ask).getByRole("button", { name: "Remove key" }));
  await waitFor(() => expect(backend.callsOf("Sources.RemoveChangeKey")).toEqual([["src-1"]]));
});

test("a source of a type with one key has no such section", async () => {
  const one = { ...source, keys: { ...source.keys, canAdd: false } } as SourceView;
  installBackend({ "Sources.List": () => [one] });
  open("/sources");
  await screen.findByRole("button", { name: "Test" });
  expect(screen.queryByRole("region", { name: "Keys of Acme" })).toBeNull();
});
