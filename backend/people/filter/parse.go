package filter

import (
	"slices"
	"strings"
)

// Parse reads a filter and checks it against the schema. The tree it returns is canonical: fields have their own
// spelling, values the kind that the field wants, and Parse(Format(tree)) is the same tree.
func Parse(text string, schema *Schema) (*Query, *Error) {
	q, _, err := parse(text, schema)
	if err != nil {
		return nil, err.Locate(text)
	}
	return q, nil
}

// parse is Parse that also tells what may stand at the place where it ended or failed.
func parse(text string, schema *Schema) (*Query, []need, *Error) {
	if len(text) > MaxBytes {
		return nil, nil, errorAt(MaxBytes, len(text), "The filter is too long: at most %d bytes are allowed.", MaxBytes)
	}
	tokens, lexErr := lex(text)
	if lexErr != nil {
		// What stands before the unreadable place may hold an earlier mistake, which then is the one to show.
		tokens = append(tokens, token{endToken, "", lexErr.Pos, lexErr.Pos})
	}
	p := &parser{tokens: tokens, schema: schema}
	q, err := p.query()
	switch {
	case err != nil && lexErr != nil && err.Pos >= lexErr.Pos, err == nil && lexErr != nil:
		return nil, p.needs, lexErr
	case err != nil:
		return nil, p.needs, err
	}
	if err := q.check(); err != nil {
		return nil, p.needs, err
	}
	if canonical := Format(q); len(canonical) > MaxBytes {
		return nil, p.needs, errorAt(0, len(text), "The filter is too long: written out it has %d bytes, at most %d are allowed.", len(canonical), MaxBytes)
	}
	return q, p.needs, nil
}

type parser struct {
	tokens  []token
	at      int
	schema  *Schema
	needs   []need // for the current token
	nesting int
	terms   int
}

func (p *parser) tok() token { return p.tokens[p.at] }

func (p *parser) advance() {
	if p.tok().kind != endToken {
		p.at++
		p.needs = p.needs[:0]
	}
}

// keyword takes the keyword if it is next.
func (p *parser) keyword(word string) bool {
	p.needs = append(p.needs, need{kind: needKeyword, word: word})
	if !p.tok().is(word) {
		return false
	}
	p.advance()
	return true
}

// sign takes the sign if it is next.
func (p *parser) sign(s string) bool {
	p.needs = append(p.needs, need{kind: needKeyword, word: s})
	if !p.tok().sign(s) {
		return false
	}
	p.advance()
	return true
}

// unexpected is the error about the current token, with everything that was possible instead.
func (p *parser) unexpected() *Error {
	t := p.tok()
	err := errorAt(t.pos, t.end, "%s is not expected here.", quoted(t.text))
	if t.kind == endToken {
		err.Message = "Something is missing at the end."
	}
	seen := map[string]bool{}
	for _, n := range p.needs {
		if s := n.String(); !seen[s] {
			seen[s] = true
			err.Expected = append(err.Expected, s)
		}
	}
	return err
}

func (p *parser) query() (*Query, *Error) {
	q := &Query{}
	p.needs = append(p.needs, need{kind: needField})
	if p.tok().kind != endToken && !p.tok().is("order") {
		where, err := p.or()
		if err != nil {
			return nil, err
		}
		q.Where = where
	}
	if p.keyword("ORDER") {
		if !p.keyword("BY") {
			return nil, p.unexpected()
		}
		order, err := p.order()
		if err != nil {
			return nil, err
		}
		q.Order = order
	}
	if p.tok().kind != endToken {
		return nil, p.unjoined(p.unexpected())
	}
	return q, nil
}

func (p *parser) or() (*Node, *Error)  { return p.chain(Or, "OR", "||", p.and) }
func (p *parser) and() (*Node, *Error) { return p.chain(And, "AND", "&&", p.unary) }

// chain reads one or more operands that are joined by one kind of joint.
func (p *parser) chain(kind Kind, word, sign string, operand func() (*Node, *Error)) (*Node, *Error) {
	first, err := operand()
	if err != nil {
		return nil, err
	}
	nodes := []*Node{first}
	for p.keyword(word) || p.joint(sign) {
		n, err := operand()
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	if len(nodes) == 1 {
		return first, nil
	}
	return &Node{Kind: kind, Nodes: nodes, Pos: first.Pos, End: nodes[len(nodes)-1].End}, nil
}

// joint takes && or ||, which are accepted but not advertised.
func (p *parser) joint(s string) bool {
	if !p.tok().sign(s) {
		return false
	}
	p.advance()
	return true
}

// deeper counts parentheses and NOTs, so that no text can exhaust the stack.
func (p *parser) deeper(t token) *Error {
	if p.nesting++; p.nesting > maxNesting {
		return errorAt(t.pos, t.end, "The filter is nested too deeply.")
	}
	return nil
}

func (p *parser) unary() (*Node, *Error) {
	p.needs = append(p.needs, need{kind: needField})
	t := p.tok()
	switch {
	case p.keyword("NOT") || p.joint("!"):
		if err := p.deeper(t); err != nil {
			return nil, err
		}
		n, err := p.unary()
		if err != nil {
			return nil, err
		}
		p.nesting--
		return &Node{Kind: Not, Nodes: []*Node{n}, Pos: t.pos, End: n.End}, nil
	case p.sign("("):
		if err := p.deeper(t); err != nil {
			return nil, err
		}
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		if !p.sign(")") {
			return nil, p.unexpected()
		}
		p.nesting--
		return n, nil
	}
	return p.condition()
}

func (p *parser) condition() (*Node, *Error) {
	t := p.tok()
	if t.kind != wordToken || reserved[strings.ToLower(t.text)] {
		err := p.unexpected()
		if field, ok := p.schema.Lookup(t.text); ok && t.kind == stringToken {
			err.Message, err.Suggestion = "A field is written without quotes.", field.Name
		}
		return nil, p.bareWords(err)
	}
	field, ok := p.schema.Lookup(t.text)
	if !ok {
		err := errorAt(t.pos, t.end, "There is no field %s.", quoted(t.text))
		err.Expected = []string{"a field"}
		return nil, p.bareWords(p.schema.suggest(err, t.text))
	}
	p.advance()
	n := &Node{Kind: Condition, Field: field.Name, Pos: t.pos, End: t.end}
	var err *Error
	if n.Arg, n.ArgPos, n.ArgEnd, err = p.argument(field); err != nil {
		return nil, err
	}
	if err := p.test(n, field); err != nil {
		return nil, err
	}
	n.End = p.tokens[p.at-1].end
	if p.terms += 1 + len(n.Values); p.terms > MaxTerms {
		return nil, errorAt(n.Pos, n.End, "The filter has too many conditions and values: at most %d are allowed.", MaxTerms)
	}
	return n, nil
}

// argument reads the optional ("Jira") after a field, and where it stands.
func (p *parser) argument(field *Field) (arg string, pos, end int, err *Error) {
	open := p.tok()
	if field.Argument == "" {
		if open.sign("(") {
			err = errorAt(open.pos, open.end, "%s takes nothing in parentheses.", field.Name)
		}
		return "", 0, 0, err
	}
	if !p.sign("(") {
		return "", 0, 0, nil
	}
	p.needs = append(p.needs, need{kind: needArgument, field: field})
	t := p.tok()
	if t.kind != stringToken && (t.kind != wordToken || reserved[strings.ToLower(t.text)]) {
		return "", 0, 0, p.unexpected()
	}
	if t.text == "" {
		return "", 0, 0, errorAt(t.pos, t.end, "The name is empty.")
	}
	p.advance()
	if !p.sign(")") {
		return "", 0, 0, p.unexpected()
	}
	return t.text, t.pos, t.end, nil
}

func (p *parser) order() ([]Order, *Error) {
	var order []Order
	for {
		p.needs = append(p.needs, need{kind: needSortField})
		t := p.tok()
		if t.kind != wordToken {
			return nil, p.unexpected()
		}
		field, ok := p.schema.Lookup(t.text)
		if !ok || !field.Sortable {
			err := errorAt(t.pos, t.end, "The list cannot be sorted by %s.", quoted(t.text))
			err.Expected = []string{"a field to sort by"}
			return nil, err.Suggest(t.text, p.schema.sortNames(), false)
		}
		if len(order) == maxOrder {
			return nil, errorAt(t.pos, t.end, "A list is sorted by at most %d fields.", maxOrder)
		}
		p.advance()
		o := Order{Field: field.Name, Pos: t.pos}
		var err *Error
		if o.Arg, o.ArgPos, o.ArgEnd, err = p.argument(field); err != nil {
			return nil, err
		}
		o.End = p.tokens[p.at-1].end
		if slices.ContainsFunc(order, func(other Order) bool { return other.Field == o.Field && strings.EqualFold(other.Arg, o.Arg) }) {
			return nil, errorAt(o.Pos, o.End, "%s stands twice in ORDER BY.", o.Key())
		}
		if !p.keyword("ASC") {
			o.Desc = p.keyword("DESC")
		}
		order = append(order, o)
		if !p.sign(",") {
			return order, nil
		}
	}
}

func (s *Schema) sortNames() []string {
	var names []string
	for _, f := range s.fields {
		if f.Sortable {
			names = append(names, f.Name)
		}
	}
	return names
}
