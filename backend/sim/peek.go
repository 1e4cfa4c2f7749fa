package sim

import (
	"math/bits"
	"slices"
)

// PersonState is the truth about one person, whatever the reads still show.
type PersonState struct {
	AccountID     string            `json:"accountId"`
	Name          string            `json:"name"`
	Email         string            `json:"email"`
	Status        string            `json:"status"`  // composite: active, suspended, not_invited, deactivated, for_deletion
	Account       string            `json:"account"` // active, inactive, closed
	Managed       bool              `json:"managed"`
	Synced        bool              `json:"synced"`
	OrgAdmin      bool              `json:"orgAdmin"`
	Invited       bool              `json:"invited"`     // never accepted the invitation
	Directories   map[string]string `json:"directories"` // by directory id: active or suspended
	Groups        []string          `json:"groups"`      // group ids
	Apps          []string          `json:"apps"`        // resource ids that the person may open
	PlatformRoles []string          `json:"platformRoles"`
	Nickname      string            `json:"nickname"`
	JobTitle      string            `json:"jobTitle"`
	Direct        []string          `json:"direct"`        // apps on which the person was given a role
	SessionsEnded int               `json:"sessionsEnded"` // how often all sessions were ended
}

// State returns the truth about a person; found is false for an unknown account id.
func (w *World) State(accountID string) (s PersonState, found bool) {
	w.settleIfDue()
	w.mu.RLock()
	defer w.mu.RUnlock()
	i, found := w.find(accountID)
	if !found {
		return PersonState{}, false
	}
	return w.stateOf(i), true
}

func (w *World) stateOf(i int) PersonState {
	p := &w.people[i]
	f := userFilter{w: w, q: &userQuery{}, status: ^uint64(0)}
	s := PersonState{
		AccountID: w.accountID(i), Name: p.name, Email: p.email, Status: composite(&p.state, f.membership(&p.state)), Account: p.account.String(),
		Managed: p.managed, Synced: p.synced, OrgAdmin: w.isOrgAdmin(&p.state), Invited: p.kind == kindInvited,
		Directories: map[string]string{}, PlatformRoles: w.platformRoles(&p.state),
		Nickname: p.nickname, JobTitle: p.profileOf().title, SessionsEnded: w.sessions[i],
	}
	for _, g := range p.direct {
		s.Direct = append(s.Direct, w.apps[g.app].ari)
	}
	for b := p.member; b != 0; b &= b - 1 {
		d := bits.TrailingZeros64(b)
		s.Directories[w.directories[d].id] = "active"
		if p.suspended&(1<<d) != 0 {
			s.Directories[w.directories[d].id] = "suspended"
		}
	}
	for _, g := range p.groups {
		s.Groups = append(s.Groups, w.groups[g].id)
	}
	for b := w.access(&p.state); b != 0; b &= b - 1 {
		s.Apps = append(s.Apps, w.apps[bits.TrailingZeros64(b)].ari)
	}
	return s
}

// MemberOf tells whether a person is in a group in truth.
func (w *World) MemberOf(accountID, groupID string) bool {
	w.settleIfDue()
	w.mu.RLock()
	defer w.mu.RUnlock()
	i, found := w.find(accountID)
	g, known := w.groupByID[groupID]
	return found && known && w.people[i].in(g)
}

// People returns the truth about the organization's people that keep says yes to, at most limit of them (0 is all).
func (w *World) People(limit int, keep func(PersonState) bool) []PersonState {
	w.settleIfDue()
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []PersonState
	for i := range w.people {
		if !w.insider(i) {
			continue
		}
		if s := w.stateOf(i); keep == nil || keep(s) {
			if out = append(out, s); len(out) == limit {
				break
			}
		}
	}
	return out
}

// GroupState is the truth about one group.
type GroupState struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	DirectoryID string       `json:"directoryId"`
	Synced      bool         `json:"synced"`
	Default     bool         `json:"default"` // the default group of an app
	Admins      bool         `json:"admins"`  // gives an admin role
	Members     int          `json:"members"`
	Apps        []string     `json:"apps"` // resource ids that members may open
	Grants      []GrantState `json:"grants"`
}

// GrantState is a role that a group gives its members on an app.
type GrantState struct {
	App  string `json:"app"` // resource id
	Role string `json:"role"`
}

// Groups lists the groups that exist in truth.
func (w *World) Groups() []GroupState {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []GroupState
	for i := range w.groups {
		g := &w.groups[i]
		if g.until[viewTruth] != 0 {
			continue
		}
		s := GroupState{
			ID: g.id, Name: g.name, DirectoryID: w.directories[g.directory].id, Synced: g.kind == groupSynced, Default: g.kind == groupDefault,
			Admins: g.kind == groupAdmins || g.kind == groupOrgAdmins, Members: len(g.members),
		}
		for _, x := range g.grants {
			s.Grants = append(s.Grants, GrantState{App: w.apps[x.app].ari, Role: x.role})
		}
		for b := g.access; b != 0; b &= b - 1 {
			s.Apps = append(s.Apps, w.apps[bits.TrailingZeros64(b)].ari)
		}
		out = append(out, s)
	}
	return out
}

// GroupNamed returns the first group of this name.
func (w *World) GroupNamed(name string) (GroupState, bool) {
	all := w.Groups()
	i := slices.IndexFunc(all, func(g GroupState) bool { return g.Name == name })
	if i < 0 {
		return GroupState{}, false
	}
	return all[i], true
}

// DirectoryIDs lists the directories: one, or one for each site in the sites' order.
func (w *World) DirectoryIDs() []string {
	var ids []string
	for _, d := range w.directories {
		ids = append(ids, d.id)
	}
	return ids
}

// AppState is one app at one site.
type AppState struct {
	ID      string `json:"id"` // resource id
	Key     string `json:"key"`
	Name    string `json:"name"`
	Site    string `json:"site"`
	Sandbox bool   `json:"sandbox"`
	Used    int    `json:"used"` // seats taken
}

// Apps lists the apps of all sites.
func (w *World) Apps() []AppState {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []AppState
	for _, a := range w.apps {
		out = append(out, AppState{a.ari, a.kind.typeKey, a.kind.typ, w.sites[a.site].name, a.sandbox, a.used})
	}
	return out
}

// GlobalStatus tells whether the list of one directory shows people's status over all directories.
func (w *World) GlobalStatus() bool { return w.cfg.GlobalStatus }
