package jira

// DCUser is one user as Jira Data Center shows it. Groups is nil where the call did not ask for them.
type DCUser struct {
	Key           string   `json:"key"`  // stays when the user is renamed
	Name          string   `json:"name"` // what the user signs in with; group calls name people by it
	EmailAddress  string   `json:"emailAddress"`
	DisplayName   string   `json:"displayName"`
	Active        *bool    `json:"active"`
	Deleted       bool     `json:"deleted"`
	TimeZone      string   `json:"timeZone"`
	LastLoginTime string   `json:"lastLoginTime"` // of the whole instance, not of one app; only newer versions tell it
	Groups        *DCItems `json:"groups"`
	Roles         *struct {
		Items []DCRole `json:"items"`
	} `json:"applicationRoles"` // which applications the user may open, by key and name
}

// RowID is the user's key.
func (u DCUser) RowID() string { return u.Key }

// DCItems are the groups of a user; Size may be more than there are items.
type DCItems struct {
	Size  int       `json:"size"`
	Items []DCGroup `json:"items"`
}

// DCGroup is one group. Data Center has no ids for groups: the name is the id, whatever its case.
type DCGroup struct {
	Name   string    `json:"name"`
	Labels []dcLabel `json:"labels"`
}

type dcLabel struct {
	Type string `json:"type"` // "ADMIN" for a group whose members administer Jira
}

// RowID is the group's name.
func (g DCGroup) RowID() string { return g.Name }

// Admin tells whether Jira marks the group as one of administrators.
func (g DCGroup) Admin() bool {
	for _, l := range g.Labels {
		if l.Type == "ADMIN" {
			return true
		}
	}
	return false
}

// DCRole is one application of the instance with the names of the groups that give access to it.
type DCRole struct {
	Key            string   `json:"key"`
	Name           string   `json:"name"`
	Groups         []string `json:"groups"`
	DefaultGroups  []string `json:"defaultGroups"`
	NumberOfSeats  *int     `json:"numberOfSeats"`
	UserCount      *int     `json:"userCount"`
	UnlimitedSeats bool     `json:"hasUnlimitedSeats"`
}

// RowID is the application's key.
func (r DCRole) RowID() string { return r.Key }

// DCServerInfo says what answers.
type DCServerInfo struct {
	DeploymentType string `json:"deploymentType"` // "Data Center", "Server", "Cloud"
	Version        string `json:"version"`
	Title          string `json:"serverTitle"`
}
