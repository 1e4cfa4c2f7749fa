package index

import (
	"slices"
	"strconv"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
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

// MatchGrantingGroups evaluates conditions on how many of the person's groups let open the app of the field's argument. Where the source
// does not say it of a group, the number is only known to lie between two.
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

// MatchDefaultGroup evaluates conditions on whether the person is in a default group of the app of the field's argument.
func MatchDefaultGroup(e *Eval, n *filter.Node) (Truth, error) {
	apps, err := e.Arg(n)
	if err != nil {
		return Truth{}, err
	}
	defaults := e.Index.grants(apps, isDefault)
	return MatchTri(func(ix *Index) []domain.Tri { return ix.anyGroup(defaults) })(e, n)
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
