import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { createQueryClient } from "../api/client";
import { badTest, goodTest, kinds, source } from "../test/data";
import { installBackend, refuse } from "../test/fakeBackend";
import { SourceForm } from "./SourceForm";

const SECRET = "ATCTT3xFfGN0-sentinel";

async function fillIn() {
  const client = createQueryClient();
  const saved = vi.fn();
  const kind = kinds[0];
  if (!kind) {
    throw new Error("no kind");
  }
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <SourceForm kind={kind} onSaved={saved} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Organization ID" }), "org-1");
  const key = screen.getByLabelText(/^API key/) as HTMLInputElement;
  await user.click(key);
  await user.paste(SECRET);
  const cached = () =>
    JSON.stringify([client.getMutationCache().getAll(), client.getQueryCache().getAll()].flat().map((m) => m.state));
  return { user, key, saved, cached };
}

test("the form is drawn from the kind's fields: labels, help, links, secrets hidden, nothing filled in by the browser", async () => {
  installBackend();
  const { key } = await fillIn();
  expect(key.type).toBe("password");
  expect(key.autocomplete).toBe("off");
  expect(screen.getByText(/Help for API key/)).toBeTruthy();
  expect(screen.getByRole("link", { name: /Open Atlassian Administration/ }).getAttribute("href")).toBe(
    "https://admin.atlassian.com",
  );
});

test("a saved secret is gone from the form and from the cache", async () => {
  installBackend({ "Sources.Add": () => ({ source, test: goodTest }) });
  const { user, key, saved, cached } = await fillIn();
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  await waitFor(() => expect(saved).toHaveBeenCalledOnce());
  await waitFor(() => expect(key.value).toBe(""));
  await waitFor(() => expect(cached()).not.toContain(SECRET));
});

test("after a failed test nothing has to be typed twice, and the cache holds no secret", async () => {
  installBackend({ "Sources.Test": () => badTest });
  const { user, key, saved, cached } = await fillIn();
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  await screen.findByText("Atlassian does not know this key.");
  expect(key.value).toBe(SECRET);
  expect(saved).not.toHaveBeenCalled();
  await waitFor(() => expect(cached()).not.toContain(SECRET));
});

test("all that is wrong is said at once, each at its field, and the first one has the focus", async () => {
  installBackend({
    "Sources.Test": () =>
      refuse("invalid", "Organization ID is missing.", {
        field: "org_id",
        hint: "Help for the first.",
        more: [{ field: "api_key", message: "API key is missing." }],
      }),
  });
  const { user, key } = await fillIn();
  const org = screen.getByRole("textbox", { name: "Organization ID" });
  await user.clear(key);
  await user.clear(org);
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  expect(await screen.findByText("2 fields need a look.")).toBeTruthy();
  expect(screen.queryByText("Help for the first.")).toBeNull();
  expect([org, key].map((input) => input.getAttribute("aria-invalid"))).toEqual(["true", "true"]);
  const said = (input: HTMLElement) =>
    (input.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
  expect(said(org)).toContain("Organization ID is missing.");
  expect(said(key)).toContain("API key is missing.");
  await waitFor(() => expect(document.activeElement).toBe(org));
});
