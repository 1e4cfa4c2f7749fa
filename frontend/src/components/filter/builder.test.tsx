import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { installBackend } from "../../test/fakeBackend";
import { open, violations } from "../../test/open";
import { canMove, fromTree, type GroupPart, movePart, type Part, removePart, toTree } from "./builder";
import { type FilterNode, typedValue, valueText } from "./tree";

const condition = (text: string): FilterNode => ({
  kind: "condition",
  field: "department",
  op: "=",
  values: [{ kind: "text", text }],
});

/** A random tree as the backend writes them: no group of fewer than two. */
function randomNode(random: () => number, depth: number): FilterNode {
  const roll = random();
  if (depth === 0 || roll < 0.4) {
    return condition(`d${Math.floor(random() * 100)}`);
  }
  if (roll < 0.55) {
    return { kind: "not", nodes: [randomNode(random, depth - 1)] };
  }
  const nodes = Array.from({ length: 2 + Math.floor(random() * 3) }, () => randomNode(random, depth - 1));
  return { kind: roll < 0.8 ? "and" : "or", nodes };
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

const everyPart = (group: GroupPart): Part[] =>
  group.parts.flatMap((p) => (p.kind === "condition" ? [p] : [p, ...everyPart(p)]));
const conditions = (root: GroupPart) =>
  everyPart(root)
    .flatMap((p) => (p.kind === "condition" ? [JSON.stringify(p.node)] : []))
    .sort();

describe("the builder's form", () => {
  test("every tree there and back is the same tree", () => {
    const random = seeded(7);
    for (let i = 0; i < 3000; i++) {
      const where = randomNode(random, 6);
      const order = random() < 0.5 ? [{ field: "name", desc: true }] : undefined;
      expect(toTree(fromTree({ where, order }), order)).toEqual({ where, order });
    }
    expect(toTree(fromTree({}), [])).toEqual({ where: undefined, order: undefined });
  });

  test("no move loses, doubles or changes a condition, and each can be taken back", () => {
    const random = seeded(11);
    const back = { up: "down", down: "up" } as const;
    for (let i = 0; i < 2000; i++) {
      const root = fromTree({ where: randomNode(random, 5) });
      const parts = everyPart(root);
      const part = parts[Math.floor(random() * parts.length)] as Part;
      for (const move of ["up", "down", "in", "out"] as const) {
        const moved = movePart(root, part.id, move);
        expect(conditions(moved)).toEqual(conditions(root));
        expect(everyPart(moved).filter((p) => p.id === part.id)).toHaveLength(1);
        if (move === "up" || move === "down") {
          expect(canMove(root, part.id, move) ? movePart(moved, part.id, back[move]) : moved).toEqual(root);
        }
      }
      expect(everyPart(removePart(root, part.id)).some((p) => p.id === part.id)).toBe(false);
    }
  });

  test("in and out: into the group before, else into a new one; out again behind it", () => {
    const root = fromTree({ where: { kind: "and", nodes: [condition("a"), condition("b"), condition("c")] } });
    const [a, b] = root.parts as [Part, Part];
    const inside = movePart(root, b.id, "in");
    expect(inside.parts[1]).toMatchObject({ kind: "or", parts: [{ id: b.id }] });
    const both = movePart(movePart(inside, inside.parts[2]?.id ?? 0, "in"), a.id, "down");
    expect(toTree(both, [])).toEqual({
      where: { kind: "and", nodes: [{ kind: "or", nodes: [condition("b"), condition("c")] }, condition("a")] },
      order: undefined,
    });
    expect(toTree(movePart(inside, b.id, "out"), []).where).toEqual(toTree(root, []).where);
  });

  test("function values are typed and kept", () => {
    const call = { kind: "call", text: "startOfMonth", args: [{ kind: "number", text: "-1" }] };
    expect(typedValue(valueText(call), "date")).toEqual(call);
    expect(typedValue("now()", "date")).toEqual({ kind: "call", text: "now", args: undefined });
    expect(typedValue("now()", "text").kind).toBe("text");
  });
});

/** A backend that prints trees in a small form of its own and reads them back. */
function language() {
  const trees = new Map<string, string>([["", "{}"]]);
  const text = (n: FilterNode): string =>
    n.kind === "condition"
      ? `${n.field} ${n.op} ${n.values?.map(valueText).join()}`
      : n.kind === "not"
        ? `NOT (${n.nodes?.map(text).join("")})`
        : `(${n.nodes?.map(text).join(` ${n.kind.toUpperCase()} `)})`;
  const add = (tree: { where?: FilterNode }) => {
    const printed = tree.where ? text(tree.where) : "";
    trees.set(printed, JSON.stringify(tree));
    return printed;
  };
  const answer = (canonical: string) => ({
    canonical,
    explain: canonical,
    tree: trees.get(canonical) ?? "",
    count: 42,
    error: null,
    warnings: [],
  });
  return {
    add,
    methods: {
      "People.Parse": (_source: string, t: string) => answer(t),
      "People.Format": (tree: string) => answer(add(JSON.parse(tree))),
    },
  };
}

describe("the builder on the page", () => {
  test("a nested text is shown, changed and negated; the text follows, and undoing in the text follows back", async () => {
    const { add, methods } = language();
    const nested = add({
      where: {
        kind: "and",
        nodes: [condition("a"), { kind: "or", nodes: [condition("b"), { kind: "not", nodes: [condition("c")] }] }],
      },
    });
    const backend = installBackend(methods);
    const { user, history } = open(`/people?filter=${encodeURIComponent(nested)}`);
    await user.click(await screen.findByRole("button", { name: "Advanced" }));
    const builder = await screen.findByRole("region", { name: "Filter builder" });
    expect(within(builder).getByText("42 people match")).toBeTruthy();
    expect(within(builder).getByRole("button", { name: "Not: Department is c" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    expect(await violations()).toEqual([]);

    await user.click(within(builder).getByRole("button", { name: "Not: Department is a" }));
    const filter = () => new URLSearchParams(history.location.search).get("filter");
    await waitFor(() => expect(filter()).toBe("(NOT (department = a) AND (department = b OR NOT (department = c)))"));
    await user.click(within(builder).getByRole("button", { name: "Outdent: Department is b" }));
    await waitFor(() => expect(filter()).toBe("(NOT (department = a) AND NOT (department = c) AND department = b)"));
    await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Edit: Department is b"));
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Filter" }).value).toBe(filter());
    history.back();
    history.back();
    expect(await within(builder).findByRole("button", { name: "Outdent: Department is b" })).toBeTruthy();
    await waitFor(() =>
      expect(within(builder).getByRole("button", { name: "Not: Department is a" }).getAttribute("aria-pressed")).toBe(
        "false",
      ),
    );
    expect(backend.callsOf("People.Format")).toHaveLength(2);
  });

  test("a field is sorted by over all apps and in one of them: each is its own part", async () => {
    const { add, methods } = language();
    const tree = { where: condition("a"), order: [{ field: "lastActive", arg: "Jira" }, { field: "lastActive" }] };
    const text = add(tree);
    const backend = installBackend(methods);
    const { user } = open(`/people?filter=${encodeURIComponent(text)}`);
    await user.click(await screen.findByRole("button", { name: "Advanced" }));
    const builder = await screen.findByRole("region", { name: "Filter builder" });
    expect(within(builder).getByRole("button", { name: "Do not sort by Last active" })).toBeTruthy();
    await user.click(within(builder).getByRole("button", { name: "Last active (Jira) (ascending)" }));
    const sent = () => JSON.parse(backend.callsOf("People.Format").pop()?.[0] as string).order;
    await waitFor(() => expect(sent()).toEqual([{ ...tree.order[0], desc: true }, tree.order[1]]));
    await user.click(await within(builder).findByRole("button", { name: "Do not sort by Last active (Jira)" }));
    await waitFor(() => expect(sent()).toEqual([tree.order[1]]));
  });

  test("the focus stays in the builder when parts move or are removed", async () => {
    const { add, methods } = language();
    const inner: FilterNode = { kind: "or", nodes: [condition("b"), condition("c")] };
    const nested = add({
      where: { kind: "and", nodes: [condition("a"), { kind: "or", nodes: [inner, condition("d")] }] },
    });
    installBackend(methods);
    const { user } = open(`/people?filter=${encodeURIComponent(nested)}`);
    await user.click(await screen.findByRole("button", { name: "Advanced" }));
    const builder = await screen.findByRole("region", { name: "Filter builder" });
    for (const [press, focused] of [
      ["Outdent: any of 2 parts", "Not: any of 2 parts"],
      ["Remove: Department is b", "Edit: Department is c"],
      ["Remove: Department is c", "Not: any of 0 parts"],
      ["Remove: any of 0 parts", "Not: any of 1 part"],
      ["Remove: any of 1 part", "Edit: Department is a"],
      ["Remove: Department is a", "Not: all of 0 parts"],
    ] as const) {
      within(builder).getAllByRole("button", { name: press }).at(-1)?.focus();
      await user.keyboard("{Enter}");
      await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe(focused));
    }
  });

  test("a group that is still empty stays while it is filled, and is not in the text", async () => {
    const { methods } = language();
    installBackend(methods);
    const { user, history } = open("/people");
    await user.click(await screen.findByRole("button", { name: "Advanced" }));
    const builder = await screen.findByRole("region", { name: "Filter builder" });
    await user.click(within(builder).getByRole("button", { name: "Add a group" }));
    const inner = await within(builder).findByRole("group", { name: "Group: any of 0 parts" });
    await user.click(within(inner).getByRole("button", { name: "Add a condition" }));
    const editor = await screen.findByRole("dialog", { name: "Add a condition" });
    await user.click(within(editor).getByRole("combobox", { name: "Value" }));
    await user.click(await screen.findByRole("option", { name: "active" }));
    await user.click(within(editor).getByRole("button", { name: "Add" }));
    await waitFor(() => expect(history.location.search).toContain("status"));
    expect(within(builder).getByRole("group", { name: "Group: any of 1 part" })).toBeTruthy();
  });
});
