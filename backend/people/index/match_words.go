package index

import (
	"seatkeeper/backend/people/filter"
	"slices"
	"strings"
)

// MatchWords evaluates conditions on a column of fixed words, one of which stands for unknown: it is found only by its
// own name or by IS UNKNOWN, and is no answer to anything else.
func MatchWords(column func(*Index) *Dict, unknown string) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		d := column(e.Index)
		yes, maybe := make([]bool, len(d.Values)), make([]bool, len(d.Values))
		for code, value := range d.Values {
			if n.Op.Positive() == filter.IsUnknown {
				yes[code] = value == unknown
			} else {
				yes[code] = slices.ContainsFunc(n.Values, func(v filter.Value) bool { return v.Text == value })
			}
			maybe[code] = yes[code] || (value == unknown && n.Op.Positive() != filter.IsUnknown)
		}
		return e.signed(n, Truth{Yes: d.where(e.Index, yes), Maybe: d.where(e.Index, maybe)})
	}
}

// MatchAccount evaluates conditions on the account id.
func MatchAccount(e *Eval, n *filter.Node) (Truth, error) {
	ix := e.Index
	if n.Op.Positive() == filter.Like {
		return e.signed(n, Certain(ix.accountsContaining(strings.ToLower(n.Values[0].Text))))
	}
	accounts, yes := ix.lowerAccounts(), ix.NewBits()
	wanted := map[string]bool{}
	for _, v := range n.Values {
		wanted[strings.ToLower(v.Text)] = true
	}
	for pos := range ix.n {
		if wanted[string(accounts.bytes(pos))] {
			yes.Set(pos)
		}
	}
	return e.signed(n, Certain(yes))
}
