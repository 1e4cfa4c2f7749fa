package directory_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// The oracle's answers about what groups grant, names, sites and earlier runs.

// mine gives the person's groups and the ids of the apps that a condition asks for.
func (o *oracle) mine(u domain.User, n *filter.Node) (groups []domain.Group, apps []string) {
	for _, g := range o.c.groups {
		if slices.Contains(u.GroupIDs, g.GroupID) {
			groups = append(groups, g)
		}
	}
	if n.Arg != "" {
		return groups, o.appIDs(n.Arg)
	}
	for _, a := range o.c.apps {
		apps = append(apps, a.AppID)
	}
	return groups, apps
}

func (o *oracle) inDefaultGroup(u domain.User, n *filter.Node) truth {
	groups, apps := o.mine(u, n)
	answer := domain.No
	for _, g := range groups {
		for _, grant := range g.Grants {
			if grant.Default && slices.Contains(apps, grant.AppID) {
				return tri(domain.Yes, n)
			}
		}
		if !g.GrantsKnown {
			answer = domain.Unknown
		}
	}
	return tri(answer, n)
}

// grantingGroups tries every possible number.
func (o *oracle) grantingGroups(u domain.User, n *filter.Node) truth {
	groups, apps := o.mine(u, n)
	sure, open := 0, 0
	for _, g := range groups {
		switch {
		case slices.ContainsFunc(apps, func(app string) bool { return slices.Contains(g.GrantsAccess, app) }):
			sure++
		case !g.GrantsKnown && len(g.GrantsAccess) == 0 && g.AppCount != 0:
			open++
		}
	}
	t := number(sure, n)
	for more := range open {
		if number(sure+more+1, n) != t {
			return unknown
		}
	}
	return t
}

func (o *oracle) sharedName(u domain.User) domain.Tri {
	if index.Fold(u.Name) == "" {
		return domain.Unknown
	}
	answer := domain.No
	for _, v := range o.c.users {
		switch {
		case v.ID == u.ID, index.Fold(u.Name) != index.Fold(v.Name):
		case u.Email == "" || v.Email == "":
			answer = domain.Unknown
		case index.Fold(u.Email) != index.Fold(v.Email):
			return domain.Yes
		}
	}
	return answer
}

func (o *oracle) lastSite(u domain.User, n *filter.Node) truth {
	latest, unread := time.Time{}, false
	for _, a := range u.Access {
		unread = unread || !a.Known
		if a.Known && a.LastActive.After(latest) {
			latest = a.LastActive
		}
	}
	if n.Op.Positive() == filter.Empty {
		if unread && latest.IsZero() {
			return unknown
		}
		return truthOf(latest.IsZero())
	}
	if unread {
		return unknown
	}
	for _, a := range u.Access {
		at := slices.IndexFunc(o.c.apps, func(app domain.App) bool { return app.AppID == a.AppID })
		site := o.c.apps[at].SiteName
		for _, v := range n.Values {
			if a.LastActive.IsZero() || !a.LastActive.Equal(latest) || site == "" {
				continue
			}
			if same(site, v.Text) || n.Op.Positive() == filter.Like && strings.Contains(index.Fold(site), index.Fold(v.Text)) {
				return yes
			}
		}
	}
	return no
}

func (o *oracle) history(u domain.User, n *filter.Node) truth {
	var mine []domain.Touch
	for _, t := range o.c.touches {
		if t.AccountID == u.AccountID {
			mine = append(mine, t)
		}
	}
	if n.Op.Positive() == filter.Empty {
		return truthOf(len(mine) == 0)
	}
	if len(mine) == 0 {
		return no
	}
	last := mine[len(mine)-1]
	switch n.Field {
	case "lastTouched":
		return truthOf(o.compare(n.Op.Positive(), filter.Day(last.At.UTC()), n))
	case "lastResult":
		return truthOf(named(n, string(last.State)))
	default:
		return truthOf(slices.ContainsFunc(mine, func(t domain.Touch) bool {
			return slices.ContainsFunc(n.Values, func(v filter.Value) bool { return same(v.Text, t.Action) || same(v.Text, t.RunID) })
		}))
	}
}

// given asks each group of the person what it gives: grantedBy whether it opens an app, appRole which roles it gives on
// one.
func (o *oracle) given(u domain.User, n *filter.Node) truth {
	groups, apps := o.mine(u, n)
	op, answer := n.Op.Positive(), no
	asked := func(names ...string) bool {
		return op == filter.Empty || slices.ContainsFunc(n.Values, func(v filter.Value) bool {
			if op == filter.Like {
				return strings.Contains(index.Fold(names[0]), index.Fold(v.Text))
			}
			return slices.ContainsFunc(names, func(name string) bool { return same(name, v.Text) })
		})
	}
	for _, g := range groups {
		open := !g.GrantsKnown
		if n.Field == "grantedBy" {
			if !asked(g.Name, g.GroupID) {
				continue
			}
			if slices.ContainsFunc(apps, func(app string) bool { return slices.Contains(g.GrantsAccess, app) }) {
				answer = yes
			}
			open = open && len(g.GrantsAccess) == 0 && g.AppCount != 0
		}
		for _, grant := range g.Grants {
			if n.Field == "appRole" && slices.Contains(apps, grant.AppID) && asked(strings.TrimPrefix(grant.Role, "atlassian/"), grant.Role) {
				answer = yes
			}
		}
		if open {
			answer = max(answer, unknown)
		}
	}
	if op == filter.Empty {
		return yes - answer
	}
	return answer
}

func (o *oracle) suspendedIn(u domain.User, n *filter.Node) truth {
	answer := no
	for _, m := range u.Memberships {
		at := slices.IndexFunc(o.c.directories, func(d domain.Directory) bool { return d.DirectoryID == m.DirectoryID })
		d := o.c.directories[at]
		if n.Op.Positive() != filter.Empty && !slices.ContainsFunc(n.Values, func(v filter.Value) bool {
			if n.Op.Positive() == filter.Like {
				return strings.Contains(index.Fold(d.Name), index.Fold(v.Text))
			}
			return same(v.Text, d.DirectoryID) || same(v.Text, d.Name)
		}) {
			continue
		}
		switch m.Status {
		case domain.StatusSuspended:
			answer = yes
		case domain.StatusUnknown, "":
			answer = max(answer, unknown)
		default:
		}
	}
	if n.Op.Positive() == filter.Empty {
		return yes - answer
	}
	return answer
}

func (o *oracle) domainVerified(u domain.User) domain.Tri {
	if u.Email == "" || len(o.c.domains) == 0 {
		return domain.Unknown
	}
	for _, d := range o.c.domains {
		if strings.EqualFold(u.Email[strings.LastIndexByte(u.Email, '@')+1:], d.Name) && d.Verified {
			return domain.Yes
		}
	}
	return domain.No
}

func (o *oracle) age(u domain.User, n *filter.Node) truth {
	read := u.ReadAt
	if read.IsZero() {
		read = o.c.freshness.CompleteAt
	}
	switch {
	case n.Op.Positive() == filter.IsUnknown:
		return truthOf(read.IsZero())
	case read.IsZero():
		return unknown
	default:
		return number(int(time.Since(read).Hours()), n)
	}
}

// activityKey orders people by the last activity as plain texts do: never is before any day, and "" is no value.
func (o *oracle) activityKey(id int64, name string) string {
	u := o.c.users[slices.IndexFunc(o.c.users, func(u domain.User) bool { return u.ID == id })]
	last, holds, unsure := o.lastIn(u, name)
	if !holds || unsure && last == 0 {
		return ""
	}
	return fmt.Sprintf("%09d", last)
}
