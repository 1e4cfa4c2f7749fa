package filter

import (
	"fmt"
	"strings"
)

// Explain puts a checked filter into one English sentence for the admin.
func Explain(q *Query, schema *Schema) string {
	var b strings.Builder
	if q.Where == nil {
		b.WriteString("Everybody")
	} else {
		b.WriteString("People " + q.Where.explain(schema, true))
	}
	for i, o := range q.Order {
		b.WriteString([]string{", sorted by ", ", then by "}[min(i, 1)])
		b.WriteString(label(schema, o.Field))
		if o.Desc {
			b.WriteString(" (descending)")
		}
	}
	b.WriteByte('.')
	return b.String()
}

// noun names the field's value in a sentence.
func (f *Field) noun() string {
	if f.Noun != "" {
		return f.Noun
	}
	return lowerFirst(f.Label)
}

func label(schema *Schema, name string) string {
	f, ok := schema.Lookup(name)
	if !ok {
		return name
	}
	return f.noun()
}

// lowerFirst lowers the first letter unless the word is an acronym.
func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:min(1, len(s))]) + s[min(1, len(s)):]
}

func (n *Node) explain(schema *Schema, top bool) string {
	switch n.Kind {
	case And, Or:
		parts := make([]string, len(n.Nodes))
		for i, child := range n.Nodes {
			parts[i] = child.explain(schema, false)
		}
		s := strings.Join(parts, " "+string(n.Kind)+" ")
		if top {
			return s
		}
		return "(" + s + ")"
	case Not:
		return "not " + n.Nodes[0].explain(schema, false)
	default:
		return n.explainCondition(schema)
	}
}

func (n *Node) explainCondition(schema *Schema) string {
	f, ok := schema.Lookup(n.Field)
	if !ok {
		return n.Field
	}
	subject := "whose " + f.noun()
	if f.Type == Bool {
		subject = "for whom “" + f.Label + "”"
	}
	if n.Arg != "" {
		subject += " in " + n.Arg
	}
	values := make([]string, len(n.Values))
	for i, v := range n.Values {
		values[i] = v.explain()
	}
	list := strings.Join(values, " or ")
	if f.Unit != "" {
		list += " " + f.Unit
	}
	if len(n.Values) == 1 && n.Values[0].Kind == SpanValue {
		if words, ok := explainAge(n.Op, n.Values[0].Text); ok {
			return subject + " " + words
		}
	}
	verb := explainOp(n.Op, f.Type)
	if strings.Contains(verb, "%s") {
		return subject + " " + fmt.Sprintf(verb, list)
	}
	return subject + " " + verb
}

// explainOp gives the words of an operator; %s stands for the values.
func explainOp(op Op, t Type) string {
	if t == Set {
		switch op {
		case Equal, In:
			return "includes %s"
		case NotEqual, NotIn:
			return "does not include %s"
		case Empty:
			return "is none"
		case NotEmpty:
			return "is at least one"
		default:
		}
	}
	if t == Date {
		switch op {
		case Less:
			return "is before %s"
		case AtMost:
			return "is not after %s"
		case Greater:
			return "is after %s"
		case AtLeast:
			return "is not before %s"
		case Empty:
			return "is never"
		case NotEmpty:
			return "is a day"
		default:
		}
	}
	if (t == Number || t == Date) && op.Negates() {
		return map[Op]string{NotEqual: "is not %s", NotIn: "is not %s", IsKnown: "is known"}[op]
	}
	return map[Op]string{
		Equal: "is %s", In: "is %s", NotEqual: "is known and not %s", NotIn: "is known and not %s",
		Like: "contains %s", NotLike: "is known and does not contain %s",
		Less: "is less than %s", AtMost: "is at most %s", Greater: "is more than %s", AtLeast: "is at least %s",
		Empty: "is not set", NotEmpty: "is set", IsUnknown: "is not known", IsKnown: "is known",
	}[op]
}

func (v Value) explain() string {
	switch v.Kind {
	case SpanValue:
		return explainSpan(v.Text)
	case TextValue:
		quoted := Quote(v.Text)
		return "“" + quoted[1:len(quoted)-1] + "”"
	default:
		return v.String()
	}
}

// explainAge words a comparison with a day in the past the way people say it.
func explainAge(op Op, span string) (string, bool) {
	ago, past := strings.CutSuffix(explainSpan(span), " ago")
	verb, ok := map[Op]string{
		Less: "is more than %s ago", AtMost: "is at least %s ago", Greater: "is less than %s ago", AtLeast: "is at most %s ago",
	}[op]
	return fmt.Sprintf(verb, ago), ok && past
}

// explainSpan turns -90d into "90 days ago".
func explainSpan(span string) string {
	m := spanPattern.FindStringSubmatch(span)
	if m == nil {
		return span
	}
	unit := map[string]string{"d": "day", "w": "week", "m": "month", "y": "year"}[m[3]]
	if m[2] != "1" {
		unit += "s"
	}
	if m[1] == "-" {
		return m[2] + " " + unit + " ago"
	}
	return m[2] + " " + unit + " from now"
}
