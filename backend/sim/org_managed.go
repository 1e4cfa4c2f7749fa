package sim

import (
	"math/bits"
)

// managedItem is a managed account as the v1 list shows it.
type managedItem struct {
	AccountID      string          `json:"account_id"`
	AccountType    string          `json:"account_type"`
	AccountStatus  string          `json:"account_status"`
	Name           string          `json:"name"`
	Picture        string          `json:"picture"`
	Email          string          `json:"email,omitempty"`
	AccessBillable bool            `json:"access_billable"`
	LastActive     string          `json:"last_active,omitempty"`
	ProductAccess  []managedAccess `json:"product_access"`
	Links          selfLink        `json:"links"`
}

type managedAccess struct {
	Key        string `json:"key"`
	Name       string `json:"name"`
	URL        string `json:"url"`
	LastActive string `json:"last_active,omitempty"`
}

type managedPage struct {
	Data []managedItem `json:"data"`
	Meta struct {
		Total int `json:"total"`
	} `json:"meta"`
	Links links `json:"links"`
}

const managedPerPage = 100

// listManaged lists the accounts of claimed domains, whether in a directory or not.
func listManaged(c *call) reply {
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	w := c.w
	var all []int
	for i := range w.people {
		if p := &w.people[i]; w.insider(i) && p.managed && p.at(viewOrg, c.now).account != accountClosed {
			all = append(all, i)
		}
	}
	rows, l := window(c, all, cur.Position, managedPerPage, "", true)
	out := managedPage{Data: make([]managedItem, len(rows)), Links: l}
	out.Meta.Total = len(all)
	for n, i := range rows {
		out.Data[n] = w.managedItem(i, w.people[i].at(viewOrg, c.now))
	}
	return ok(out)
}

func (w *World) managedItem(i int, s *state) managedItem {
	p := &w.people[i]
	m := managedItem{
		AccountID: w.accountID(i), AccountType: "atlassian", AccountStatus: s.account.String(), Name: p.name, Picture: picture, Email: p.email,
		ProductAccess: []managedAccess{},
	}
	m.Links.Self = "https://" + apiHost + "/users/" + m.AccountID + "/manage/profile"
	var newest int64
	access := w.access(s)
	m.AccessBillable = access != 0 && s.account == accountActive
	for b := access; b != 0; b &= b - 1 {
		a := bits.TrailingZeros64(b)
		last := w.lastActive(i, p, a)
		newest = max(newest, last)
		m.ProductAccess = append(m.ProductAccess, managedAccess{w.apps[a].kind.v1Key, w.apps[a].kind.typ, w.apps[a].url, stamp(last)})
	}
	m.LastActive = stamp(newest)
	return m
}
