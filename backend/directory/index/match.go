package index

import (
	"slices"
	"strconv"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
)

// Matcher evaluates a condition on one kind of column.
type Matcher = func(e *Eval, n *filter.Node) (Truth, error)

// signed turns the answer of the positive operator into that of the condition's own.
func (e *Eval) signed(n *filter.Node, positive Truth) (Truth, error) {
	if n.Op.Negates() {
		return e.Index.Not(positive), nil
	}
	return positive, nil
}

// MatchDict evaluates conditions on a text column. No value is unknown: Atlassian does not tell whether it hides it.
func MatchDict(column func(*Index) *Dict) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		d := column(e.Index)
		yes, maybe := make([]bool, len(d.Values)), make([]bool, len(d.Values))
		if n.Op.Positive() == filter.Empty {
			yes[0], maybe[0] = true, true
		} else {
			test := textTest(n)
			found := false
			for code, value := range d.Values[1:] {
				yes[code+1] = test(value)
				found = found || yes[code+1]
			}
			copy(maybe, yes)
			maybe[0] = true
			if !found {
				e.warnNobody(n, d.Values[1:])
			}
		}
		t := Truth{Yes: d.where(e.Index, yes)}
		if t.Maybe = t.Yes; yes[0] != maybe[0] {
			t.Maybe = d.where(e.Index, maybe)
		}
		return e.signed(n, t)
	}
}

// warnNobody says that no person has a value of the condition, which is probably a slip.
func (e *Eval) warnNobody(n *filter.Node, values []string) {
	v := n.Values[0]
	w := v.Errorf("Nobody has %s %s.", n.Field, strings.Join(valueTexts(n), ", "))
	if n.Op.Positive() != filter.Like && len(values) <= 5000 {
		w = w.Suggest(v.Text, values, true)
	}
	e.Warnings = append(e.Warnings, w)
}

func valueTexts(n *filter.Node) []string {
	texts := make([]string, len(n.Values))
	for i, v := range n.Values {
		texts[i] = v.String()
	}
	return texts
}

// textTest gives the positive test of a condition on a text.
func textTest(n *filter.Node) func(string) bool {
	if n.Op.Positive() == filter.Like {
		needle := Fold(n.Values[0].Text)
		return func(s string) bool { return strings.Contains(Fold(s), needle) }
	}
	keys := make(map[string]bool, len(n.Values))
	for _, v := range n.Values {
		keys[Key(v.Text)] = true
	}
	return func(s string) bool { return keys[Key(s)] }
}

// MatchText evaluates conditions on the folded name or e-mail; original gives the text as it is, for exact comparison.
func MatchText(part Part, original func(ix *Index, pos int) string) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		ix := e.Index
		yes, none := ix.NewBits(), ix.NewBits()
		for pos := range ix.n {
			if len(ix.folded(part, pos)) <= 1 && original(ix, pos) == "" {
				none.Set(pos) // a lone separator is both, name and e-mail, empty
			}
		}
		switch n.Op.Positive() {
		case filter.Empty:
			return e.signed(n, Certain(none))
		case filter.Like:
			yes = ix.Containing(Fold(n.Values[0].Text), part)
		default:
			folds, keys := map[string]bool{}, map[string]bool{}
			for _, v := range n.Values {
				folds[Fold(v.Text)], keys[Key(v.Text)] = true, true
			}
			for pos := range ix.n {
				if folds[string(ix.folded(part, pos))] && keys[Key(original(ix, pos))] {
					yes.Set(pos)
				}
			}
		}
		return e.signed(n, Truth{Yes: ix.without(yes, none), Maybe: yes.or(none)})
	}
}

func (ix *Index) without(b, c Bits) Bits { return b.and(ix.not(c)) }

func (ix *Index) folded(part Part, pos int) []byte {
	switch part {
	case NameOnly:
		return ix.search.name(pos)
	case EmailOnly:
		return ix.search.email(pos)
	default:
		return ix.search.text.bytes(pos)
	}
}

// MatchTri evaluates conditions on a yes/no column.
func MatchTri(column func(*Index) []domain.Tri) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		values := column(e.Index)
		want := domain.Unknown
		if n.Op.Positive() == filter.Equal {
			want = domain.No
			if n.Values[0].Text == "yes" {
				want = domain.Yes
			}
		}
		yes, unknown := e.Index.NewBits(), e.Index.NewBits()
		for pos, v := range values {
			if v == want {
				yes.Set(pos)
			}
			if v == domain.Unknown {
				unknown.Set(pos)
			}
		}
		if want == domain.Unknown {
			return e.signed(n, Certain(yes))
		}
		return e.signed(n, Truth{Yes: yes, Maybe: yes.or(unknown)})
	}
}

// MatchNumber evaluates conditions on a number that is known of everybody.
func MatchNumber(number func(ix *Index, pos int) int) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		wants := make([]int64, len(n.Values))
		for i, v := range n.Values {
			wants[i], _ = strconv.ParseInt(v.Text, 10, 64)
		}
		yes := e.Index.NewBits()
		for pos := range e.Index.n {
			x := int64(number(e.Index, pos))
			if slices.ContainsFunc(wants, func(want int64) bool { return compare(n.Op.Positive(), x, want) }) {
				yes.Set(pos)
			}
		}
		return e.signed(n, Certain(yes))
	}
}

func compare[T int32 | int64](op filter.Op, x, want T) bool {
	switch op {
	case filter.Less:
		return x < want
	case filter.AtMost:
		return x <= want
	case filter.Greater:
		return x > want
	case filter.AtLeast:
		return x >= want
	default:
		return x == want
	}
}

// MatchDay evaluates conditions on a column of days in which 0 is unknown.
func MatchDay(column func(*Index) []int32) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		yes, unknown := e.Index.NewBits(), e.Index.NewBits()
		want := int32(0)
		if len(n.Values) > 0 {
			want = n.Values[0].Day(e.Today)
		}
		for pos, day := range column(e.Index) {
			if day == 0 {
				unknown.Set(pos)
			} else if len(n.Values) > 0 && compare(n.Op.Positive(), day, want) {
				yes.Set(pos)
			}
		}
		if n.Op.Positive() == filter.Empty {
			return e.signed(n, Certain(unknown))
		}
		return e.signed(n, Truth{Yes: yes, Maybe: yes.or(unknown)})
	}
}
