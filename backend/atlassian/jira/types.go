package jira

// User is one account as Jira shows it. Groups is nil where the call did not ask for them.
type User struct {
	AccountID    string      `json:"accountId"`
	AccountType  string      `json:"accountType"`
	EmailAddress string      `json:"emailAddress"`
	DisplayName  string      `json:"displayName"`
	Active       *bool       `json:"active"`
	TimeZone     string      `json:"timeZone"`
	Groups       *GroupItems `json:"groups"`
}

// RowID is the account id.
func (u User) RowID() string { return u.AccountID }

// GroupItems are the groups of an account; Size may be more than there are items.
type GroupItems struct {
	Size  int        `json:"size"`
	Items []GroupRef `json:"items"`
}

// GroupRef is one group.
type GroupRef struct {
	GroupID string `json:"groupId"`
	Name    string `json:"name"`
}

// RowID is the group's id.
func (g GroupRef) RowID() string { return g.GroupID }

// Role is one app of the site with the groups that give access to it.
type Role struct {
	Key            string     `json:"key"`
	Name           string     `json:"name"`
	GroupDetails   []GroupRef `json:"groupDetails"`
	DefaultGroups  []GroupRef `json:"defaultGroupsDetails"`
	NumberOfSeats  *int       `json:"numberOfSeats"`
	UserCount      *int       `json:"userCount"`
	UnlimitedSeats bool       `json:"hasUnlimitedSeats"`
}

// RowID is the app's key.
func (r Role) RowID() string { return r.Key }

// License is the plan of each app.
type License struct {
	Applications []struct {
		ID   string `json:"id"`
		Plan string `json:"plan"` // UNLICENSED, FREE, PAID
	} `json:"applications"`
}

// AuditRecord is one line of a site's audit log.
type AuditRecord struct {
	ID              int64        `json:"id"`
	Summary         string       `json:"summary"`
	Created         string       `json:"created"`
	AuthorAccountID string       `json:"authorAccountId"`
	Description     string       `json:"description"`
	ObjectItem      AuditThing   `json:"objectItem"`
	AssociatedItems []AuditThing `json:"associatedItems"`
}

// AuditThing is what a line of the log is about.
type AuditThing struct {
	ID       string `json:"id"`
	TypeName string `json:"typeName"` // "USER", "GROUP", ...
}

// ServerInfo says what answers.
type ServerInfo struct {
	BaseURL        string `json:"baseUrl"`
	DeploymentType string `json:"deploymentType"` // "Cloud", "Server", "Data Center"
	Title          string `json:"serverTitle"`
}
