package index

import (
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// perhaps stands before a directory in which it is not known whether the person is suspended.
const perhaps = "?"

// suspendedIn gives the directories in which somebody is suspended, or perhaps is, as a set column holds them.
func suspendedIn(u *domain.User) string {
	var in []string
	for _, m := range u.Memberships {
		switch m.Status {
		case domain.StatusSuspended:
			in = append(in, m.DirectoryID)
		case domain.StatusUnknown, "":
			in = append(in, perhaps+m.DirectoryID)
		default:
		}
	}
	return join(in)
}

// MatchSuspendedIn evaluates conditions on the directories in which people are suspended; directories resolves names.
func MatchSuspendedIn(directories *Named) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		ix, d := e.Index, e.Index.SuspendedIn
		ordinals, err := directories.wanted(e, n)
		if err != nil {
			return Truth{}, err
		}
		ids := directories.ids(ix)
		yes, maybe := make([]bool, len(d.Values)), make([]bool, len(d.Values))
		for code, value := range d.Values {
			for _, m := range Split(value) {
				id, unknown := strings.CutPrefix(m, perhaps)
				if slices.ContainsFunc(ordinals, func(o int) bool { return ids[o] == id }) {
					yes[code], maybe[code] = yes[code] || !unknown, true
				}
			}
		}
		t := Truth{Yes: d.where(ix, yes), Maybe: d.where(ix, maybe)}
		if n.Op.Positive() == filter.Empty {
			t = ix.Not(t)
		}
		return e.signed(n, t)
	}
}

// DomainVerified tells whose e-mail domain the organization has verified. It is not known of people without an address,
// and of nobody where the source does not tell its domains.
func DomainVerified(ix *Index) []domain.Tri {
	byCode := make([]domain.Tri, len(ix.Domain.Values))
	for code, name := range ix.Domain.Values {
		switch {
		case name == "" || len(ix.domains) == 0:
		case ix.domains[name]:
			byCode[code] = domain.Yes
		default:
			byCode[code] = domain.No
		}
	}
	column := make([]domain.Tri, ix.n)
	for pos := range column {
		column[pos] = byCode[ix.Domain.Code(pos)]
	}
	return column
}
