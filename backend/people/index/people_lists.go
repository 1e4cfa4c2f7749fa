package index

import (
	"slices"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// peopleList is a list of the workspace's as it looks in one index.
type peopleList struct {
	domain.PersonList

	once  sync.Once
	match ListMatch
}

// ListMatch is what a list of people means in one source.
type ListMatch struct {
	People    Bits     // who certainly is in it
	Open      Bits     // who may be: several have an address of it, or the address is hidden while some of it match nobody
	Matched   int      // entries that mean one person
	Unmatched []string // entries that mean nobody of the source
	Ambiguous []string // addresses, ids or user names that several people of the source have
}

// SetLists gives the index the lists of the workspace. They are the one thing about an index that may change.
func (ix *Index) SetLists(all []domain.PersonList) {
	resolved := make([]*peopleList, len(all))
	for i, l := range all {
		resolved[i] = &peopleList{PersonList: l}
	}
	ix.peopleLists.Store(&resolved)
}

func (ix *Index) allLists() []*peopleList {
	if all := ix.peopleLists.Load(); all != nil {
		return *all
	}
	return nil
}

func (ix *Index) findList(name string) *peopleList {
	all := ix.allLists()
	i := slices.IndexFunc(all, func(l *peopleList) bool { return Key(l.Name) == Key(name) })
	if i < 0 {
		return nil
	}
	return all[i]
}

// matchIn reads everybody at its first call only.
func (l *peopleList) matchIn(ix *Index) ListMatch {
	l.once.Do(func() { l.match = ix.MatchList(l.Values) })
	return l.match
}

// MatchKept is MatchList for a list that the index mostly knows, by its id: then everybody is read once at most.
func (ix *Index) MatchKept(l domain.PersonList) ListMatch {
	for _, own := range ix.allLists() {
		if own.ID == l.ID && own.UpdatedAt.Equal(l.UpdatedAt) {
			return own.matchIn(ix)
		}
	}
	return ix.MatchList(l.Values)
}

// MatchList finds the people of a list that need not be one of the index's. It reads everybody once.
func (ix *Index) MatchList(values []string) ListMatch {
	const nobody, several = -1, -2
	wanted := make(map[string]int, len(values)) // position, or why there is none
	for _, v := range values {
		wanted[Key(v)] = nobody
	}
	m := ListMatch{People: ix.NewBits(), Open: ix.NewBits()}
	shared := map[string][]int{} // positions by what several have
	means := func(text string, pos int) {
		if text == "" {
			return
		}
		key := Key(text)
		switch at, ok := wanted[key]; {
		case !ok, at == pos: // a person whose id is the own address is one person
		case at == nobody:
			wanted[key] = pos
		case at != several:
			shared[key] = []int{at, pos}
			wanted[key] = several
		case shared[key][len(shared[key])-1] != pos:
			shared[key] = append(shared[key], pos)
		}
	}
	hidden := ix.NewBits()
	for pos := range ix.n {
		means(ix.AccountID.At(pos), pos)
		means(ix.UserName.At(pos), pos)
		email := ix.Email(pos)
		means(email, pos)
		if email == "" {
			hidden.Set(pos)
		}
	}
	addresses := false
	for _, v := range values {
		switch at := wanted[Key(v)]; at {
		case nobody:
			m.Unmatched = append(m.Unmatched, v)
			addresses = addresses || DomainOf(v) != ""
		case several:
			m.Ambiguous = append(m.Ambiguous, v)
			for _, pos := range shared[Key(v)] {
				m.Open.Set(pos)
			}
		default:
			m.Matched++
			m.People.Set(at)
		}
	}
	if addresses { // one of the addresses may be that of somebody who hides it
		m.Open = m.Open.or(hidden)
	}
	return m
}

// MatchLists evaluates conditions on the lists that a person is in. A list that is not there is a mistake and not an
// empty one.
func MatchLists(e *Eval, n *filter.Node) (Truth, error) {
	ix := e.Index
	t := Truth{Yes: ix.NewBits(), Maybe: ix.NewBits()}
	for _, v := range n.Values {
		l := ix.findList(v.Text)
		if l == nil {
			var names []string
			for _, other := range ix.allLists() {
				names = append(names, other.Name)
			}
			err := v.Errorf("There is no list %s.", domain.Quote(v.Text))
			err.Expected = []string{"a list of people"}
			return Truth{}, err.Suggest(v.Text, names, true)
		}
		m := l.matchIn(ix)
		t = t.Or(Truth{Yes: m.People, Maybe: m.People.or(m.Open)})
	}
	return e.signed(n, t)
}

// ListOptions proposes the lists.
func ListOptions(ix *Index) []filter.Option {
	var options []filter.Option
	for _, l := range ix.allLists() {
		options = append(options, filter.Option{Value: l.Name, Count: len(l.Values)})
	}
	return options
}
