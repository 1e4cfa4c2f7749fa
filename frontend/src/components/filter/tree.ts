/** The tree of a filter, as the backend writes it (backend/filter/tree.go). */
export interface FilterTree {
  where?: FilterNode;
  order?: FilterOrder[];
}

export interface FilterOrder {
  field: string;
  arg?: string;
  desc?: boolean;
}

export interface FilterNode {
  kind: "and" | "or" | "not" | "condition";
  nodes?: FilterNode[];
  field?: string;
  arg?: string;
  op?: string;
  values?: FilterValue[];
}

export interface FilterValue {
  kind: string;
  text: string;
  args?: FilterValue[];
}

/** Reads a tree; "" is everybody. Parts that the page does not know are kept as they are. */
export function readTree(json: string): FilterTree {
  if (json === "") {
    return {};
  }
  const data: unknown = JSON.parse(json);
  return typeof data === "object" && data !== null ? (data as FilterTree) : {};
}

/** The parts that must all hold: each is a chip. */
export function chipsOf(tree: FilterTree): FilterNode[] {
  const { where } = tree;
  if (!where) {
    return [];
  }
  return where.kind === "and" ? (where.nodes ?? []) : [where];
}

/** The tree with other chips. An AND of one or none is left to the backend to simplify. */
export function withChips(tree: FilterTree, chips: FilterNode[]): FilterTree {
  const [only, ...more] = chips;
  const where = more.length > 0 ? { kind: "and" as const, nodes: chips } : only;
  return { ...tree, where };
}

/** A chip that the small editor can change: one condition without NOT around it. */
export function isSimple(node: FilterNode): boolean {
  return node.kind === "condition";
}

const opWords: Record<string, string> = {
  "=": "is",
  "!=": "is not",
  "~": "contains",
  "!~": "does not contain",
  in: "is one of",
  "not in": "is none of",
  "<": "before",
  "<=": "at or before",
  ">": "after",
  ">=": "at or after",
};

const numberWords: Record<string, string> = { "<": "below", "<=": "at most", ">": "above", ">=": "at least" };

/** An operator in words; dates are before and after, numbers below and above. */
export function opWord(op: string, type: string): string {
  return (type === "number" ? numberWords[op] : undefined) ?? opWords[op] ?? op;
}

/** How many values an operator takes. */
export function arity(op: string): "none" | "one" | "many" {
  if (op.startsWith("is ")) {
    return "none";
  }
  return op === "in" || op === "not in" ? "many" : "one";
}

const whole = /^-?\d+$/;
const span = /^[+-]?\d+[dwmy]$/;

/** A typed text as a value. The backend checks it and says what is wrong. */
export function typedValue(text: string, type: string): FilterValue {
  if (type === "choice" || type === "bool") {
    return { kind: "word", text };
  }
  if (type === "number" && whole.test(text)) {
    return { kind: "number", text };
  }
  if (type === "date") {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return { kind: "date", text };
    }
    if (span.test(text)) {
      return { kind: "span", text };
    }
    const called = /^([a-zA-Z]\w*)\(\s*(.*?)\s*\)$/.exec(text);
    if (called?.[1] && (called[2] === "" || whole.test(called[2] ?? "") || span.test(called[2] ?? ""))) {
      const argument = called[2] ?? "";
      const args = argument === "" ? undefined : [{ kind: whole.test(argument) ? "number" : "span", text: argument }];
      return { kind: "call", text: called[1], args };
    }
  }
  return { kind: "text", text };
}

/** A value as it is typed. */
export function valueText(v: FilterValue): string {
  return v.kind === "call" ? `${v.text}(${(v.args ?? []).map(valueText).join(", ")})` : v.text;
}

/** A field's label with its argument. */
export function withArgument(label: string, argument: string | undefined): string {
  return argument ? `${label} (${argument})` : label;
}

/** A part of a filter in words, for a chip. */
export function nodeWords(node: FilterNode, label: (field: string) => { label: string; type: string }): string {
  switch (node.kind) {
    case "not":
      return `not (${(node.nodes ?? []).map((n) => nodeWords(n, label)).join("")})`;
    case "and":
    case "or":
      return (node.nodes ?? [])
        .map((n) => (n.kind === "and" || n.kind === "or" ? `(${nodeWords(n, label)})` : nodeWords(n, label)))
        .join(` ${node.kind} `);
    case "condition": {
      const field = label(node.field ?? "");
      const values = (node.values ?? []).map(valueText).join(", ");
      return `${withArgument(field.label, node.arg)} ${opWord(node.op ?? "", field.type)}${values ? ` ${values}` : ""}`;
    }
  }
}
