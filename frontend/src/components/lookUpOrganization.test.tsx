import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { createQueryClient } from "../api/client";
import type { SourceKindView } from "../api/sources";
import { kinds } from "../test/data";
import { installBackend } from "../test/fakeBackend";
import { SourceForm } from "./SourceForm";

function form() {
  const kind = kinds[0] as SourceKindView;
  const withId = {
    ...kind,
    fields: kind.fields.map((f, i) => (i === 0 ? { ...f, name: "org_id" } : f)),
  } as SourceKindView;
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <SourceForm kind={withId} onSaved={() => undefined} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test("the organization's ID is looked up and says where it comes from", async () => {
  installBackend({
    "Sources.FindOrganization": () => ({ id: "org-9", name: "Acme", message: "Found by the API key: Acme." }),
  });
  form();
  await userEvent.setup().click(screen.getByRole("button", { name: "Look it up" }));
  await screen.findByText("Found by the API key: Acme.");
  const field = screen.getByRole("textbox", { name: "Organization ID" }) as HTMLInputElement;
  await waitFor(() => expect(field.value).toBe("org-9"));
});

test("nothing is filled in when nothing tells", async () => {
  installBackend({
    "Sources.FindOrganization": () => {
      throw new Error(
        JSON.stringify({ code: "not_found", message: "It shows no organization.", hint: "Paste the address." }),
      );
    },
  });
  form();
  await userEvent.setup().click(screen.getByRole("button", { name: "Look it up" }));
  await screen.findByText(/no organization/);
  expect((screen.getByRole("textbox", { name: "Organization ID" }) as HTMLInputElement).value).toBe("");
});
