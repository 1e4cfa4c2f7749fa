package index

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// Outside is what filters may ask about people that does not stand in the local copy. It never changes.
type Outside struct {
	Touches   []domain.Touch         // what runs did, oldest first
	Protected func(domain.User) bool // whether no run touches a person, who comes with ids, e-mail, roles and groups only; nil: unknown
}

// outside is the Outside of an index, asked for when a filter needs it.
type outside struct {
	ask atomic.Pointer[func() (*Outside, error)]

	mu        sync.Mutex
	of        *Outside // what the rest was made from
	touches   *touches
	protected Bits
}

// SetOutside tells the index whom to ask. Beside the lists, it is the one thing about an index that may change.
func (ix *Index) SetOutside(ask func() (*Outside, error)) { ix.outside.ask.Store(&ask) }

// current asks, and drops what was made from an older answer. The caller holds the lock.
func (o *outside) current() (*Outside, error) {
	now := &Outside{}
	if ask := o.ask.Load(); ask != nil {
		var err error
		if now, err = (*ask)(); err != nil {
			return nil, err
		}
	}
	if o.of != now {
		o.of, o.touches, o.protected = now, nil, nil
	}
	return now, nil
}

// touches is what runs did, by position. There may be a million: they are numbered and not copied, and what is the same
// of many is looked at once.
type touches struct {
	all   []domain.Touch
	about lists[uint32]  // of a person: numbers in all
	kind  []uint32       // of each in all
	kinds []domain.Touch // the newest of each action of each run, the oldest kind first
}

// last gives the last touch of a person, nil for none.
func (t *touches) last(pos int) *domain.Touch {
	numbers := t.about.of(pos)
	if len(numbers) == 0 {
		return nil
	}
	return &t.all[numbers[len(numbers)-1]]
}

// touched gives what runs did.
func (ix *Index) touched() (*touches, error) {
	o := &ix.outside
	o.mu.Lock()
	defer o.mu.Unlock()
	now, err := o.current()
	if err == nil && o.touches == nil {
		o.touches = newTouches(now.Touches, ix)
	}
	return o.touches, err
}

func newTouches(all []domain.Touch, ix *Index) *touches {
	type sort struct{ run, action string }
	t := &touches{all: all, kind: make([]uint32, len(all))}
	sorts, at := map[sort]uint32{}, map[string]int{}
	for i := range all {
		at[all[i].AccountID] = -1
		kind, known := sorts[sort{all[i].RunID, all[i].Action}]
		if !known {
			kind = uint32(len(t.kinds))
			sorts[sort{all[i].RunID, all[i].Action}] = kind
			t.kinds = append(t.kinds, all[i])
		}
		t.kind[i], t.kinds[kind] = kind, all[i]
	}
	for pos := 0; pos < ix.n && len(at) > 0; pos++ {
		if _, asked := at[string(ix.AccountID.bytes(pos))]; asked {
			at[ix.AccountID.At(pos)] = pos
		}
	}
	t.about = group(ix.n, func(pair func(int, uint32)) {
		for i := range all {
			if pos := at[all[i].AccountID]; pos >= 0 {
				pair(pos, uint32(i))
			}
		}
	})
	return t
}

// protectedPeople gives those whom no run touches; nil when nobody can tell.
func (ix *Index) protectedPeople() (Bits, error) {
	o := &ix.outside
	o.mu.Lock()
	defer o.mu.Unlock()
	now, err := o.current()
	if err != nil || o.protected != nil || now.Protected == nil {
		return o.protected, err
	}
	b := ix.NewBits()
	for pos := range ix.n {
		u := domain.User{ID: ix.ids[pos], AccountID: ix.AccountID.At(pos), Email: ix.Email(pos), PlatformRoles: Split(ix.Roles.At(pos))}
		for _, g := range ix.groups.of(pos) {
			u.GroupIDs = append(u.GroupIDs, ix.Groups[g].GroupID)
		}
		if now.Protected(u) {
			b.Set(pos)
		}
	}
	o.protected = b
	return b, nil
}

// MatchProtected evaluates conditions on whether a run would touch the person.
func MatchProtected(e *Eval, n *filter.Node) (Truth, error) {
	ix := e.Index
	people, err := ix.protectedPeople()
	switch {
	case err != nil:
		return Truth{}, err
	case n.Op.Positive() == filter.IsUnknown:
		if people == nil {
			return e.signed(n, Certain(ix.everybody))
		}
		return e.signed(n, Certain(ix.NewBits()))
	case people == nil:
		return e.signed(n, Truth{Yes: ix.NewBits(), Maybe: ix.everybody})
	case n.Values[0].Text != "yes":
		people = ix.not(people)
	}
	return e.signed(n, Certain(people))
}

// MatchTouched evaluates conditions on the runs that did something about the person; names are what one may be called.
// A name that is not there is a mistake.
func MatchTouched(what string, names func(t domain.Touch) []string) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		touched, err := e.Index.touched()
		if err != nil {
			return Truth{}, err
		}
		yes, wanted, known := e.Index.NewBits(), map[string]bool{}, map[string]string{}
		for _, v := range n.Values {
			wanted[Key(v.Text)] = true
		}
		for _, t := range touched.kinds {
			for _, name := range names(t) {
				known[Key(name)] = name
			}
		}
		if n.Op.Positive() != filter.Empty {
			for _, v := range n.Values {
				if known[Key(v.Text)] == "" {
					err := v.Errorf("There is no %s %s in the run log.", what, domain.Quote(v.Text))
					err.Expected = []string{"a " + what}
					return Truth{}, err.Suggest(v.Text, slices.Sorted(maps.Values(known)), true)
				}
			}
		}
		hit := make([]bool, len(touched.kinds))
		for i, t := range touched.kinds {
			hit[i] = n.Op.Positive() == filter.Empty || slices.ContainsFunc(names(t), func(name string) bool { return wanted[Key(name)] })
		}
		for pos := range e.Index.n {
			numbers := touched.about.of(pos)
			if slices.ContainsFunc(numbers, func(i uint32) bool { return hit[touched.kind[i]] }) {
				yes.Set(pos)
			}
		}
		if n.Op.Positive() == filter.Empty {
			yes = e.Index.not(yes)
		}
		return e.signed(n, Certain(yes))
	}
}

// TouchOptions proposes names of what runs did; label says more about one.
func TouchOptions(names func(t domain.Touch) []string, label func(t domain.Touch) string) func(ix *Index) []filter.Option {
	return func(ix *Index) []filter.Option {
		touched, err := ix.touched()
		if err != nil {
			return nil
		}
		at := map[string]int{}
		var options []filter.Option
		for _, t := range slices.Backward(touched.kinds) {
			for _, name := range names(t) {
				if _, there := at[name]; !there {
					at[name] = len(options)
					options = append(options, filter.Option{Value: name, Label: label(t)})
				}
			}
		}
		for pos := range ix.n {
			numbers := touched.about.of(pos)
			if len(numbers) == 0 {
				continue
			}
			counted := map[string]bool{}
			for _, i := range numbers {
				for _, name := range names(touched.kinds[touched.kind[i]]) {
					if !counted[name] {
						counted[name] = true
						options[at[name]].Count++
					}
				}
			}
		}
		return options
	}
}

// MatchLastTouched evaluates conditions on the day of the last run about the person. Whom no run has touched is neither
// before nor after any day, for certain.
func MatchLastTouched(e *Eval, n *filter.Node) (Truth, error) {
	touched, err := e.Index.touched()
	if err != nil {
		return Truth{}, err
	}
	days := make([]int32, e.Index.n)
	for pos := range days {
		if last := touched.last(pos); last != nil {
			days[pos] = max(1, filter.Day(last.At.UTC()))
		}
	}
	if n.Op.Positive() == filter.Empty {
		return e.signed(n, Certain(marked(e.Index, days, 0, 0)))
	}
	least, most := dayRange(n.Op.Positive(), n.Values[0].Day(e.Today))
	return e.signed(n, Certain(marked(e.Index, days, least, most)))
}

// MatchLastResult evaluates conditions on what came of the last run about the person.
func MatchLastResult(e *Eval, n *filter.Node) (Truth, error) {
	touched, err := e.Index.touched()
	if err != nil {
		return Truth{}, err
	}
	yes := e.Index.NewBits()
	for pos := range e.Index.n {
		last := touched.last(pos)
		if last != nil && slices.ContainsFunc(n.Values, func(v filter.Value) bool { return v.Text == string(last.State) }) {
			yes.Set(pos)
		}
	}
	return e.signed(n, Certain(yes))
}
