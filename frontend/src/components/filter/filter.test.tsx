import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { installBackend } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";
import { arity, chipsOf, type FilterNode, nodeWords, readTree, typedValue, withChips } from "./tree";

const active: FilterNode = { kind: "condition", field: "status", op: "=", values: [{ kind: "word", text: "active" }] };
const old: FilterNode = { kind: "condition", field: "lastActive", op: "<", values: [{ kind: "span", text: "-90d" }] };
const either: FilterNode = { kind: "or", nodes: [active, { kind: "not", nodes: [old] }] };

describe("the tree", () => {
  const label = (name: string) => ({ label: name, type: name === "lastActive" ? "date" : "choice" });

  test("an AND is chips; anything else is one chip; nothing is none", () => {
    expect(chipsOf({ where: { kind: "and", nodes: [active, either] } })).toEqual([active, either]);
    expect(chipsOf({ where: either })).toEqual([either]);
    expect(chipsOf(readTree(""))).toEqual([]);
  });

  test("chips become a tree again, and the order stays", () => {
    const order = [{ field: "name" }];
    expect(withChips({ where: active, order }, [active, old])).toEqual({
      where: { kind: "and", nodes: [active, old] },
      order,
    });
    expect(withChips({ where: active, order }, [old])).toEqual({ where: old, order });
    expect(withChips({ where: active }, [])).toEqual({ where: undefined });
  });

  test("words", () => {
    expect(nodeWords(either, label)).toBe("status is active or not (lastActive before -90d)");
  });

  test("typed values become what the language knows", () => {
    expect(typedValue("active", "choice").kind).toBe("word");
    expect(typedValue("-90d", "date").kind).toBe("span");
    expect(typedValue("2026-01-31", "date").kind).toBe("date");
    expect(typedValue("12", "number").kind).toBe("number");
    expect(typedValue('a" OR 1=1', "text")).toEqual({ kind: "text", text: 'a" OR 1=1' });
    expect(["is empty", "in", "="].map(arity)).toEqual(["none", "many", "one"]);
  });
});

const mistake = {
  start: 9,
  end: 14,
  message: 'status is never "actve".',
  expected: ["active"],
  suggestion: "status = active",
};
const parsed = (canonical: string, where?: FilterNode) => ({
  canonical,
  explain: canonical ? `People: ${canonical}` : "",
  tree: JSON.stringify({ where }),
  error: null,
});

describe("the filter box", () => {
  test("a mistake is underlined where it stands, explained, and corrected with one press", async () => {
    const backend = installBackend({
      "People.Parse": (_s: string, text: string) =>
        text.includes("actve") ? { canonical: "", explain: "", tree: "", error: mistake } : parsed(text, active),
    });
    const { user } = open("/people");
    const box = await screen.findByRole("textbox", { name: "Filter" });
    await user.type(box, "status = actve");
    const place = await screen.findByTestId("filter-mistake-place");
    expect(place.textContent).toBe("actve");
    expect(box.getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText(/Expected: active\./)).toBeTruthy();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Use: status = active" }));
    await waitFor(() =>
      expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ filter: "status = active" }),
    );
    expect(screen.queryByTestId("filter-mistake-place")).toBeNull();
  });

  test("a filter that works but is hardly meant so says it, and is corrected with one press", async () => {
    const warning = { ...mistake, message: "+90d lies ahead.", expected: [], suggestion: "lastActive < -90d" };
    const backend = installBackend({
      "People.Parse": (_s: string, text: string) => ({
        ...parsed(text, old),
        warnings: text === "lastActive < 90d" ? [warning] : [],
      }),
    });
    const { user } = open("/people");
    const box = await screen.findByRole("textbox", { name: "Filter" });
    await user.type(box, "lastActive < 90d{Enter}");
    await screen.findByText("+90d lies ahead.");
    expect(box.getAttribute("aria-invalid")).not.toBe("true");
    await user.click(screen.getByRole("button", { name: "Use: lastActive < -90d" }));
    await waitFor(() =>
      expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ filter: "lastActive < -90d" }),
    );
    await waitFor(() => expect(screen.queryByText("+90d lies ahead.")).toBeNull());
  });

  test("who is still typing has made no mistake yet", async () => {
    const late = { ...mistake, start: 7, end: 7 };
    installBackend({ "People.Parse": (_s: string, t: string) => (t ? { ...parsed(""), error: late } : parsed("")) });
    const { user } = open("/people");
    const box = await screen.findByRole("textbox", { name: "Filter" });
    await user.type(box, "status ");
    await new Promise((done) => setTimeout(done, 500));
    expect(screen.queryByTestId("filter-mistake-place")).toBeNull();
    await user.tab();
    expect(await screen.findByTestId("filter-mistake-place")).toBeTruthy();
  });

  test("the beginning of a word that is proposed is no mistake, until the field is left", async () => {
    const half = { ...mistake, start: 0, end: 3, message: 'There is no field "sta".' };
    installBackend({
      "People.Parse": (_s: string, t: string) => (t ? { ...parsed(""), error: half } : parsed("")),
      "People.Complete": () => [{ label: "status", detail: "Status", insert: "status ", start: 0, end: 3 }],
    });
    const { user } = open("/people");
    await user.type(await screen.findByRole("textbox", { name: "Filter" }), "sta");
    await screen.findByRole("option", { name: /status/ });
    await new Promise((done) => setTimeout(done, 500));
    expect(screen.queryByTestId("filter-mistake-place")).toBeNull();
    await user.tab({ shift: true });
    expect(await screen.findByTestId("filter-mistake-place")).toBeTruthy();
  });

  test("proposals come from the backend and go in at the cursor", async () => {
    const backend = installBackend({
      "People.Complete": (_s: string, text: string) =>
        text === "st" ? [{ label: "status", detail: "Status", insert: "status ", start: 0, end: 2 }] : [],
    });
    const { user } = open("/people");
    const box = (await screen.findByRole("textbox", { name: "Filter" })) as HTMLInputElement;
    await user.type(box, "st");
    await screen.findByRole("option", { name: /status/ });
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(box.value).toBe("status "));
    expect(
      backend.callsOf("People.Complete").some(([s, text, cursor]) => s === "src-1" && text === "st" && cursor === 2),
    ).toBe(true);
    await user.type(box, "= active{Enter}");
    await waitFor(() =>
      expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ filter: "status = active" }),
    );
  });

  test("who types on in the instant a proposal was taken types behind it", async () => {
    installBackend({
      "People.Complete": (_s: string, text: string) =>
        text === "st" ? [{ label: "status", detail: "Status", insert: "status ", start: 0, end: 2 }] : [],
    });
    const { user } = open("/people");
    const box = (await screen.findByRole("textbox", { name: "Filter" })) as HTMLInputElement;
    await user.type(box, "st");
    await screen.findByRole("option", { name: /status/ });
    // A machine so busy that no frame is drawn until the typing is done.
    const frames: FrameRequestCallback[] = [];
    const held = vi.spyOn(window, "requestAnimationFrame").mockImplementation((f) => frames.push(f));
    await user.keyboard("{ArrowDown}{Enter}= ");
    for (const frame of frames) {
      frame(performance.now());
    }
    held.mockRestore();
    await user.keyboard("active");
    expect(box.value).toBe("status = active");
  });

  test("chips edit the same tree: remove one, and add one", async () => {
    const backend = installBackend({
      "People.Parse": (_s: string, text: string) =>
        parsed(text, text === "formatted 1" ? old : { kind: "and", nodes: [active, old] }),
      "People.Format": (tree: string) => parsed(`formatted ${chipsOf(readTree(tree)).length}`),
    });
    const { user } = open("/people?filter=both");
    await user.click(await screen.findByRole("button", { name: "Remove: Status is active" }));
    await waitFor(() =>
      expect(document.activeElement?.getAttribute("aria-label")).toBe("Remove: Last active before -90d"),
    );
    await waitFor(() => expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ filter: "formatted 1" }));
    expect(JSON.parse(String(backend.callsOf("People.Format")[0]?.[0]))).toEqual({ where: old });

    await user.click(screen.getByRole("button", { name: "Add a filter" }));
    await user.click(await screen.findByRole("combobox", { name: "Value" }));
    await user.click(await screen.findByRole("option", { name: "suspended" }));
    await user.click(screen.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(backend.callsOf("People.Query").pop()?.[0]).toMatchObject({ filter: "formatted 2" }));
    const added = chipsOf(readTree(String(backend.callsOf("People.Format").pop()?.[0]))).pop();
    expect(added).toEqual({
      kind: "condition",
      field: "status",
      op: "=",
      values: [{ kind: "word", text: "suspended" }],
    });
  });
});
