package directory_test

import (
	"slices"
	"strconv"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// truth is the oracle's answer: no, unknown or yes, so that AND is the least and OR the greatest.
type truth int

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// oracle evaluates filters slowly and obviously, one person at a time, over the nouns and not the columns.
type oracle struct {
	c     *content
	today int32
}

func newOracle(c *content) *oracle { return &oracle{c, filter.Today()} }

// matching gives the ids of the people who are in the list, in ascending order.
func (o *oracle) matching(q *filter.Query, search string) []int64 {
	var ids []int64
	for _, u := range o.c.users {
		if (q.Where == nil || o.node(u, q.Where) == yes) && found(u, search) {
			ids = append(ids, u.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func found(u domain.User, search string) bool {
	for word := range strings.FieldsSeq(index.Fold(search)) {
		id := len([]rune(word)) >= 5 && strings.ContainsAny(word, "0123456789") && strings.Contains(strings.ToLower(u.AccountID), word)
		if !id && !strings.Contains(index.Fold(u.Name), word) && !strings.Contains(index.Fold(u.Email), word) && !strings.Contains(index.Fold(userName(u)), word) {
			return false
		}
	}
	return true
}

func (o *oracle) node(u domain.User, n *filter.Node) truth {
	switch n.Kind {
	case filter.And:
		t := yes
		for _, child := range n.Nodes {
			t = min(t, o.node(u, child))
		}
		return t
	case filter.Or:
		t := no
		for _, child := range n.Nodes {
			t = max(t, o.node(u, child))
		}
		return t
	case filter.Not:
		return yes - o.node(u, n.Nodes[0])
	default:
		t := o.positive(u, n)
		if n.Op.Negates() {
			return yes - t
		}
		return t
	}
}

func (o *oracle) positive(u domain.User, n *filter.Node) truth {
	op := n.Op.Positive()
	switch n.Field {
	case "status":
		status := string(u.Status)
		if status == "" {
			status = "unknown"
		}
		if status == "unknown" && !named(n, "unknown") {
			return unknown
		}
		return truthOf(named(n, status))
	case "source":
		if op == filter.IsUnknown {
			return truthOf(u.Origin == "")
		}
		if u.Origin == "" {
			return unknown
		}
		return truthOf(named(n, u.Origin))
	case "managed":
		return tri(u.Managed, n)
	case "mfa":
		return tri(u.MFA, n)
	case "billable":
		return tri(u.Billable, n)
	case "emailVerified":
		return tri(u.EmailVerified, n)
	case "inSyncedGroup":
		return tri(o.inSynced(u), n)
	case "inDefaultGroup":
		return o.inDefaultGroup(u, n)
	case "grantingGroups":
		return o.grantingGroups(u, n)
	case "grantedBy", "appRole":
		return o.given(u, n)
	case "suspendedIn":
		return o.suspendedIn(u, n)
	case "domainVerified":
		return tri(o.domainVerified(u), n)
	case "dataAge":
		return o.age(u, n)
	case "sharedName":
		return tri(o.sharedName(u), n)
	case "protected":
		protected := o.c.protected[u.AccountID]
		return tri(domain.TriOf(&protected), n)
	case "lastActiveSite":
		return o.lastSite(u, n)
	case "touchedBy", "lastTouched", "lastResult":
		return o.history(u, n)
	case "groupCount":
		return number(len(u.GroupIDs), n)
	case "appCount":
		return number(len(u.Access), n)
	case "added":
		if op == filter.Empty {
			return truthOf(u.AddedAt.IsZero())
		}
		if u.AddedAt.IsZero() {
			return unknown
		}
		return truthOf(o.compare(op, filter.Day(u.AddedAt.UTC()), n))
	case "lastActive":
		return o.activity(u, n)
	case "list":
		t := no
		for _, v := range n.Values {
			t = max(t, o.inList(u, v.Text))
		}
		return t
	case "group", "app", "site", "role", "directory":
		return o.set(u, n)
	default:
		return text(u, n)
	}
}

func named(n *filter.Node, word string) bool {
	return slices.ContainsFunc(n.Values, func(v filter.Value) bool { return v.Text == word })
}

func tri(t domain.Tri, n *filter.Node) truth {
	switch {
	case n.Op.Positive() == filter.IsUnknown:
		return truthOf(t == domain.Unknown)
	case t == domain.Unknown:
		return unknown
	default:
		return truthOf((t == domain.Yes) == (n.Values[0].Text == "yes"))
	}
}

func (o *oracle) inSynced(u domain.User) domain.Tri {
	t := domain.No
	for _, g := range o.c.groups {
		if !slices.Contains(u.GroupIDs, g.GroupID) {
			continue
		}
		if g.Synced == domain.Yes {
			return domain.Yes
		}
		if g.Synced == domain.Unknown {
			t = domain.Unknown
		}
	}
	return t
}

func number(x int, n *filter.Node) truth {
	for _, v := range n.Values {
		want, _ := strconv.Atoi(v.Text)
		if (n.Op.Positive() == filter.Equal || n.Op.Positive() == filter.In) && x == want ||
			n.Op == filter.Less && x < want || n.Op == filter.AtMost && x <= want || n.Op == filter.Greater && x > want || n.Op == filter.AtLeast && x >= want {
			return yes
		}
	}
	return no
}

func (o *oracle) compare(op filter.Op, day int32, n *filter.Node) bool {
	want := n.Values[0].Day(o.today)
	switch op {
	case filter.Less:
		return day < want
	case filter.AtMost:
		return day <= want
	case filter.Greater:
		return day > want
	case filter.AtLeast:
		return day >= want
	default:
		return day == want
	}
}

// lastIn gives the last day that is known, in the apps of that name or for "" in all; 0 for none. unsure: there may be
// a later one.
func (o *oracle) lastIn(u domain.User, name string) (last int32, holds, unsure bool) {
	for _, access := range u.Access {
		if name != "" && !slices.Contains(o.appIDs(name), access.AppID) {
			continue
		}
		holds = true
		switch {
		case !access.Known:
			unsure = true
		case !access.LastActive.IsZero():
			last = max(last, filter.Day(access.LastActive))
		}
	}
	if name == "" && u.SeenKnown && unsure && (last == 0 || !u.Seen.IsZero()) {
		unsure = false
		if !u.Seen.IsZero() {
			last = max(last, filter.Day(u.Seen))
		}
	}
	return last, holds, unsure
}

// activity asks of every possible world: an app of unknown activity may have been used never or on any day.
func (o *oracle) activity(u domain.User, n *filter.Node) truth {
	last, holds, unsure := o.lastIn(u, n.Arg)
	op := n.Op.Positive()
	if !holds {
		return unknown
	}
	if op == filter.IsUnknown {
		return truthOf(unsure && last == 0)
	}
	answer := func(day int32) truth {
		if op == filter.Empty {
			return truthOf(day == 0)
		}
		return truthOf(day != 0 && o.compare(op, day, n))
	}
	t := answer(last)
	if !unsure {
		return t
	}
	worlds := []int32{last + 1, o.today + 100_000} // beside those, answers only differ around the day that is asked for
	for _, v := range n.Values {
		day := v.Day(o.today)
		worlds = append(worlds, day-1, day, day+1)
	}
	for _, day := range worlds {
		if day > last && answer(day) != t {
			return unknown
		}
	}
	if last == 0 && op != filter.Empty {
		return unknown // no activity is known at all: nothing is said of it
	}
	return t
}

// appIDs resolves an app's name the way the field documents it.
func (o *oracle) appIDs(name string) []string {
	for _, called := range []func(a domain.App) bool{
		func(a domain.App) bool { return strings.EqualFold(a.AppID, name) },
		func(a domain.App) bool {
			return strings.EqualFold(index.AppLabel(a), name) || strings.EqualFold(a.Key+" ("+a.SiteName+")", name)
		},
		func(a domain.App) bool { return strings.EqualFold(a.Name, name) || strings.EqualFold(a.Key, name) },
	} {
		var ids []string
		for _, a := range o.c.apps {
			if called(a) {
				ids = append(ids, a.AppID)
			}
		}
		if ids != nil {
			return ids
		}
	}
	return nil
}

// thing is one member of a set: how it may be called exactly, and the name in which ~ looks.
type thing struct {
	calls []string
	name  string
}

func (o *oracle) things(u domain.User, field string) []thing {
	var things []thing
	switch field {
	case "group":
		for _, g := range o.c.groups {
			if slices.Contains(u.GroupIDs, g.GroupID) {
				things = append(things, thing{[]string{g.GroupID, g.Name}, g.Name})
			}
		}
	case "role":
		for _, role := range u.PlatformRoles {
			short := strings.TrimPrefix(role, "atlassian/")
			things = append(things, thing{[]string{role, short}, short})
		}
	case "directory":
		for _, m := range u.Memberships {
			for _, d := range o.c.directories {
				if d.DirectoryID == m.DirectoryID {
					things = append(things, thing{[]string{d.DirectoryID, d.Name}, d.Name})
				}
			}
		}
	default:
		for _, a := range o.c.apps {
			holds := slices.ContainsFunc(u.Access, func(x domain.AppAccess) bool { return x.AppID == a.AppID })
			if holds && field == "site" && a.SiteName != "" {
				things = append(things, thing{[]string{a.SiteName}, a.SiteName})
			}
			if holds && field == "app" {
				things = append(things, thing{[]string{a.AppID}, index.AppLabel(a)})
			}
		}
	}
	return things
}

func (o *oracle) set(u domain.User, n *filter.Node) truth {
	things := o.things(u, n.Field)
	if n.Op.Positive() == filter.Empty {
		return truthOf(len(things) == 0)
	}
	for _, v := range n.Values {
		wanted := []string{v.Text}
		if n.Field == "app" && n.Op.Positive() != filter.Like {
			wanted = o.appIDs(v.Text)
		}
		for _, th := range things {
			if n.Op.Positive() == filter.Like {
				if strings.Contains(index.Fold(th.name), index.Fold(v.Text)) {
					return yes
				}
				continue
			}
			for _, call := range th.calls {
				if slices.ContainsFunc(wanted, func(w string) bool { return same(w, call) }) {
					return yes
				}
			}
		}
	}
	return no
}

// same compares without regard to case; TestFoldIsStable looks at the keys.
func same(a, b string) bool {
	return index.Key(a) == index.Key(b)
}

func userName(u domain.User) string {
	if len(u.Memberships) == 1 && u.Memberships[0].DirectoryID == domain.DataCenterDirectory {
		return u.Nickname
	}
	return ""
}

func text(u domain.User, n *filter.Node) truth {
	values := map[string][]string{
		"name": {u.Name}, "email": {u.Email}, "accountId": {u.AccountID}, "nameOrEmail": {u.Name, u.Email}, "department": {u.Department},
		"jobTitle": {u.JobTitle}, "location": {u.Location}, "organization": {u.Organization}, "accountType": {u.AccountType}, "timeZone": {u.TimeZone}, "authPolicy": {u.Policy},
		"userName": {userName(u)}, "domain": {strings.ToLower(u.Email[strings.LastIndexByte(u.Email, '@')+1:])},
	}[n.Field]
	if values == nil {
		panic("the oracle does not know the field " + n.Field)
	}
	if strings.Join(values, "") == "" {
		return map[bool]truth{true: yes, false: unknown}[n.Op.Positive() == filter.Empty]
	}
	for _, value := range values {
		for _, v := range n.Values {
			switch {
			case n.Op.Positive() == filter.Like && n.Field == "accountId":
				if strings.Contains(strings.ToLower(value), strings.ToLower(v.Text)) {
					return yes
				}
			case n.Op.Positive() == filter.Like:
				if strings.Contains(index.Fold(value), index.Fold(v.Text)) {
					return yes
				}
			case same(value, v.Text):
				return yes
			}
		}
	}
	return no
}

// inList tells whether somebody is in a list: for certain where an entry can mean nobody else.
func (o *oracle) inList(u domain.User, name string) truth {
	i := slices.IndexFunc(o.c.lists, func(l domain.PersonList) bool { return strings.EqualFold(l.Name, name) })
	answer := no
	for _, v := range o.c.lists[i].Values {
		meant := func(x domain.User) bool {
			return v != "" && (strings.EqualFold(x.AccountID, v) || strings.EqualFold(x.Email, v) || strings.EqualFold(userName(x), v))
		}
		sharing := 0
		for _, x := range o.c.users {
			if meant(x) {
				sharing++
			}
		}
		switch {
		case meant(u) && sharing == 1:
			return yes
		case meant(u), u.Email == "" && sharing == 0 && strings.Contains(v, "@"):
			answer = unknown
		}
	}
	return answer
}
