package directory

import (
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/index"
)

// Path is one group by which a person came to an app.
type Path struct {
	Group   domain.Group
	Roles   []string // that the group gives on the app
	Default bool     // it is a default group of one of them
	Seat    bool     // one of them costs a seat
	Also    []string // labels of the other apps that the group opens: leaving it ends these too
	Effect  Effect
	Others  []domain.Group // for EffectNone: the groups that keep the seat
}

// Effect is what would become of the person's seat if the person left just this group.
type Effect string

// The effects.
const (
	EffectNone    Effect = "nothing"      // another group, or a role of the person's own, keeps it
	EffectFrees   Effect = "frees"        // the seat is free then
	EffectPerhaps Effect = "frees_unless" // free, unless there is a way of which nothing is known
	EffectNoSeat  Effect = "no_seat"      // this path costs none
)

// explainAccess fills in how the person came to each app.
func explainAccess(ix *index.Index, p *Person) {
	known := len(p.Groups) == len(p.User.GroupIDs) && !slices.ContainsFunc(p.Groups, func(g domain.Group) bool { return !g.GrantsKnown })
	for i := range p.Apps {
		a := &p.Apps[i]
		a.PathsKnown = known
		a.Idle = idle(p, a)
		for _, g := range a.Via {
			if !g.GrantsKnown {
				continue // the source tells the apps only, not the roles
			}
			a.Paths = append(a.Paths, pathOf(ix, g, a.App.AppID))
		}
		a.judge()
	}
}

// pathOf gathers what a group gives on one app.
func pathOf(ix *index.Index, g domain.Group, appID string) Path {
	path := Path{Group: g}
	for _, grant := range g.Grants {
		if grant.AppID == appID {
			path.Roles = append(path.Roles, grant.Role)
			path.Default = path.Default || grant.Default
			path.Seat = path.Seat || domain.RoleTakesSeat(grant.Role)
		}
	}
	for _, other := range g.GrantsAccess {
		if at := slices.IndexFunc(ix.Apps, func(a domain.App) bool { return a.AppID == other }); other != appID && at >= 0 {
			path.Also = append(path.Also, index.AppLabel(ix.Apps[at]))
		}
	}
	slices.Sort(path.Also)
	return path
}

// judge says whether access costs a seat, and what leaving each of the groups would change.
func (a *PersonApp) judge() {
	var keepers []domain.Group
	for _, p := range a.Paths {
		if p.Seat {
			keepers = append(keepers, p.Group)
		}
	}
	switch {
	case len(keepers) > 0, a.OwnSeat == domain.Yes:
		a.Seat = domain.Yes
	case a.PathsKnown && a.OwnSeat == domain.No:
		a.Seat = domain.No
	}
	for i := range a.Paths {
		p := &a.Paths[i]
		p.Others = nil
		for _, g := range keepers {
			if g.GroupID != p.Group.GroupID {
				p.Others = append(p.Others, g)
			}
		}
		switch {
		case !p.Seat:
			p.Effect, p.Others = EffectNoSeat, nil
		case len(p.Others) > 0, a.OwnSeat == domain.Yes:
			p.Effect = EffectNone
		case a.PathsKnown && a.OwnSeat == domain.No:
			p.Effect = EffectFrees
		default:
			p.Effect = EffectPerhaps
		}
	}
}

// idle says why access costs nothing at the moment: the account does not work, or not in the app's directory.
func idle(p *Person, a *PersonApp) domain.Status {
	switch s := p.User.Status; s { //nolint:exhaustive // the others use their seats
	case domain.StatusSuspended, domain.StatusDeactivated, domain.StatusForDeletion:
		return s
	}
	// With several directories the app's is that of the groups which open it.
	suspended := 0
	for _, g := range a.Via {
		for _, m := range p.User.Memberships {
			if m.DirectoryID == g.DirectoryID && m.Status == domain.StatusSuspended {
				suspended++
			}
		}
	}
	if suspended > 0 && suspended == len(a.Via) {
		return domain.StatusSuspended
	}
	return ""
}

// Confirm takes in what the source itself just told about the person's roles, so that a role of the person's own is
// known and not only supposed. An app without any role in it keeps what is known.
func (p *Person) Confirm(told []domain.RoleAssignment) {
	for i := range p.Apps {
		a := &p.Apps[i]
		var seen, direct, own, unclear bool
		a.Inferred = false
		for _, t := range told {
			if t.AppID != a.App.AppID {
				continue
			}
			seen = true
			unclear = unclear || !t.Direct && !t.ByGroup && !t.Inferred // an older form of the answer, without the ways
			direct = direct || t.Direct
			a.Inferred = a.Inferred || t.Inferred
			own = own || (domain.RoleTakesSeat(t.Role) && (t.Direct || t.Inferred))
		}
		if seen {
			a.Direct, a.OwnSeat = sure(direct, unclear), sure(own, unclear)
			a.judge()
		}
	}
}

// sure is yes or no, but no only where nothing was unclear.
func sure(yes, unclear bool) domain.Tri {
	if unclear && !yes {
		return domain.Unknown
	}
	return domain.TriOf(&yes)
}
