package index

import (
	"maps"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// Named is a set field: any number of named things of which a person has some, such as groups.
type Named struct {
	What    string                               // for messages: "group"
	Names   func(ix *Index) []string             // by ordinal; the first of equal names is enough for suggestions
	Find    func(ix *Index, name string) []int   // ordinals of a name; nil when there is none
	Members func(ix *Index, ordinals []int) Bits // people who have at least one
	Count   func(ix *Index, ordinal int) int     // how many people have it
	Suggest func(ix *Index) []string             // other names to propose for a slip; nil: Names
	Also    map[string]string                    // what else they are called, and their names: not accepted, but corrected
	ids     func(ix *Index) []string             // of a set column: the members by ordinal
}

// Match evaluates conditions.
func (s *Named) Match(e *Eval, n *filter.Node) (Truth, error) {
	ordinals, err := s.wanted(e, n)
	if err != nil {
		return Truth{}, err
	}
	t := Certain(s.Members(e.Index, ordinals))
	if n.Op.Positive() == filter.Empty {
		t = e.Index.Not(t)
	}
	return e.signed(n, t)
}

// wanted gives the ordinals of which a condition asks; of IS EMPTY all. A name that is not there is a mistake and not
// an empty set: `group not in ("vpi")` would otherwise let through everybody whom the writer wanted to spare.
func (s *Named) wanted(e *Eval, n *filter.Node) ([]int, error) {
	var ordinals []int
	switch names := s.Names(e.Index); n.Op.Positive() {
	case filter.Empty:
		for i := range names {
			ordinals = append(ordinals, i)
		}
	case filter.Like:
		needle := Fold(n.Values[0].Text)
		for i, name := range names {
			if strings.Contains(Fold(name), needle) {
				ordinals = append(ordinals, i)
			}
		}
	default:
		for _, v := range n.Values {
			found := s.Find(e.Index, v.Text)
			if found == nil {
				return nil, s.missing(e.Index, names, v)
			}
			ordinals = append(ordinals, found...)
		}
	}
	return ordinals, nil
}

// missing is the mistake of a name that is not there.
func (s *Named) missing(ix *Index, names []string, v filter.Value) *filter.Error {
	if s.Suggest != nil {
		names = s.Suggest(ix)
	}
	err := v.Errorf("There is no %s %s in this source.", s.What, domain.Quote(v.Text))
	err.Expected = []string{"a " + s.What}
	_ = err.Suggest(v.Text, append(slices.Clone(names[:min(len(names), 5000)]), slices.Sorted(maps.Keys(s.Also))...), false)
	if name, ok := s.Also[err.Suggestion]; ok {
		err.Suggestion = name
	}
	if err.Suggestion != "" {
		err.Suggestion = filter.Quote(err.Suggestion)
	}
	return err
}

// Options proposes the names.
func (s *Named) Options(ix *Index) []filter.Option {
	names := s.Names(ix)
	options := make([]filter.Option, 0, len(names))
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		if !seen[name] && name != "" {
			seen[name] = true
			options = append(options, filter.Option{Value: name, Count: s.Count(ix, i)})
		}
	}
	return options
}

// SetColumn makes a Named of a set column. members lists what may be named beside what people have; label turns a
// stored member into what the admin calls it.
func SetColumn(what string, column func(*Index) *Dict, members func(*Index) []string, label func(ix *Index, member string) string) *Named {
	all := func(ix *Index) []string {
		found := slices.Clone(members(ix))
		for _, v := range column(ix).Values {
			found = append(found, Split(v)...)
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	has := func(ix *Index, ordinals []int) []bool {
		wanted, every := map[string]bool{}, all(ix)
		for _, o := range ordinals {
			wanted[every[o]] = true
		}
		marked := make([]bool, len(column(ix).Values))
		for code, v := range column(ix).Values {
			marked[code] = slices.ContainsFunc(Split(v), func(m string) bool { return wanted[m] })
		}
		return marked
	}
	return &Named{
		What: what, ids: all,
		Names: func(ix *Index) []string {
			names := all(ix)
			for i, m := range names {
				names[i] = label(ix, m)
			}
			return names
		},
		Find: func(ix *Index, name string) []int {
			var found []int
			for i, m := range all(ix) {
				if Key(m) == Key(name) || Key(label(ix, m)) == Key(name) {
					found = append(found, i)
				}
			}
			return found
		},
		Members: func(ix *Index, ordinals []int) Bits { return column(ix).where(ix, has(ix, ordinals)) },
		Count: func(ix *Index, ordinal int) int {
			n := 0
			counts := column(ix).Counts()
			for code, marked := range has(ix, []int{ordinal}) {
				if marked {
					n += counts[code]
				}
			}
			return n
		},
	}
}
