package index

import (
	"bytes"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// SharedName tells who has the name of somebody with another e-mail address, without regard to case and accents. Of
// people without a name, and where an address that would have to be compared is hidden, it is not known.
func SharedName(ix *Index) []domain.Tri {
	column := make([]domain.Tri, ix.n)
	order := make([]int32, ix.n) // by name
	for pos, place := range ix.nameOrder() {
		order[place] = int32(pos)
	}
	for from := 0; from < len(order); {
		name, to := ix.search.name(int(order[from])), from+1
		for to < len(order) && bytes.Equal(ix.search.name(int(order[to])), name) {
			to++
		}
		if len(name) > 0 {
			ix.shareName(column, order[from:to])
		}
		from = to
	}
	return column
}

// shareName fills in the answer for all people of one name.
func (ix *Index) shareName(column []domain.Tri, same []int32) {
	addresses, hidden := map[string]bool{}, 0
	for _, pos := range same {
		if email := ix.search.email(int(pos)); len(email) > 0 {
			addresses[string(email)] = true
		} else {
			hidden++
		}
	}
	for _, pos := range same {
		switch known := len(ix.search.email(int(pos))) > 0; {
		case len(same) == 1:
			column[pos] = domain.No
		case known && len(addresses) > 1:
			column[pos] = domain.Yes
		case known && hidden == 0:
			column[pos] = domain.No
		default:
			column[pos] = domain.Unknown
		}
	}
}

// MatchLastSite evaluates conditions on the sites of the latest activity. An app whose activity could not be read may
// have been the latest.
func MatchLastSite(e *Eval, n *filter.Node) (Truth, error) {
	ix := e.Index
	wanted, sites := map[string]bool{}, ix.Sites()
	for _, v := range n.Values {
		found := false
		for _, site := range sites {
			if Key(site) == Key(v.Text) || n.Op.Positive() == filter.Like && strings.Contains(Fold(site), Fold(v.Text)) {
				wanted[site], found = true, true
			}
		}
		if !found && n.Op.Positive() != filter.Like {
			err := v.Errorf("There is no site %s in this source.", domain.Quote(v.Text))
			err.Expected = []string{"a site"}
			return Truth{}, err.Suggest(v.Text, sites, true)
		}
	}
	t := Truth{Yes: ix.NewBits(), Maybe: ix.NewBits()}
	for pos := range ix.n {
		last, unread := NeverActive, false
		for _, s := range ix.access.of(pos) {
			last, unread = max(last, s.last()), unread || s.last() == ActivityUnknown
		}
		fits := n.Op.Positive() == filter.Empty && last == NeverActive
		for _, s := range ix.access.of(pos) {
			fits = fits || (last > NeverActive && s.last() == last && wanted[ix.Apps[s.app].SiteName])
		}
		if fits && !unread {
			t.Yes.Set(pos)
		}
		if fits || unread && (n.Op.Positive() != filter.Empty || last == NeverActive) {
			t.Maybe.Set(pos)
		}
	}
	return e.signed(n, t)
}
