import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { info } from "../test/data";
import { installBackend } from "../test/fakeBackend";
import { open, violations } from "../test/open";

const run = {
  id: "r1",
  actionTitle: "Suspend access",
  sourceName: "Acme",
  state: "running",
  finished: 12,
  total: 1214,
};

/** A backend in which quitting is at a state that the test changes. */
function quitting(state: string, runs: object[]) {
  let quit = { state, runs };
  const backend = installBackend({ "App.Info": () => ({ ...info, quit }) });
  const to = (next: string, left: object[] = runs) => {
    quit = { state: next, runs: left };
    backend.emit("settings");
  };
  return { backend, to };
}

test("quitting under a run asks what to do; the focus is on what changes nothing", async () => {
  const { backend, to } = quitting("", [run]);
  const { user } = open("/settings");
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  expect(screen.queryByRole("dialog")).toBeNull();
  to("asked");
  const dialog = await screen.findByRole("dialog", { name: "Quit Seatkeeper?" });
  expect(dialog.textContent).toContain("Suspend access is under way: 12 of 1,214Acme");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Keep running"));
  expect(await violations(dialog)).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Quit when done" }));
  await user.click(within(dialog).getByRole("button", { name: "Pause and quit" }));
  await user.click(within(dialog).getByRole("button", { name: "Keep running" }));
  await user.keyboard("{Escape}");
  expect(backend.callsOf("App.AnswerQuit")).toEqual([["when_done"], ["pause"], ["stay"], ["dismiss"]]);
  to("");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a run that ends under the question leaves nothing to pause", async () => {
  const { backend, to } = quitting("asked", [run]);
  const { user } = open("/settings");
  await screen.findByRole("dialog", { name: "Quit Seatkeeper?" });
  to("asked", []);
  await screen.findByText("Nothing is under way any more.");
  expect(screen.queryByRole("button", { name: "Pause and quit" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Quit" }));
  expect(backend.callsOf("App.AnswerQuit")).toEqual([["when_done"]]);
});

test("while Seatkeeper ends with the last run the header says so, and it can be taken back", async () => {
  const { backend, to } = quitting("waiting", [run]);
  const { user } = open("/settings");
  const pill = await screen.findByRole("button", { name: "Quits when done. Keep Seatkeeper open" });
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.click(pill);
  expect(backend.callsOf("App.AnswerQuit")).toEqual([["stay"]]);
  await screen.findByText("Seatkeeper stays open when the run has ended.");
  to("");
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Quits when done/ })).toBeNull());
});
