import type { FilterNode, FilterTree } from "./tree";

/**
 * The filter as the builder edits it. Each part has an identity, so that it keeps the focus when it moves. NOT is a property of a part;
 * `nots` counts, because a text may say it twice. Groups may be empty while they are being made: the text leaves those out.
 */
export type Part = GroupPart | ConditionPart;

export interface GroupPart {
  id: number;
  nots: number;
  kind: "and" | "or";
  parts: Part[];
}

export interface ConditionPart {
  id: number;
  nots: number;
  kind: "condition";
  node: FilterNode;
}

let next = 1;
const newId = () => next++;

/** A new, empty group. */
export function newGroup(kind: "and" | "or", parts: Part[] = []): GroupPart {
  return { id: newId(), nots: 0, kind, parts };
}

/** A new condition. */
export function newCondition(node: FilterNode): ConditionPart {
  return { id: newId(), nots: 0, kind: "condition", node };
}

function partOf(node: FilterNode): Part {
  let nots = 0;
  let inner = node;
  while (inner.kind === "not" && inner.nodes?.[0]) {
    nots++;
    inner = inner.nodes[0];
  }
  if (inner.kind === "and" || inner.kind === "or") {
    return { id: newId(), nots, kind: inner.kind, parts: (inner.nodes ?? []).map(partOf) };
  }
  return { id: newId(), nots, kind: "condition", node: inner };
}

/** The builder's form of a tree. Its root is always a group. */
export function fromTree(tree: FilterTree): GroupPart {
  const root = tree.where ? partOf(tree.where) : newGroup("and");
  return root.kind === "condition" ? newGroup("and", [root]) : root;
}

function nodeOf(part: Part): FilterNode | undefined {
  let node: FilterNode | undefined;
  if (part.kind === "condition") {
    node = part.node;
  } else {
    const nodes = part.parts.map(nodeOf).filter((n) => n !== undefined);
    node = nodes.length > 1 ? { kind: part.kind, nodes } : nodes[0];
  }
  for (let i = 0; node && i < part.nots; i++) {
    node = { kind: "not", nodes: [node] };
  }
  return node;
}

/** The tree of what the builder has; empty groups and groups around one part vanish. */
export function toTree(root: GroupPart, order: FilterTree["order"]): FilterTree {
  return { where: nodeOf(root), order: order?.length ? order : undefined };
}

/** Puts another part in place of the one with its id. */
export function replacePart<P extends Part>(root: P, part: Part): P {
  if (root.id === part.id) {
    return part as P;
  }
  return root.kind === "condition" ? root : ({ ...root, parts: root.parts.map((p) => replacePart(p, part)) } as P);
}

/** Takes a part out. The root stays. */
export function removePart(root: GroupPart, id: number): GroupPart {
  return {
    ...root,
    parts: root.parts.filter((p) => p.id !== id).map((p) => (p.kind === "condition" ? p : removePart(p, id))),
  };
}

/** The group that holds a part, and where. */
export function placeOf(root: GroupPart, id: number): { group: GroupPart; at: number } | undefined {
  const at = root.parts.findIndex((p) => p.id === id);
  if (at >= 0) {
    return { group: root, at };
  }
  for (const p of root.parts) {
    const found = p.kind === "condition" ? undefined : placeOf(p, id);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** The part that stands in a part's place when it is gone: the one behind it, else the one before it, else the group. */
export function nextTo(root: GroupPart, id: number): number | undefined {
  const place = placeOf(root, id);
  return place && (place.group.parts[place.at + 1] ?? place.group.parts[place.at - 1] ?? place.group).id;
}

export type Move = "up" | "down" | "in" | "out";

/** Whether a part can move so. */
export function canMove(root: GroupPart, id: number, move: Move): boolean {
  const place = placeOf(root, id);
  if (!place) {
    return false;
  }
  switch (move) {
    case "up":
      return place.at > 0;
    case "down":
      return place.at < place.group.parts.length - 1;
    case "in":
      return place.group.parts.length > 1;
    case "out":
      return place.group.id !== root.id;
  }
}

/**
 * Moves a part: up and down within its group; in, into the group before it, else into a new group of the other kind; out, behind the
 * group that holds it. A group that is left empty goes.
 */
export function movePart(root: GroupPart, id: number, move: Move): GroupPart {
  const place = placeOf(root, id);
  if (!place || !canMove(root, id, move)) {
    return root;
  }
  const { group, at } = place;
  const part = group.parts[at] as Part;
  const parts = group.parts.filter((p) => p.id !== id);
  switch (move) {
    case "up":
      parts.splice(at - 1, 0, part);
      break;
    case "down":
      parts.splice(at + 1, 0, part);
      break;
    case "in": {
      const before = parts[at - 1];
      if (before && before.kind !== "condition") {
        parts[at - 1] = { ...before, parts: [...before.parts, part] };
      } else {
        parts.splice(at, 0, newGroup(group.kind === "and" ? "or" : "and", [part]));
      }
      break;
    }
    case "out": {
      const outer = placeOf(root, group.id);
      if (!outer) {
        return root;
      }
      const around = outer.group.parts.flatMap((p) =>
        p.id !== group.id ? [p] : parts.length > 0 ? [{ ...group, parts }, part] : [part],
      );
      return replacePart(root, { ...outer.group, parts: around });
    }
  }
  return replacePart(root, { ...group, parts });
}
