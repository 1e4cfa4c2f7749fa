package filter

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Format prints a filter in its canonical form. A tree that did not come from Parse should go through Normalize
// instead, which also checks it.
func Format(q *Query) string {
	var b strings.Builder
	if q.Where != nil {
		q.Where.write(&b, 0)
	}
	for i, o := range q.Order {
		switch {
		case i > 0:
			b.WriteString(", ")
		case q.Where != nil:
			b.WriteString(" ORDER BY ")
		default:
			b.WriteString("ORDER BY ")
		}
		b.WriteString(o.String())
	}
	return b.String()
}

// String prints the sort key as it stands after ORDER BY.
func (o Order) String() string {
	s := o.Key()
	if o.Desc {
		s += " DESC"
	}
	return s
}

// Key prints what is sorted by, whatever the direction: lastActive("Jira").
func (o Order) Key() string { return withArg(o.Field, o.Arg) }

func withArg(field, arg string) string {
	if arg == "" {
		return field
	}
	return field + "(" + Quote(arg) + ")"
}

// Normalize checks a tree from elsewhere, such as the builder, and returns it in canonical form together with its text.
// Positions in the error refer to the text.
func Normalize(q *Query, schema *Schema) (canonical *Query, text string, err *Error) {
	where, _ := q.Where.simplify(0)
	if e := where.check(1); e != nil {
		return nil, "", e
	}
	if e := where.shape(); e != nil {
		return nil, "", e
	}
	for _, o := range q.Order {
		if !isWord(o.Field) {
			return nil, "", errorAt(0, 0, "The list cannot be sorted by %s.", quoted(o.Field))
		}
	}
	text = Format(&Query{Where: where, Order: q.Order})
	canonical, err = Parse(text, schema)
	if err != nil {
		return nil, text, err
	}
	return canonical, Format(canonical), nil
}

// shape refuses trees that cannot be printed.
func (n *Node) shape() *Error {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case And, Or, Not:
		if n.Kind == Not && len(n.Nodes) != 1 {
			return errorAt(0, 0, "NOT stands before exactly one condition or group.")
		}
		for _, child := range n.Nodes {
			if err := child.shape(); err != nil {
				return err
			}
		}
		return nil
	case Condition:
		if !isWord(n.Field) || !slices.Contains(allOps, n.Op) {
			return errorAt(0, 0, "%s %s is no condition.", quoted(n.Field), quoted(string(n.Op)))
		}
		least, most := n.Op.arity()
		if len(n.Values) < least || len(n.Values) > most {
			return errorAt(0, 0, "%s %s has %d values.", quoted(n.Field), n.Op, len(n.Values))
		}
		return nil
	default:
		return errorAt(0, 0, "The filter has a part of the unknown kind %s.", quoted(string(n.Kind)))
	}
}

var numberPattern = regexp.MustCompile(`^-?[0-9]{1,19}$`)

// precedence of the kinds: a node stands in parentheses inside one that binds at least as tightly.
var precedence = map[Kind]int{Or: 1, And: 2, Not: 3, Condition: 4}

func (n *Node) write(b *strings.Builder, outer int) {
	if own := precedence[n.Kind]; own <= outer && n.Kind != Not {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.Kind {
	case And, Or:
		for i, child := range n.Nodes {
			if i > 0 {
				b.WriteString(" " + strings.ToUpper(string(n.Kind)) + " ")
			}
			inner := precedence[n.Kind]
			if child.Kind == And {
				inner = precedence[And] // an AND inside OR needs none, but is easier to read in parentheses
			}
			child.write(b, inner)
		}
	case Not:
		b.WriteString("NOT ")
		n.Nodes[0].write(b, precedence[Not])
	default:
		n.printCondition(b)
	}
}

func (n *Node) printCondition(b *strings.Builder) {
	b.WriteString(withArg(n.Field, n.Arg))
	b.WriteString(" " + string(n.Op))
	if _, most := n.Op.arity(); most == 0 {
		return
	}
	b.WriteByte(' ')
	if n.Op == In || n.Op == NotIn {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, v := range n.Values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(v.String())
	}
}

// String prints the value as it stands in a filter.
func (v Value) String() string {
	switch {
	case v.Kind == CallValue && functions[v.Text] != nil:
		args := make([]string, len(v.Args))
		for i, a := range v.Args {
			args[i] = a.String()
		}
		return v.Text + "(" + strings.Join(args, ", ") + ")"
	case v.Kind == WordValue && isWord(v.Text), v.Kind == DateValue && isDate(v.Text), v.Kind == SpanValue && isSpan(v.Text):
		return v.Text
	case v.Kind == NumberValue && numberPattern.MatchString(v.Text):
		return v.Text
	default:
		return Quote(v.Text) // whatever it holds, it is one value and nothing else
	}
}

// Quote writes any text as a string of the language. Control and formatting characters, which could make a name look
// like another or turn a line around, are written as escapes.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r != ' ' && !unicode.IsGraphic(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			fmt.Fprintf(&b, `\u{%X}`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
