package directory_test

import (
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/directory/index"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
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
