package domain

import (
	"cmp"
	"time"
)

// Status is the state of an account as Atlassian's own screens name it.
type Status string

// The states. Suspended and Deactivated are different things: see the field docs in the filter language.
const (
	StatusActive      Status = "active"
	StatusSuspended   Status = "suspended"    // by an admin, in this organization (or directory) only
	StatusDeactivated Status = "deactivated"  // the managed account itself, everywhere
	StatusInvited     Status = "invited"      // has access, but never accepted the invitation
	StatusNoAccess    Status = "no_directory" // managed account that is in no directory of the organization
	StatusForDeletion Status = "for_deletion" // deactivated and to be deleted within 14 days
	StatusUnknown     Status = "unknown"
)

// Tri is a yes/no that may be unknown. Unknown is never shown or filtered as no.
type Tri int8

// The three values; the zero value is unknown.
const (
	Unknown Tri = 0
	Yes     Tri = 1
	No      Tri = 2
)

// TriOf turns an optional bool into a Tri.
func TriOf(b *bool) Tri {
	switch {
	case b == nil:
		return Unknown
	case *b:
		return Yes
	default:
		return No
	}
}

// Platform roles whose holders are always protected.
const (
	RoleOrgAdmin        = "atlassian/org-admin"
	RoleSiteAdmin       = "atlassian/site-admin"
	RoleUserAccessAdmin = "atlassian/user-access-admin"
	RoleJiraAdmin       = "atlassian/jira-admin" // our name for an administrator of a Jira Data Center instance
)

// User is one account as a source shows it.
//
// A person in several directories of an original-experience organization is one User with several Memberships.
type User struct {
	ID            int64 // the mirror's own key; 0 in what a source delivers
	AccountID     string
	AccountType   string // "atlassian", "app", "customer", or what else Atlassian says
	Name          string // as given by the person: attacker's text
	Nickname      string
	Email         string // "" when hidden
	EmailVerified Tri
	Status        Status // over all directories: active where active in at least one
	Managed       Tri    // Yes: the account's domain is verified and the account claimed
	Origin        string // Atlassian's management source: "invited", "synced" (from the identity provider), "" unknown
	MFA           Tri
	Billable      Tri      // Yes: counts for Atlassian Guard; Atlassian says it of managed accounts only
	PlatformRoles []string // "atlassian/org-admin", ...
	Profile
	AddedAt       time.Time // to the organization; zero when unknown
	DeactivatedAt time.Time
	Memberships   []DirectoryMembership
	Access        []AppAccess
	GroupIDs      []string         // Atlassian's group ids
	Roles         []RoleAssignment // roles on apps, where they were read for an action; nil: not read. No store keeps them
	RemovedAt     time.Time

	// Seen is the last activity over everything at Atlassian, where an imported file told it; zero: never. Access has
	// that of the apps.
	Seen      time.Time
	SeenKnown bool
	Policy    string // name of the authentication policy, where an imported file told it

	// ReadAt is when what is known of the person was read, where that is not the end of the last full sync; zero: it
	// is.
	ReadAt time.Time
	Unread bool // the last full sync did not deliver the person: its listing was cut off
}

// DirectoryMembership is a user's state in one directory.
type DirectoryMembership struct {
	DirectoryID string
	Status      Status // active, suspended, ...
}

// AppAccess is one app that a user may open, at one site.
type AppAccess struct {
	AppID      string    // the app's resource id (ARI)
	AppKey     string    // e.g. "jira-software"
	LastActive time.Time // zero: never, if Known; the source reports at most day precision, up to 24 h late
	Known      bool      // whether activity could be read at all
}

// Group is a group of a source.
type Group struct {
	ID           int64  // the mirror's own key
	GroupID      string // Atlassian's id
	DirectoryID  string
	Name         string // attacker's text
	Description  string
	Synced       Tri // Yes: comes from the identity provider; membership cannot be changed here
	ManagedBy    string
	Modifiable   Tri
	MemberCount  int // as the source counts it; -1 unknown
	AppCount     int // resources that it grants; -1 unknown
	GrantsAccess []string
	Grants       []Grant // what the group gives its members, if GrantsKnown
	GrantsKnown  bool    // whether that could be read; never true for a kind of source that does not tell
	RemovedAt    time.Time
}

// IsOrgAdmins tells whether this is the group whose members are organization admins; it is never changed.
func (g Group) IsOrgAdmins() bool { return g.Name == "org-admins" }

// Locked says why members of the group cannot be changed here, "" when they can.
func (g Group) Locked() string {
	switch {
	case g.IsOrgAdmins():
		return "Organization admins are never changed."
	case g.Synced == Yes:
		return "Managed by the identity provider: change it there."
	case g.Modifiable == No:
		return "Atlassian does not let this group be changed."
	default:
		return ""
	}
}

// DataCenterDirectory is the id of the one directory of a Jira Data Center. There a user's Nickname is the user name:
// what the person signs in with, which nobody else has at the same time. In Atlassian's cloud nicknames are nobody's
// own.
const DataCenterDirectory = "jira"

// Directory is a user directory: one if the organization is centralized, one for each site otherwise.
type Directory struct {
	DirectoryID string
	Name        string
}

// App is one app at one site: what a seat is paid for.
type App struct {
	ID       int64  // the mirror's own key
	AppID    string // resource id (ARI)
	Key      string // machine name, e.g. "jira-software"
	Name     string // e.g. "Jira"
	SiteName string // e.g. "acme"
	SiteURL  string
	Plan     string // e.g. "STANDARD"; "" unknown
	Status   string // online, offline, deprecated
	Sandbox  bool
	Usage    int // -1 unknown
	Capacity int // the plan's ceiling, not the seats bought; -1 unknown
}

// Label names an app so that it is not mistaken for the same app at another site: "Jira (acme)".
func (a App) Label() string {
	name := cmp.Or(a.Name, a.Key)
	if a.SiteName == "" {
		return name
	}
	return name + " (" + a.SiteName + ")"
}

// Domain is an e-mail domain of the organization.
type Domain struct {
	Name     string
	Verified bool
}
