package index

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
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
	touches   map[int][]domain.Touch
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

// touched gives what runs did, by position.
func (ix *Index) touched() (map[int][]domain.Touch, error) {
	o := &ix.outside
	o.mu.Lock()
	defer o.mu.Unlock()
	now, err := o.current()
	if err != nil || o.touches != nil {
		return o.touches, err
	}
	by := map[string][]domain.Touch{}
	for _, t := range now.Touches {
		by[t.AccountID] = append(by[t.AccountID], t)
	}
	o.touches = map[int][]domain.Touch{}
	for pos := 0; pos < ix.n && len(by) > 0; pos++ {
		if touches, ok := by[string(ix.AccountID.bytes(pos))]; ok {
			o.touches[pos] = touches
		}
	}
	return o.touches, nil
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

// MatchTouched evaluates conditions on the runs that did something about the person; names are what one may be called. A name that is not
// there is a mistake.
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
		for _, t := range e.Index.outside.runs() {
			for _, name := range names(t) {
				known[Key(name)] = name
			}
		}
		if n.Op.Positive() != filter.Empty {
			for _, v := range n.Values {
				if known[Key(v.Text)] == "" {
					err := v.Errorf("There is no %s %q in the run log.", what, v.Text)
					err.Expected = []string{"a " + what}
					return Truth{}, err.Suggest(v.Text, slices.Sorted(maps.Values(known)), true)
				}
			}
		}
		for pos, touches := range touched {
			if n.Op.Positive() == filter.Empty || slices.ContainsFunc(touches, func(t domain.Touch) bool {
				return slices.ContainsFunc(names(t), func(name string) bool { return wanted[Key(name)] })
			}) {
				yes.Set(pos)
			}
		}
		if n.Op.Positive() == filter.Empty {
			yes = e.Index.not(yes)
		}
		return e.signed(n, Certain(yes))
	}
}

// runs gives what is known of runs, about people of the local copy or not.
func (o *outside) runs() []domain.Touch {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil {
		return nil
	}
	return o.of.Touches
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
		for _, t := range slices.Backward(ix.outside.runs()) {
			for _, name := range names(t) {
				if _, there := at[name]; !there {
					at[name] = len(options)
					options = append(options, filter.Option{Value: name, Label: label(t)})
				}
			}
		}
		for _, touches := range touched {
			counted := map[string]bool{}
			for _, t := range touches {
				for _, name := range names(t) {
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

// MatchLastTouched evaluates conditions on the day of the last run about the person. Whom no run has touched is neither before nor after
// any day, for certain.
func MatchLastTouched(e *Eval, n *filter.Node) (Truth, error) {
	touched, err := e.Index.touched()
	if err != nil {
		return Truth{}, err
	}
	days := make([]int32, e.Index.n)
	for pos, touches := range touched {
		days[pos] = max(1, filter.Day(touches[len(touches)-1].At.UTC()))
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
	for pos, touches := range touched {
		if slices.ContainsFunc(n.Values, func(v filter.Value) bool { return v.Text == string(touches[len(touches)-1].State) }) {
			yes.Set(pos)
		}
	}
	return e.signed(n, Certain(yes))
}
