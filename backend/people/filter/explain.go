package filter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Explain puts a checked filter into one English sentence for the admin.
func Explain(q *Query, schema *Schema) string {
	var b strings.Builder
	if q.Where == nil {
		b.WriteString("Everybody")
	} else {
		b.WriteString("People " + q.Where.explain(schema, false, true))
	}
	for i, o := range q.Order {
		b.WriteString([]string{", sorted by ", ", then by "}[min(i, 1)])
		b.WriteString(nounIn(label(schema, o.Field), o.Arg))
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

// nounIn adds a field's argument to its noun.
func nounIn(noun, arg string) string {
	if arg == "" {
		return noun
	}
	return noun + " in " + arg
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

// explain words a part of a filter, or its negation: NOT is carried down to the conditions, as nobody says "not whose".
// That changes nothing about what is found: NOT (a AND b) is NOT a OR NOT b also where a or b is unknown.
func (n *Node) explain(schema *Schema, negated, top bool) string {
	switch n.Kind {
	case And, Or:
		parts := make([]string, len(n.Nodes))
		for i, child := range n.Nodes {
			parts[i] = child.explain(schema, negated, false)
		}
		word := "and"
		if (n.Kind == Or) != negated {
			word = "or"
		}
		s := enumerate(parts, word)
		if !top {
			s = "(" + s + ")"
		}
		return s
	case Not:
		return n.Nodes[0].explain(schema, !negated, top)
	default:
		return n.explainCondition(schema, negated)
	}
}

// enumerate joins clauses, with commas where there are many, or where one of them holds an "and" or "or" of its own.
func enumerate(parts []string, word string) string {
	last := len(parts) - 1
	if last > 1 {
		return strings.Join(parts[:last], ", ") + ", " + word + " " + parts[last]
	}
	for _, part := range parts {
		if !strings.HasPrefix(part, "(") && (strings.Contains(part, " and ") || strings.Contains(part, " or ")) {
			return strings.Join(parts, ", "+word+" ")
		}
	}
	return strings.Join(parts, " "+word+" ")
}

func (n *Node) explainCondition(schema *Schema, negated bool) string {
	f, ok := schema.Lookup(n.Field)
	if !ok {
		return n.Field
	}
	op := n.Op
	if negated {
		op, negated = op.not(f.Type)
	}
	noun := f.noun()
	if f.Type == Bool {
		noun = "“" + f.Label + "”"
	}
	noun = nounIn(noun, n.Arg)
	values := n.Values
	if f.Type == Bool && op == NotEqual { // there is only one other answer
		op, values = Equal, []Value{{Kind: WordValue, Text: map[string]string{"yes": "no", "no": "yes"}[values[0].Text]}}
	}
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v.explain()
	}
	verb := explainOp(op, f.Type, len(values) > 1)
	if slices.ContainsFunc(values, func(v Value) bool { return v.Kind == WordValue && v.Text == "unknown" }) {
		verb = strings.Replace(verb, "known and ", "", 1)
	}
	if len(values) == 1 && values[0].Kind == SpanValue {
		if age, ok := explainAge(op, values[0].Text, negated); ok {
			verb, negated = age, false
		}
	}
	if negated {
		verb = strings.Replace(verb, "is ", "is not ", 1)
	}
	or := " or "
	if strings.Contains(verb, "neither") {
		or = " nor "
	}
	list := strings.Join(words, or)
	if f.Unit != "" {
		list += " " + f.Unit
	}
	return strings.NewReplacer("%noun", noun, "%s", list).Replace(verb)
}

// not gives the operator that says the opposite. Dates have none for before and after, as there are people without a
// date: for those the second result is true, and the words must say it.
func (op Op) not(t Type) (Op, bool) {
	for _, negative := range allOps {
		if negative.Negates() && negative.Positive() == op {
			return negative, false
		}
	}
	if op.Negates() {
		return op.Positive(), false
	}
	if t == Date {
		return op, true
	}
	return map[Op]Op{Less: AtLeast, AtLeast: Less, Greater: AtMost, AtMost: Greater}[op], false
}

// explainOp gives the clause of an operator; %noun stands for the field and %s for the values.
func explainOp(op Op, t Type, several bool) string {
	clause := map[Op]string{
		Equal: "is %s", NotEqual: "is known and not %s", Like: "contains %s", NotLike: "is known and does not contain %s",
		Less: "is less than %s", AtMost: "is at most %s", Greater: "is more than %s", AtLeast: "is at least %s",
		Empty: "is not set", NotEmpty: "is set", IsUnknown: "is not known", IsKnown: "is known",
	}
	if several {
		clause[NotEqual] = "is known and neither %s"
	}
	switch t {
	case Number, Date:
		clause[NotEqual] = strings.Replace(clause[NotEqual], "known and ", "", 1)
	case Set:
		clause[Equal], clause[NotEqual] = "include %s", "do not include %s"
		if several {
			clause[NotEqual] = "include neither %s"
		}
		clause[Like], clause[NotLike] = "include one that contains %s", "include none that contains %s"
	default:
	}
	clause[In], clause[NotIn] = clause[Equal], clause[NotEqual]
	switch {
	case (t == Set || t == Date) && op == Empty:
		return "who have no %noun"
	case t == Date && op == NotEmpty:
		return "who have a %noun"
	case t == Set && op == NotEmpty:
		return "who have some %noun"
	case t == Bool:
		return "for whom %noun " + clause[op]
	case t == Date:
		clause[Less], clause[AtMost] = "is before %s", "is on or before %s"
		clause[Greater], clause[AtLeast] = "is after %s", "is on or after %s"
	}
	return "whose %noun " + clause[op]
}

func (v Value) explain() string {
	switch v.Kind {
	case SpanValue:
		return explainSpan(v.Text)
	case TextValue:
		quoted := Quote(v.Text)
		return "“" + quoted[1:len(quoted)-1] + "”"
	case CallValue:
		return v.explainCall()
	default:
		return v.String()
	}
}

// explainAge words a comparison with a day in the past, or its negation, the way people say it.
func explainAge(op Op, span string, negated bool) (string, bool) {
	ago, past := strings.CutSuffix(explainSpan(span), " ago")
	words, ok := map[Op]string{Less: "more than %s ago", AtMost: "at least %s ago", Greater: "less than %s ago", AtLeast: "at most %s ago"}[op]
	if !ok || !past {
		return "", false
	}
	verb := "is "
	if negated {
		verb = "is not "
		if op == AtLeast {
			words = "within the last %s"
		}
	}
	return "whose %noun " + verb + fmt.Sprintf(words, ago), true
}

// explainCall turns startOfMonth(-1) into "the start of last month".
func (v Value) explainCall() string {
	edge, unit := "the start of ", strings.ToLower(strings.TrimPrefix(v.Text, "startOf"))
	if end, ok := strings.CutPrefix(v.Text, "endOf"); ok {
		edge, unit = "the end of ", strings.ToLower(end)
	}
	if v.Text == "now" {
		unit = "day"
	}
	moved := "0"
	if len(v.Args) == 1 {
		moved = v.Args[0].Text
	}
	near := map[string]string{"0": "this " + unit, "-1": "last " + unit, "1": "next " + unit}
	if unit == "day" { // its start and its end are the same day
		edge, near = "", map[string]string{"0": "today", "-1": "yesterday", "1": "tomorrow"}
	}
	if words, ok := near[moved]; ok {
		return edge + words
	}
	if n, ok := smallNumber(moved); ok {
		moved = canonicalSpan(strconv.Itoa(n) + unit[:1])
	}
	if edge != "" {
		edge += "the " + unit + " "
	}
	return edge + explainSpan(moved)
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
