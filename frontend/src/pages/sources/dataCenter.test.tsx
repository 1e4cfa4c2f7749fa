import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { goodTest, kinds, source } from "../../test/data";
import { installBackend, refuse } from "../../test/fakeBackend";
import { open } from "../../test/open";

const optional = {
  choices: [],
  docsUrl: "",
  docsLabel: "",
  help: "Only where the certificate comes from your own authority.",
  placeholder: "/etc/ssl/company-ca.pem",
};

const dataCenter = {
  kind: "jira_dc",
  title: "Jira Data Center",
  summary: "A Jira that you run yourself.",
  supports: [],
  fields: [
    { ...optional, name: "base_url", label: "Address of Jira", type: "url", required: true },
    { ...optional, name: "token", label: "Personal access token", type: "password", required: true },
    { ...optional, name: "ca_file", label: "Certificate authority", type: "file", required: false },
  ],
};

test("a Data Center instance is added from the fields that its kind declares", async () => {
  const backend = installBackend({
    "Sources.Kinds": () => [...kinds, dataCenter],
    "Sources.Add": () => ({ source, test: goodTest }),
  });
  const { user } = open("/sources?add=choose");
  await user.click(await screen.findByRole("button", { name: /Jira Data Center/ }));
  await user.type(await screen.findByRole("textbox", { name: "Address of Jira" }), "https://jira.example.com/jira");
  await user.type(screen.getByLabelText(/^Personal access token/, { selector: "input" }), "MDEyMzQ1Njc4OTAx");
  await user.type(screen.getByRole("textbox", { name: "Certificate authority" }), "/etc/ssl/ca.pem");
  await user.type(screen.getByRole("textbox", { name: "Name in Seatkeeper" }), "Own Jira");
  await user.click(screen.getByRole("button", { name: "Test and connect" }));
  await waitFor(() => expect(backend.callsOf("Sources.Add")).toHaveLength(1));
  expect(backend.callsOf("Sources.Add")[0]?.[0]).toMatchObject({
    kind: "jira_dc",
    name: "Own Jira",
    values: { base_url: "https://jira.example.com/jira", token: "MDEyMzQ1Njc4OTAx", ca_file: "/etc/ssl/ca.pem" },
  });
});

test("the authority's file is chosen in the system's dialog; a wrong one is refused at the field", async () => {
  const answers = [
    () => refuse("invalid", "There is no certificate in PEM form in the file.", { field: "ca_file" }),
    () => "",
    () => "/home/me/company-ca.pem",
  ];
  const backend = installBackend({
    "Sources.Kinds": () => [...kinds, dataCenter],
    "Sources.ChooseFile": () => answers.shift()?.(),
  });
  const { user } = open("/sources?add=choose");
  await user.click(await screen.findByRole("button", { name: /Jira Data Center/ }));
  const button = await screen.findByRole("button", { name: "Choose file: Certificate authority" });
  const input = screen.getByRole("textbox", { name: "Certificate authority" }) as HTMLInputElement;
  await user.click(button);
  await screen.findByText("There is no certificate in PEM form in the file.");
  expect(input.value).toBe("");
  await user.type(input, "/etc/old.pem");
  await user.click(button);
  await waitFor(() => expect(screen.queryByText("There is no certificate in PEM form in the file.")).toBeNull());
  expect(input.value).toBe("/etc/old.pem");
  await user.click(button);
  await waitFor(() => expect(input.value).toBe("/home/me/company-ca.pem"));
  expect(backend.callsOf("Sources.ChooseFile")[0]).toEqual(["jira_dc", "ca_file"]);
});
