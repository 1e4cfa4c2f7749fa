package filter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// test reads the operator and the values of a condition.
func (p *parser) test(n *Node, field *Field) *Error {
	p.needs = append(p.needs, need{kind: needOp, field: field})
	t := p.tok()
	op, err := p.operator(field)
	if err != nil {
		return err
	}
	n.Op = op
	if !field.allows(op) {
		err := errorAt(t.pos, p.tokens[p.at-1].end, "%s cannot be used with %s.", field.Name, quoted(string(op)))
		for _, o := range field.Operators() {
			err.Expected = append(err.Expected, string(o))
		}
		if other := map[Op]Op{Like: Equal, NotLike: NotEqual, Equal: Like, NotEqual: NotLike, Empty: IsUnknown, NotEmpty: IsKnown, IsUnknown: Empty, IsKnown: NotEmpty}[op]; field.allows(other) {
			err.Suggestion = string(other)
		}
		return err
	}
	switch least, most := op.arity(); {
	case most == 0:
		return nil
	case least == most:
		v, err := p.value(field)
		n.Values = []Value{v}
		if in := listOps[op]; err != nil && p.tok().sign("(") && field.allows(in) {
			err.Message = fmt.Sprintf("A list stands after %s.", strings.ToUpper(string(in)))
			err.Expected, err.Pos, err.Suggestion = nil, t.pos, string(in)+" ("
		}
		return err
	}
	return p.list(n, field)
}

// operator reads any operator.
func (p *parser) operator(field *Field) (Op, *Error) {
	t := p.tok()
	switch {
	case t.kind == opToken:
		p.advance()
		if next := p.tok(); next.kind == opToken && next.pos == t.end {
			err := errorAt(t.pos, next.end, "%s is not an operator.", quoted(t.text+next.text))
			err.Suggestion = string(otherOps[t.text+next.text])
			return "", err
		}
		return Op(t.text), nil
	case t.is("in"):
		p.advance()
		return In, nil
	case t.is("not"):
		p.advance()
		if p.keyword("IN") {
			return NotIn, nil
		}
		err := p.unexpected()
		if op := otherOps["not "+strings.ToLower(p.tok().text)]; op != "" && field.allows(op) {
			err.Pos, err.Suggestion = t.pos, string(op)
		}
		return "", err
	case t.is("is"):
		if !field.allows(Empty) && !field.allows(IsUnknown) && p.tokens[p.at+1].isValue() {
			err := p.noOperator(field)
			err.Suggestion = string(Equal)
			return "", err
		}
		p.advance()
		return p.is(field, t.pos)
	}
	return "", p.noOperator(field)
}

// is reads what follows IS, which stands at from. What the field does not allow is read too, but not offered.
func (p *parser) is(field *Field, from int) (Op, *Error) {
	negated := p.keyword("NOT")
	if field.allows(Empty) {
		p.needs = append(p.needs, need{kind: needKeyword, word: "EMPTY"})
	}
	if field.allows(IsUnknown) {
		p.needs = append(p.needs, need{kind: needKeyword, word: "UNKNOWN"}, need{kind: needKeyword, word: "KNOWN"})
	}
	positive, negative := Empty, NotEmpty
	switch t := p.tok(); {
	case t.is("empty"), t.is("null"):
	case t.is("unknown"):
		positive, negative = IsUnknown, IsKnown
	case t.is("known"):
		positive, negative = IsKnown, IsUnknown
	default:
		return "", p.notAfterIs(field, from, negated)
	}
	p.advance()
	if negated {
		return negative, nil
	}
	return positive, nil
}

// list reads the values of IN.
func (p *parser) list(n *Node, field *Field) *Error {
	if !p.sign("(") {
		err := p.unexpected()
		p.unwrapped(err)
		return err
	}
	for {
		v, err := p.value(field)
		if err != nil {
			return err
		}
		if n.Values = append(n.Values, v); len(n.Values) > MaxTerms {
			return v.Errorf("The list is too long: at most %d values are allowed.", MaxTerms)
		}
		if p.sign(",") {
			continue
		}
		if !p.sign(")") {
			err := p.unexpected()
			if t := p.tok(); t.isValue() {
				err.Suggestion = ", " + t.written()
			}
			return err
		}
		return nil
	}
}

// value reads one value and brings it into the form that the field wants.
func (p *parser) value(field *Field) (Value, *Error) {
	p.needs = append(p.needs, need{kind: needValue, field: field})
	t := p.tok()
	v := Value{Text: t.text, Pos: t.pos, End: t.end}
	switch t.kind {
	case stringToken:
		v.Kind = TextValue
	case numberToken:
		v.Kind = NumberValue
	case dateToken:
		v.Kind = DateValue
	case spanToken:
		v.Kind = SpanValue
	case wordToken:
		never := t.is("never") && field.Type == Date && field.allows(Empty)
		if reserved[strings.ToLower(t.text)] || never {
			err := p.unexpected()
			if never || t.is("empty") || t.is("null") {
				return v, p.emptied(err, field)
			}
			return v, err
		}
		v.Kind = WordValue
	default:
		return v, p.unexpected()
	}
	p.advance()
	if v.Kind == WordValue && field.Type == Date && p.tok().sign("(") {
		if err := p.call(&v); err != nil {
			return v, err
		}
	}
	if field.Type == Date {
		if err := p.unitAfter(v); err != nil {
			return v, err
		}
	}
	return v, adopt(&v, field)
}

// call reads the parentheses of a function.
func (p *parser) call(v *Value) *Error {
	v.Kind = CallValue
	p.advance()
	switch t := p.tok(); t.kind {
	case numberToken:
		v.Args = []Value{{Kind: NumberValue, Text: t.text, Pos: t.pos, End: t.end}}
		p.advance()
	case spanToken:
		v.Args = []Value{{Kind: SpanValue, Text: t.text, Pos: t.pos, End: t.end}}
		p.advance()
	default:
		p.needs = append(p.needs, need{kind: needCount})
	}
	if !p.sign(")") {
		return p.unexpected()
	}
	v.End = p.tokens[p.at-1].end
	return nil
}

// adopt brings a value into the canonical kind and spelling for the field, or says why it cannot.
func adopt(v *Value, field *Field) *Error {
	switch field.Type {
	case Choice:
		return adoptChoice(v, field)
	case Bool:
		return adoptBool(v, field)
	case Number:
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil && (v.Kind == TextValue || v.Kind == NumberValue) {
			v.Kind, v.Text = NumberValue, strconv.FormatInt(n, 10)
			return nil
		}
		err := v.Errorf("%s needs a whole number.", field.Name)
		if field.Unit != "" {
			err.Message = fmt.Sprintf("%s needs a whole number of %s.", field.Name, field.Unit)
		}
		err.Expected, err.Suggestion = []string{"a whole number"}, field.guessNumber(v.Text)
		return err
	case Date:
		return adoptDate(v, field)
	default:
		if v.Text == "" {
			err := v.Errorf("The text is empty.")
			if slices.Contains(field.Operators(), Empty) {
				err.Message = fmt.Sprintf("The text is empty; to find people without a value write %s IS EMPTY.", field.Name)
			}
			return err
		}
		if rest, led := strings.CutPrefix(v.Text, field.Lead); led && field.Lead != "" {
			err := v.Errorf("%s is written without %s.", field.Name, field.Lead)
			if rest != "" {
				err.Suggestion = Quote(rest)
			}
			return err
		}
		v.Kind = TextValue
		return nil
	}
}

func adoptChoice(v *Value, field *Field) *Error {
	names, meant := make([]string, 0, len(field.Options)), ""
	for _, o := range field.Options {
		if strings.EqualFold(o.Value, v.Text) && (v.Kind == WordValue || v.Kind == TextValue) {
			v.Kind, v.Text = WordValue, o.Value
			return nil
		}
		if slices.ContainsFunc(o.Also, func(also string) bool { return strings.EqualFold(also, v.Text) }) {
			meant = o.Value
		}
		names = append(names, o.Value)
	}
	err := v.Errorf("%s is never %s.", field.Name, quoted(v.Text))
	err.Expected = names
	if err.Suggestion = meant; meant != "" {
		return err
	}
	return err.Suggest(v.Text, names, false)
}

func adoptBool(v *Value, field *Field) *Error {
	switch strings.ToLower(v.Text) {
	case "yes", "true":
		v.Kind, v.Text = WordValue, "yes"
	case "no", "false":
		v.Kind, v.Text = WordValue, "no"
	default:
		err := v.Errorf("%s is yes or no.", field.Name)
		err.Expected = []string{"yes", "no"}
		if strings.EqualFold(v.Text, "unknown") {
			err.Message = fmt.Sprintf("To find people of whom it is not known write %s IS UNKNOWN.", field.Name)
		}
		return err
	}
	return nil
}

func adoptDate(v *Value, field *Field) *Error {
	switch {
	case v.Kind == DateValue, v.Kind == SpanValue:
	case v.Kind == TextValue && isDate(v.Text):
		v.Kind = DateValue
	case v.Kind == TextValue && isSpan(v.Text):
		v.Kind, v.Text = SpanValue, canonicalSpan(v.Text)
	case v.Kind == CallValue:
		return adoptCall(v)
	default:
		err := v.Errorf("%s needs a date.", field.Name)
		err.Expected = []string{"2026-01-31", "-90d", "-3m", "-1y", "startOfMonth()"}
		err.Suggestion = guessDate(v.Text)
		return err
	}
	if _, ok := v.day(0); !ok {
		return v.Errorf("%s is too far away.", v.Text)
	}
	return nil
}

// check enforces the limits on the tree's shape.
func (q *Query) check() *Error { return q.Where.check(1) }

func (n *Node) check(depth int) *Error {
	if n == nil {
		return nil
	}
	if depth > MaxDepth {
		return errorAt(n.Pos, n.End, "The filter is nested too deeply: at most %d levels are allowed.", MaxDepth)
	}
	for _, child := range n.Nodes {
		if err := child.check(depth + 1); err != nil {
			return err
		}
	}
	return nil
}
