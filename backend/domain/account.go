package domain

import "time"

// RoleAssignment is a role that a person has on an app, with the ways by which it came.
type RoleAssignment struct {
	DirectoryID string
	AppID       string // the app's resource id
	Role        string // e.g. "atlassian/user"
	Direct      bool   // given to the person: taking it away has an effect
	ByGroup     bool   // not given to the person: through a group, it stays until the group is left
	Inferred    bool   // follows from something else, such as being organization admin
}

// ProfileChange holds the fields of a managed account's profile to change; nil leaves a field as it is, "" empties it.
type ProfileChange struct {
	Name, Nickname, TimeZone, Locale             *string
	JobTitle, Department, Organization, Location *string
}

// Manageability says what may be done with one managed account. An action that is missing may not be done; the value is the
// reason, "" for allowed, "externalDirectory.scim" and the like where the identity provider decides.
type Manageability map[string]string

// Token is an API token of a person. Times are zero when not told.
type Token struct {
	ID         string
	Label      string
	AccountID  string
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time
}

// Key is an API key of the organization.
type Key struct {
	ID        string
	Label     string
	OwnerID   string // account id of who made it, "" unknown
	OwnerName string
	ExpiresAt time.Time
	Scoped    bool
}

// Invitation lets one person in.
type Invitation struct {
	Email    string
	AppIDs   []string // apps to give access to; where the source is a Jira Cloud site, keys of its apps
	Role     string   // on these apps; "" is "atlassian/user"
	GroupIDs []string
	Notify   bool   // whether Atlassian writes an e-mail
	Text     string // to stand in it
	// UserName and DisplayName are what a Jira Data Center makes the user with; "" is the e-mail address.
	UserName, DisplayName string
}

// Invited is what came of an invitation. Atlassian answers for each app and group apart.
type Invited struct {
	AccountID string // "" when not told
	Parts     []InvitedPart
}

// InvitedPart is the answer for one app or group.
type InvitedPart struct {
	Target string // app or group id
	OK     bool
	Status string // Atlassian's own word
	Reason string // why not, in Atlassian's words
}

// Event is one line of the audit log.
type Event struct {
	ID         string
	At         time.Time
	Action     string // e.g. "user_added_to_group"; an open set
	ActorID    string // account id, "" for nobody or an app
	ActorName  string
	AccountIDs []string // people that it is about
	GroupIDs   []string // groups that it is about
	Message    string   // Atlassian's own sentence: foreign text
}

// Policy is a policy of the organization, e.g. an IP allowlist.
type Policy struct {
	ID      string
	Type    string // "ip-allowlist", "data-residency", ...
	Name    string
	Enabled bool
	Allowed []string // for an IP allowlist: its addresses and networks
	AppIDs  []string // where it is in force
}

// Seats is how many seats of an app are taken.
type Seats struct {
	AppKey string // "" is all apps of the site together
	Taken  int    // as Atlassian counts it: may be up to 7 days old
	Limit  int    // -1 unknown or unlimited
}

// Organization is an organization that was looked up.
type Organization struct {
	ID   string
	Name string // "" unknown
	From string // where the id was found, to stand after "Found by": "the API key"
}
