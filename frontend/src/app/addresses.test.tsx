import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { installBackend } from "../test/fakeBackend";
import { open } from "../test/open";
import { pages } from "./pages";

test("what makes no sense in an address, or says what is so anyway, is left out of it; the rest is shown", async () => {
  const backend = installBackend();
  const { history } = open("/runs?offset=many&search=ada&run=&item=1e999&state=done");
  await waitFor(() => expect(backend.callsOf("Runs.List").at(-1)?.[0]).toMatchObject({ search: "ada", offset: 0 }));
  const said = new URLSearchParams(history.location.search);
  expect([...said.keys()].sort()).toEqual(["search", "state"]);
  expect(history.length).toBe(1); // going back does not lead to the address as it was typed
});

test("a view that is set stands in the address, and one that is as at first does not", async () => {
  installBackend();
  const { history, user } = open("/people?search=ada");
  const search = await screen.findByDisplayValue("ada");
  await user.clear(search);
  await waitFor(() => expect(history.location.search).toBe(""));
  await user.type(search, "mia");
  await waitFor(() => expect(history.location.search).toBe("?search=mia"));
});

test("every page accepts anything in its address", () => {
  for (const page of pages) {
    for (const junk of [undefined, null, 7, Number.NaN, true, [], {}, "\u202e", "x".repeat(9000)]) {
      const raw = new Proxy({}, { get: () => junk });
      expect(() => page.search?.(raw as Record<string, unknown>)).not.toThrow();
    }
  }
});
