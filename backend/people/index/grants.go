package index

import (
	"slices"
	"strconv"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// grants tells of each group whether it gives its members one of the apps (nil: any), as far as the source says it.
func (ix *Index) grants(apps []int, given func(g *domain.Group, wanted func(appID string) bool) domain.Tri) []domain.Tri {
	ids := map[string]bool{}
	for _, a := range apps {
		ids[ix.Apps[a].AppID] = true
	}
	all := make([]domain.Tri, len(ix.Groups))
	for i := range ix.Groups {
		all[i] = given(&ix.Groups[i], func(appID string) bool { return apps == nil || ids[appID] })
	}
	return all
}

// opens tells whether a group lets its members open one of the apps.
func (ix *Index) opens(g *domain.Group, wanted func(string) bool) domain.Tri {
	switch {
	case slices.ContainsFunc(g.GrantsAccess, wanted):
		return domain.Yes
	case g.GrantsKnown, len(g.GrantsAccess) > 0, g.AppCount == 0 && len(ix.Apps) > 0:
		return domain.No
	default:
		return domain.Unknown
	}
}

// isDefault tells whether Atlassian puts those into the group who are given one of the apps.
func isDefault(g *domain.Group, wanted func(string) bool) domain.Tri {
	switch {
	case slices.ContainsFunc(g.Grants, func(grant domain.Grant) bool { return grant.Default && wanted(grant.AppID) }):
		return domain.Yes
	case g.GrantsKnown:
		return domain.No
	default:
		return domain.Unknown
	}
}

// MatchGrantingGroups evaluates conditions on how many of the person's groups let open the app of the field's argument.
// Where the source does not say it of a group, the number is only known to lie between two.
func MatchGrantingGroups(e *Eval, n *filter.Node) (Truth, error) {
	apps, err := e.Arg(n)
	if err != nil {
		return Truth{}, err
	}
	ix := e.Index
	opens := ix.grants(apps, ix.opens)
	t := Truth{Yes: ix.NewBits(), Maybe: ix.NewBits()}
	for pos := range ix.n {
		least, more := int64(0), int64(0)
		for _, g := range ix.groups.of(pos) {
			switch opens[g] {
			case domain.Yes:
				least++
			case domain.Unknown:
				more++
			case domain.No:
			}
		}
		all, some := true, false
		for count := least; count <= least+more; count++ {
			fits := slices.ContainsFunc(n.Values, func(v filter.Value) bool {
				want, _ := strconv.ParseInt(v.Text, 10, 64)
				return compare(n.Op.Positive(), count, want)
			})
			all, some = all && fits, some || fits
		}
		if all {
			t.Yes.Set(pos)
		}
		if some {
			t.Maybe.Set(pos)
		}
	}
	return e.signed(n, t)
}

// MatchDefaultGroup evaluates conditions on whether the person is in a default group of the app of the field's
// argument.
func MatchDefaultGroup(e *Eval, n *filter.Node) (Truth, error) {
	apps, err := e.Arg(n)
	if err != nil {
		return Truth{}, err
	}
	defaults := e.Index.grants(apps, isDefault)
	return MatchTri(func(ix *Index) []domain.Tri { return ix.anyGroup(defaults) })(e, n)
}

// MatchGrantedBy evaluates conditions on which of the person's groups let open the app of the field's argument; groups
// resolves names.
func MatchGrantedBy(groups *Named) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		apps, err := e.Arg(n)
		if err != nil {
			return Truth{}, err
		}
		ordinals, err := groups.wanted(e, n)
		if err != nil {
			return Truth{}, err
		}
		marks, opens := make([]domain.Tri, len(e.Index.Groups)), e.Index.grants(apps, e.Index.opens)
		for i := range marks {
			marks[i] = domain.No
		}
		for _, g := range ordinals {
			marks[g] = opens[g]
		}
		return e.inMarked(n, marks)
	}
}

// GrantingOptions proposes the groups that let open an app, or perhaps do.
func GrantingOptions(ix *Index) []filter.Option {
	opens := ix.grants(nil, ix.opens)
	options := make([]filter.Option, 0, len(opens))
	for i := range ix.Groups {
		if name := ix.Groups[i].Name; opens[i] != domain.No && name != "" && (i == 0 || ix.Groups[i-1].Name != name) {
			options = append(options, filter.Option{Value: name, Count: ix.MemberCount(i)})
		}
	}
	return options
}

// GivenRoles gives the roles on apps that groups of the source give, by name without "atlassian/".
func GivenRoles(ix *Index) []string {
	var roles []string
	for i := range ix.Groups {
		for _, grant := range ix.Groups[i].Grants {
			if name := RoleName(grant.Role); !slices.Contains(roles, name) {
				roles = append(roles, name)
			}
		}
	}
	slices.Sort(roles)
	return roles
}

// MatchAppRole evaluates conditions on the roles that the person's groups give on the app of the field's argument;
// roles resolves names.
func MatchAppRole(roles *Named) Matcher {
	return func(e *Eval, n *filter.Node) (Truth, error) {
		apps, err := e.Arg(n)
		if err != nil {
			return Truth{}, err
		}
		ordinals, err := roles.wanted(e, n)
		if err != nil {
			return Truth{}, err
		}
		wanted, names := map[string]bool{}, roles.Names(e.Index)
		for _, o := range ordinals {
			wanted[names[o]] = true
		}
		return e.inMarked(n, e.Index.grants(apps, func(g *domain.Group, app func(string) bool) domain.Tri {
			switch {
			case slices.ContainsFunc(g.Grants, func(grant domain.Grant) bool { return app(grant.AppID) && wanted[RoleName(grant.Role)] }):
				return domain.Yes
			case g.GrantsKnown:
				return domain.No
			default:
				return domain.Unknown
			}
		}))
	}
}

// inMarked turns marks of groups into the answer to a condition on a set: who is in one that is marked, and of IS EMPTY
// who is in none.
func (e *Eval) inMarked(n *filter.Node, marks []domain.Tri) (Truth, error) {
	column := e.Index.anyGroup(marks)
	yes := marked(e.Index, column, domain.Yes, domain.Yes)
	t := Truth{Yes: yes, Maybe: yes.or(marked(e.Index, column, domain.Unknown, domain.Unknown))}
	if n.Op.Positive() == filter.Empty {
		t = e.Index.Not(t)
	}
	return e.signed(n, t)
}

// anyGroup tells whether one of each person's groups is marked: yes before unknown before no.
func (ix *Index) anyGroup(marks []domain.Tri) []domain.Tri {
	column := make([]domain.Tri, ix.n)
	for pos := range column {
		column[pos] = domain.No
		for _, g := range ix.groups.of(pos) {
			if marks[g] == domain.Yes || marks[g] == domain.Unknown && column[pos] == domain.No {
				column[pos] = marks[g]
			}
		}
	}
	return column
}
