package domain

import (
	"slices"
	"strings"
)

// MaxGroupMembers is how many members of one group are read before it is deleted; a group with more must be emptied first.
const MaxGroupMembers = 100

// GroupNow is a group with the people in it, as just read or as the local copy has it.
type GroupNow struct {
	Group
	There     bool   // false: there is no such group, and of the rest only what was asked for is set
	Deletable Tri    // whether Atlassian lets it be deleted
	Opens     Tri    // No: it opens no app; Unknown: what it opens could not be read
	Default   bool   // a default group of an app
	Members   []User // with roles and groups
	Whole     bool   // all members are among Members
	Unread    bool   // a run made or changed it, or may have, and it was not read again since
}

// GroupBefore is what a change of a group keeps of it for the way back. Account ids and apps are sorted.
type GroupBefore struct {
	Description string   `json:"description,omitempty"`
	Members     []string `json:"members,omitempty"` // account ids
	Opens       []string `json:"opens,omitempty"`   // apps, as they are named for the user
	Lose        []string `json:"lose,omitempty"`    // account ids of who loses an app with the group
}

// AdminsOf says whom the group makes administrator of something, in words for the user; "" when of nothing that is known.
func (g Group) AdminsOf() string {
	if g.IsOrgAdmins() {
		return "the organization"
	}
	name := strings.ToLower(g.Name)
	if strings.HasPrefix(name, "site-admins") {
		return "the site"
	}
	switch name {
	case "jira-administrators", "jira-system-administrators", "system-administrators", "administrators":
		return "Jira"
	}
	if slices.ContainsFunc(g.Grants, func(given Grant) bool { return strings.HasSuffix(given.Role, "admin") }) {
		return "an app"
	}
	return ""
}

// IsDefault tells whether the group is known to be a default one of a role on an app.
func (g Group) IsDefault() bool {
	return slices.ContainsFunc(g.Grants, func(given Grant) bool { return given.Default })
}

// AddGrant adds what a group grants its members.
func AddGrant(g *Group, grant Grant) {
	g.Grants = append(g.Grants, grant)
	if RoleOpens(grant.Role) && !slices.Contains(g.GrantsAccess, grant.AppID) {
		g.GrantsAccess = append(g.GrantsAccess, grant.AppID)
	}
}
