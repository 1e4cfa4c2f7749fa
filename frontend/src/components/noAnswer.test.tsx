import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { hearSilence } from "../api/silence";
import { source, sync } from "../test/data";
import { type FakeBackend, installBackend, refuse } from "../test/fakeBackend";
import { setUp } from "../test/getStarted";
import { open, violations } from "../test/open";

/** A bound method that hangs until the page cancels it, as the backend's do. */
function hanging(name: string) {
  let stop: (() => void) | undefined;
  const wait = new Promise<never>((_, reject) => {
    stop = () => refuse("cancelled", "Stopped.", { hint: "Nothing was saved." }).catch(reject);
  });
  return {
    [name]: () => wait,
    "App.CancelCall": (called: string) => {
      if (called === name) {
        stop?.();
      }
      return null;
    },
  };
}

function silent(backend: FakeBackend, call: string, seconds: number) {
  backend.emit("silence", { call, party: seconds > 0 ? "Atlassian" : "", seconds });
}

afterEach(() => {
  for (const call of ["Sources.TestKey", "Onboarding.CheckSite"]) {
    hearSilence({ call, party: "", seconds: 0 });
  }
});

test("a hanging look-up says from five seconds on that nobody answers, and its Cancel ends the call", async () => {
  const backend = installBackend({
    ...hanging("Onboarding.CheckSite"),
    "Onboarding.State": () => setUp("open waiting waiting waiting waiting waiting"),
    "Sources.List": () => [],
  });
  const { user } = open("/get-started?step=allowlist");
  await user.click(await screen.findByRole("textbox", { name: "Site address" }));
  await user.paste("https://acme.atlassian.net");
  await user.click(screen.getByRole("button", { name: "Check" }));
  await screen.findByText("Asking the site…");
  expect(screen.queryByText(/has not answered/)).toBeNull();
  silent(backend, "Onboarding.CheckSite", 5);
  await screen.findByText("Atlassian has not answered for 5 s");
  silent(backend, "Onboarding.CheckSite", 6);
  await screen.findByText("Atlassian has not answered for 6 s");
  expect(screen.getByText("Atlassian is not answering.").getAttribute("role")).toBe("status");
  await user.click(within(screen.getByRole("form", { name: "IP allowlist" })).getByRole("button", { name: "Cancel" }));
  expect(backend.callsOf("App.CancelCall")).toEqual([["Onboarding.CheckSite"]]);
  await screen.findByText("Stopped.");
  expect(screen.queryByRole("alert")).toBeNull();
  silent(backend, "Onboarding.CheckSite", 0);
  await waitFor(() => expect(screen.queryByText(/has not answered/)).toBeNull());
});

test("any other call that hangs is told of above the page, once", async () => {
  const backend = installBackend({ "App.CancelCall": () => null });
  const { user } = open("/sources");
  await screen.findByRole("heading", { level: 1, name: "Sources" });
  silent(backend, "Sources.TestKey", 7);
  const bar = await screen.findByRole("complementary", { name: "Waiting for an answer" });
  expect(await violations(bar)).toEqual([]);
  await user.click(within(bar).getByRole("button", { name: "Cancel" }));
  expect(backend.callsOf("App.CancelCall")).toEqual([["Sources.TestKey"]]);
  silent(backend, "Sources.TestKey", 0);
  await waitFor(() => expect(screen.queryByRole("complementary", { name: "Waiting for an answer" })).toBeNull());
});

test("a sync whose server is silent says so, with Cancel sync beside it", async () => {
  const backend = installBackend({ "Sources.List": () => [source] });
  const { user } = open("/sources");
  await screen.findByRole("heading", { level: 1, name: "Sources" });
  backend.emit("sync", { ...sync, state: "running", step: "People", silentMs: 8000, party: "Jira" });
  await screen.findByRole("button", { name: "Local copy: No answer" });
  await screen.findByText("Jira has not answered for 8 s");
  await user.click(screen.getByRole("button", { name: "Cancel sync" }));
  expect(backend.callsOf("Sync.Cancel")).toEqual([["src-1"]]);
  backend.emit("sync", sync);
});
