package filter

import "slices"

// The limits against abuse. A filter within them parses in well under a millisecond.
const (
	MaxBytes   = 4096 // of the text, and of its canonical form
	MaxDepth   = 32   // of the tree
	MaxTerms   = 1000 // conditions and values together
	maxNesting = 2 * MaxDepth
	maxOrder   = 3
)

// Kind is the kind of a Node.
type Kind string

// The kinds.
const (
	And       Kind = "and"
	Or        Kind = "or"
	Not       Kind = "not"
	Condition Kind = "condition"
)

// Query is a whole filter. As JSON it is what the builder in the window edits; Format and Parse are exact inverses on
// it.
type Query struct {
	Where *Node   `json:"where,omitempty"` // nil: everybody
	Order []Order `json:"order,omitempty"`
}

// Node is a condition or a combination of nodes.
type Node struct {
	Kind   Kind    `json:"kind"`
	Nodes  []*Node `json:"nodes,omitempty"`  // And, Or: two or more; Not: one
	Field  string  `json:"field,omitempty"`  // Condition: canonical name
	Arg    string  `json:"arg,omitempty"`    // Condition: the field's argument, "" for none
	Op     Op      `json:"op,omitempty"`     // Condition
	Values []Value `json:"values,omitempty"` // Condition: as many as the operator takes

	// Where it stands in the text that it was parsed from, in bytes; zero for trees from elsewhere.
	Pos, End       int `json:"-"`
	ArgPos, ArgEnd int `json:"-"`
}

// ValueKind is the kind of a Value.
type ValueKind string

// The kinds of values.
const (
	WordValue   ValueKind = "word"   // a bare word: active, yes
	TextValue   ValueKind = "text"   // any text; printed in quotes
	NumberValue ValueKind = "number" // a whole number
	DateValue   ValueKind = "date"   // YYYY-MM-DD
	SpanValue   ValueKind = "span"   // days, weeks, months or years from today: -90d
	CallValue   ValueKind = "call"   // a function: startOfMonth(-1)
)

// Value is one value of a condition. Text holds the value as printed, without quotes; for CallValue the function's
// name.
type Value struct {
	Kind ValueKind `json:"kind"`
	Text string    `json:"text"`
	Args []Value   `json:"args,omitempty"` // for CallValue: at most one number or span

	Pos, End int `json:"-"` // in the text that it was parsed from, in bytes
}

// Order is one sort key.
type Order struct {
	Field string `json:"field"`
	Arg   string `json:"arg,omitempty"` // the field's argument, "" for none
	Desc  bool   `json:"desc,omitempty"`

	Pos, End       int `json:"-"`
	ArgPos, ArgEnd int `json:"-"`
}

func (o Order) equal(p Order) bool { return o.Field == p.Field && o.Arg == p.Arg && o.Desc == p.Desc }

// Equal tells whether two filters are the same tree, wherever they stood in a text.
func (q *Query) Equal(r *Query) bool {
	return q.Where.equal(r.Where) && slices.EqualFunc(q.Order, r.Order, Order.equal)
}

func (n *Node) equal(m *Node) bool {
	if n == nil || m == nil {
		return n == m
	}
	return n.Kind == m.Kind && n.Field == m.Field && n.Arg == m.Arg && n.Op == m.Op &&
		slices.EqualFunc(n.Nodes, m.Nodes, (*Node).equal) && slices.EqualFunc(n.Values, m.Values, Value.equal)
}

func (v Value) equal(w Value) bool {
	return v.Kind == w.Kind && v.Text == w.Text && slices.EqualFunc(v.Args, w.Args, Value.equal)
}

// Conditions calls fn for each condition from left to right.
func (q *Query) Conditions(fn func(*Node)) { q.Where.conditions(fn) }

func (n *Node) conditions(fn func(*Node)) {
	if n == nil {
		return
	}
	if n.Kind == Condition {
		fn(n)
	}
	for _, child := range n.Nodes {
		child.conditions(fn)
	}
}

// simplify brings a tree from the builder into the form that the parser makes: no empty and no one-child AND or OR, no
// nil. The second result is false when nothing is left.
func (n *Node) simplify(depth int) (*Node, bool) {
	if n == nil || depth > 2*maxNesting {
		return n, n != nil
	}
	if n.Kind != And && n.Kind != Or && n.Kind != Not {
		return n, true
	}
	nodes := make([]*Node, 0, len(n.Nodes))
	for _, child := range n.Nodes {
		if c, ok := child.simplify(depth + 1); ok {
			nodes = append(nodes, c)
		}
	}
	switch {
	case len(nodes) == 0:
		return nil, false
	case len(nodes) == 1 && n.Kind != Not:
		return nodes[0], true
	}
	copied := *n
	copied.Nodes = nodes
	return &copied, true
}
