package index

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
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

// warnWildcard says that ~ knows no wildcards where one stands at an end of the text, and finds nobody.
func (e *Eval) warnWildcard(n *filter.Node, t Truth) {
	if n.Op.Positive() != filter.Like {
		return
	}
	v := n.Values[0]
	plain := strings.Trim(v.Text, "*%")
	found := t.Yes
	if n.Op.Negates() {
		found = e.Index.not(t.Maybe)
	}
	if plain == v.Text || plain == "" || found.Count() > 0 {
		return
	}
	w := v.Errorf("~ finds texts that contain this, with the sign as it is. Wildcards are not needed.")
	w.Suggestion = filter.Quote(plain)
	e.Warnings = append(e.Warnings, w)
}

// warnAhead says that a span lies ahead, where all days of people lie behind: who writes < 90d means those of more than
// 90 days ago, and would act on nearly everybody.
func (e *Eval) warnAhead(n *filter.Node) {
	if len(n.Values) == 0 {
		return
	}
	v := n.Values[0]
	number, ahead := strings.CutPrefix(v.Text, "+")
	if v.Kind != filter.SpanValue || !ahead || v.Day(e.Today) <= e.Today {
		return
	}
	w := v.Errorf("%s lies ahead, and no day of a person does. For a day in the past write -%s.", v.Text, number)
	w.Suggestion = "-" + number
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
		none := ix.without(part)
		var yes Bits
		switch n.Op.Positive() {
		case filter.Empty:
			return e.signed(n, Certain(none))
		case filter.Like:
			yes = ix.Containing(Fold(n.Values[0].Text), part)
		default:
			yes = ix.NewBits()
			for _, v := range n.Values {
				fold, key := Fold(v.Text), Key(v.Text)
				ix.Containing(fold, part).Each(func(pos int) {
					if string(ix.folded(part, pos)) == fold && Key(original(ix, pos)) == key {
						yes.Set(pos)
					}
				})
			}
		}
		return e.signed(n, Truth{Yes: yes.without(none), Maybe: yes.or(none)})
	}
}

// without gives the people who have nothing of that part.
func (ix *Index) without(part Part) Bits {
	switch part {
	case NameOnly:
		return ix.search.nameless
	case EmailOnly:
		return ix.search.mailless
	default:
		return ix.search.nameless.and(ix.search.mailless)
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
		yes := marked(e.Index, values, want, want)
		if want == domain.Unknown {
			return e.signed(n, Certain(yes))
		}
		unknown := marked(e.Index, values, domain.Unknown, domain.Unknown)
		return e.signed(n, Truth{Yes: yes, Maybe: yes.or(unknown)})
	}
}

// marked gives the positions of values from least to most; without branches, as neighbors are as good as random.
func marked[T domain.Tri | int32](ix *Index, values []T, least, most T) Bits {
	b := ix.NewBits()
	if most < least {
		return b
	}
	low, end := uint32(int32(least)), uint64(uint32(int32(most)-int32(least)))+1
	var last [64]T
	for i := range b {
		some := &last
		if rest := values[i<<6:]; len(rest) < len(last) {
			copy(last[:], rest)
		} else {
			some = (*[64]T)(rest)
		}
		var w, x, y, z uint64 // a quarter each, which the processor does at once
		for j := range 16 {   // each bit comes in at the top
			w = w>>1 | (uint64(uint32(int32(some[j]))-low)-end)&(1<<63)
			x = x>>1 | (uint64(uint32(int32(some[j+16]))-low)-end)&(1<<63)
			y = y>>1 | (uint64(uint32(int32(some[j+32]))-low)-end)&(1<<63)
			z = z>>1 | (uint64(uint32(int32(some[j+48]))-low)-end)&(1<<63)
		}
		b[i] = w>>48 | x>>32 | y>>16 | z
	}
	return ix.trim(b)
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

func compare(op filter.Op, x, want int64) bool {
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
		days := column(e.Index)
		unknown := marked(e.Index, days, 0, 0)
		if n.Op.Positive() == filter.Empty {
			return e.signed(n, Certain(unknown))
		}
		least, most := dayRange(n.Op.Positive(), n.Values[0].Day(e.Today))
		yes := marked(e.Index, days, least, most)
		return e.signed(n, Truth{Yes: yes, Maybe: yes.or(unknown)})
	}
}

// dayRange gives the days, from 1 on, for which a comparison is true; most < least for none.
func dayRange(op filter.Op, want int32) (least, most int32) {
	switch op {
	case filter.Less:
		return 1, want - 1
	case filter.AtMost:
		return 1, want
	case filter.Greater:
		return max(1, want+1), math.MaxInt32
	case filter.AtLeast:
		return max(1, want), math.MaxInt32
	default:
		return max(1, want), want
	}
}
