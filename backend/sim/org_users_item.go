package sim

import (
	"math/bits"
	"net/http"
	"slices"
)

// userItem is a person as the v2 calls show it.
type userItem struct {
	AccountID        string        `json:"accountId"`
	AccountType      string        `json:"accountType"`
	Status           string        `json:"status"`
	AccountStatus    string        `json:"accountStatus"`
	MembershipStatus string        `json:"membershipStatus"`
	AddedToOrg       string        `json:"addedToOrg"`
	DeactivatedOn    string        `json:"deactivatedOn,omitempty"`
	Name             string        `json:"name"`
	Nickname         string        `json:"nickname,omitempty"`
	Email            string        `json:"email,omitempty"`
	EmailVerified    bool          `json:"emailVerified"`
	ClaimStatus      string        `json:"claimStatus"`
	PlatformRoles    *[]string     `json:"platformRoles,omitempty"`
	Picture          string        `json:"picture"`
	Avatar           string        `json:"avatar"`
	ManagementSource *string       `json:"managementSource"`
	MFAEnabled       *bool         `json:"mfaEnabled,omitempty"`
	JobTitle         string        `json:"jobTitle,omitempty"`
	Department       string        `json:"department,omitempty"`
	Organization     string        `json:"organization,omitempty"`
	Location         string        `json:"location,omitempty"`
	TimeZone         string        `json:"timeZone,omitempty"`
	Counts           *userCounts   `json:"counts,omitempty"`
	ProductAccess    *[]accessItem `json:"productAccess,omitempty"`
	Groups           *[]userGroup  `json:"groups,omitempty"`
	Links            selfLink      `json:"links"`
}

type userCounts struct {
	Resources int `json:"resources"`
}

type accessItem struct {
	ID                  string `json:"id"`
	Key                 string `json:"key"`
	LastActiveTimestamp string `json:"lastActiveTimestamp,omitempty"`
}

type userGroup struct {
	ID          string `json:"id"` // a resource id, unlike everywhere else
	Name        string `json:"name"`
	Description string `json:"description"`
}

const picture = "https://avatar-management--avatars.us-west-2.prod.public.atl-paas.net/default-avatar-3.png"

// item shows person i as the filter's view sees it, with what the query expands.
func (f *userFilter) item(i int) userItem {
	w, p := f.w, &f.w.people[i]
	s := p.at(viewOrg, f.now)
	own := p.profileOf()
	u := userItem{
		AccountID: w.accountID(i), AccountType: "atlassian", AccountStatus: s.account.String(), MembershipStatus: f.membership(s),
		AddedToOrg: stamp(p.added), Name: p.name, Nickname: p.nickname, EmailVerified: p.verified, ClaimStatus: "unmanaged",
		Picture: picture, Avatar: picture,
		Department: own.department, JobTitle: own.title, Organization: own.organization, Location: own.location, TimeZone: own.zone,
	}
	u.Links.Self = "https://" + apiHost + "/admin/v2/orgs/" + w.orgID + "/directories/-/users/" + u.AccountID
	u.Status = composite(s, u.MembershipStatus)
	if p.kind == kindApp {
		u.AccountType = "app"
	}
	if !p.hidden {
		u.Email = p.email
	}
	source := "invited"
	if p.synced {
		source = "synced"
	}
	if u.MembershipStatus != "no_membership" {
		u.ManagementSource = &source
	}
	if p.managed {
		u.ClaimStatus = "managed"
	}
	if p.mfa != 0 {
		on := p.mfa == 1
		u.MFAEnabled = &on
	}
	f.expand(&u, i, p, s)
	return u
}

func (f *userFilter) expand(u *userItem, i int, p *person, s *state) {
	w := f.w
	access := w.access(s) & f.appsInScope()
	for _, e := range f.q.Expand {
		switch e {
		case "platformRoles":
			roles := w.platformRoles(s)
			u.PlatformRoles = &roles
		case "counts.resources":
			u.Counts = &userCounts{bits.OnesCount64(access)}
		case "productAccess":
			list := []accessItem{}
			for b := access; b != 0; b &= b - 1 {
				a := bits.TrailingZeros64(b)
				item := accessItem{w.apps[a].ari, w.apps[a].kind.typeKey, stamp(w.lastActive(i, p, a))}
				if item.LastActiveTimestamp != "" || !w.cfg.HideUnused {
					list = append(list, item)
				}
			}
			u.ProductAccess = &list
		case "groups":
			list := make([]userGroup, 0, len(s.groups))
			for _, g := range s.groups {
				gr := &w.groups[g]
				if f.scope&(1<<gr.directory) == 0 || !gr.exists(viewOrg, f.now) || w.cfg.ExpandGroups > 0 && len(list) >= w.cfg.ExpandGroups {
					continue
				}
				list = append(list, userGroup{"ari:cloud:identity::group/" + gr.id, gr.name, gr.description})
			}
			u.Groups = &list
		}
	}
}

// appsInScope are the apps of the sites whose directory is looked at, as bits.
func (f *userFilter) appsInScope() (apps uint64) {
	for a := range f.w.apps {
		if f.scope&(1<<f.w.sites[f.w.apps[a].site].directory) != 0 {
			apps |= 1 << a
		}
	}
	return apps
}

// lastActive is when person i last opened app a, in unix seconds; 0 is never. It is drawn from the seed and the person's
// newest activity, so it needs no memory.
func (w *World) lastActive(i int, p *person, a int) int64 {
	if p.last == 0 {
		return 0
	}
	h := w.hash(saltActivity, uint64(i), uint64(a))
	if h%100 >= 70 {
		return 0 // granted and never opened
	}
	if h%3 == 0 {
		return p.last
	}
	return max(p.last-int64(h>>16%(150*24*3600)), p.added)
}

// platformRoles lists the roles over the whole organization; never nil.
func (w *World) platformRoles(s *state) []string {
	roles := []string{}
	if s.orgAdmin {
		roles = append(roles, roleOrgAdmin)
	}
	for _, g := range s.groups {
		if r := w.groups[g].platform; r != "" && !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	return roles
}

func (w *World) isOrgAdmin(s *state) bool { return slices.Contains(w.platformRoles(s), roleOrgAdmin) }

// roles lists all roles that the state holds on anything, each once.
func (w *World) roles(s *state) []string {
	roles := w.platformRoles(s)
	add := func(r string) {
		if !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	for _, g := range s.groups {
		for _, gr := range w.groups[g].grants {
			add(gr.role)
		}
	}
	for _, gr := range s.direct {
		add(gr.role)
	}
	return roles
}

// holds tells whether the state holds one of the roles (nil is any) on one of the apps.
func (w *World) holds(s *state, limited bool, apps uint64, roles []string) bool {
	fits := func(g grant) bool {
		return (!limited || apps&(1<<g.app) != 0) && (roles == nil || slices.Contains(roles, g.role))
	}
	for _, g := range s.groups {
		if slices.ContainsFunc(w.groups[g].grants, fits) {
			return true
		}
	}
	if slices.ContainsFunc(s.direct, fits) {
		return true
	}
	return !limited && slices.ContainsFunc(w.platformRoles(s), func(r string) bool { return slices.Contains(roles, r) })
}

func getUser(c *call) reply {
	f, known := c.filter(&userQuery{Expand: userExpands})
	if !known {
		return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
	}
	i, p, found := c.person(c.vars["accountId"])
	if !found || !f.visible(p, p.at(viewOrg, c.now)) {
		return noUser()
	}
	u := f.item(i)
	if s := p.at(viewOrg, c.now); s.account == accountInactive {
		u.DeactivatedOn = stamp(p.deactivated)
	}
	return ok(single[userItem]{u})
}

func noUser() reply { return adminError(http.StatusNotFound, "ADMIN-404-8", "User not found") }
