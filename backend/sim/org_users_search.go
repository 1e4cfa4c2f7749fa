package sim

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
)

const defaultUsers = 50 // rows of users/search when no limit is given

func searchUsers(c *call) reply {
	var q userQuery
	if err := json.Unmarshal(c.body, &q); err != nil {
		return adminError(http.StatusBadRequest, "ADMIN-400-24", "The request body cannot be read")
	}
	from := 0
	if q.Cursor != nil && *q.Cursor != "" {
		cur, rep, valid := c.position(*q.Cursor)
		if !valid || !q.resume(cur.Query) {
			if valid {
				rep = badCursor() // the cursor belongs to another question
			}
			return rep
		}
		from = cur.Position
	}
	if err := q.check(c.w.cfg.MaxFilter); err != nil {
		return badRequest(err.Error())
	}
	limit := defaultUsers
	if q.Limit != nil {
		limit = *q.Limit
	}
	if limit < 1 || limit > c.w.cfg.MaxPage {
		return badRequest("limit is out of range")
	}
	f, known := c.filter(&q)
	if !known {
		return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
	}
	found, next := f.search(from, c.bentLimit(limit))
	rows := make([]userItem, len(found))
	for n, i := range found {
		rows[n] = f.item(i)
	}
	query := q.canonical()
	l := links{Self: c.cursor(from, query)}
	if next >= 0 {
		s := c.cursor(next, query)
		l.Next = &s
	}
	rows, l = bend(c, rows, l)
	return ok(page[userItem]{rows, l})
}

// canonical is the query without what may differ between pages.
func (q *userQuery) canonical() string {
	bare := *q
	bare.Cursor, bare.Limit = nil, nil
	return string(encode(bare))
}

// resume accepts a cursor alone, in which case it brings its filters along, or with the filters it was made for.
func (q *userQuery) resume(made string) bool {
	bare := *q
	bare.Cursor, bare.Limit = nil, nil
	if !reflect.DeepEqual(bare, userQuery{}) {
		return q.canonical() == made
	}
	cursor, limit := q.Cursor, q.Limit
	if json.Unmarshal([]byte(made), q) != nil {
		return false
	}
	q.Cursor, q.Limit = cursor, limit
	return true
}

// search returns up to limit people from a position on, and the position of the one after them, or -1.
func (f *userFilter) search(from, limit int) (found []int, next int) {
	end, at := f.candidates()
	for n := from; n < end; n++ {
		i := at(n)
		if i < 0 || !f.match(&f.w.people[i]) {
			continue
		}
		if len(found) == limit {
			return found, n
		}
		found = append(found, i)
	}
	return found, -1
}

// candidates are the people that may match, by position. A position stays the same while a listing goes on: without an
// order it is the person's number.
func (f *userFilter) candidates() (end int, at func(int) int) {
	end = len(f.w.people)
	shown := func(at func(int) int) func(int) int {
		return func(n int) int {
			if i := at(n); i >= 0 && (f.w.cfg.AppAccounts || f.w.insider(i)) {
				return i
			}
			return -1
		}
	}
	switch {
	case len(f.q.SortBy) > 0:
		order := f.w.orders.by(f.w, f.q.SortBy[0].Field)
		if f.q.SortBy[0].Direction == "desc" {
			return len(order), func(n int) int { return int(order[len(order)-1-n]) }
		}
		return len(order), func(n int) int { return int(order[n]) }
	case f.people != nil:
		return end, shown(sparse(f.people))
	case f.groups != nil:
		var members []int
		for _, g := range f.groups {
			for _, i := range f.w.memberList(g, viewOrg, f.now) {
				members = append(members, int(i))
			}
		}
		slices.Sort(members)
		return end, shown(sparse(slices.Compact(members)))
	case f.q.GroupIDs != nil:
		return 0, nil
	default:
		return end, shown(func(n int) int { return n })
	}
}

// sparse jumps over the positions that are not in the list. It is called with rising positions.
func sparse(list []int) func(int) int {
	k := 0
	return func(n int) int {
		for k < len(list) && list[k] < n {
			k++
		}
		if k < len(list) && list[k] == n {
			return n
		}
		return -1
	}
}

// sortFields are what users/search can sort by.
var sortFields = []string{"name", "nick_name", "email", "added_to_org"}

// orderCache keeps the people's order by a field, until somebody joins or is renamed.
type orderCache struct {
	mu     sync.Mutex
	orders map[string][]int32
}

func (o *orderCache) by(w *World, field string) []int32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	if order := o.orders[field]; order != nil {
		return order
	}
	order := make([]int32, 0, len(w.people))
	for i := range w.people {
		if w.insider(i) {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		p, q := &w.people[a], &w.people[b]
		switch field {
		case "added_to_org":
			return int(min(max(p.added-q.added, -1), 1))
		case "email":
			return strings.Compare(p.email, q.email)
		case "nick_name":
			return strings.Compare(p.nickname, q.nickname)
		default:
			return strings.Compare(p.name, q.name)
		}
	})
	if o.orders == nil {
		o.orders = map[string][]int32{}
	}
	o.orders[field] = order
	return order
}

func countUsers(c *call) reply {
	q := queryOf(c.query)
	if err := q.check(c.w.cfg.MaxFilter); err != nil {
		return badRequest(err.Error())
	}
	f, known := c.filter(q)
	if !known {
		return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
	}
	return ok(map[string]int{"count": f.count()})
}

func (f *userFilter) count() (n int) {
	end, at := f.candidates()
	for k := range end {
		if i := at(k); i >= 0 && f.match(&f.w.people[i]) {
			n++
		}
	}
	return n
}

type roleCount struct {
	RoleID string `json:"roleId"`
	Count  int    `json:"count"`
}

type statusCount struct {
	Status string `json:"status"`
	Count  int    `json:"count"`
}

func userStats(c *call) reply {
	f, known := c.filter(&userQuery{})
	if !known {
		return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
	}
	statuses := map[string]int{}
	roles := map[string]int{}
	for i := range c.w.people {
		p := &c.w.people[i]
		if !c.w.insider(i) {
			continue
		}
		s := p.at(viewOrg, c.now)
		if !f.visible(p, s) {
			continue
		}
		statuses[s.account.String()]++
		for _, r := range c.w.roles(s) {
			roles[r]++
		}
	}
	var out struct {
		Roles         []roleCount   `json:"roles"`
		AccountStatus []statusCount `json:"accountStatus"`
	}
	for _, r := range []string{roleUser, roleAdmin, roleUserAccessAdmin, roleSiteAdmin, roleOrgAdmin} {
		out.Roles = append(out.Roles, roleCount{r, roles[r]})
	}
	for _, s := range []string{"active", "inactive", "closed"} {
		out.AccountStatus = append(out.AccountStatus, statusCount{s, statuses[s]})
	}
	return ok(out)
}
