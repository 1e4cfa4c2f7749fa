package admin

// Token is an API token of one managed account.
type Token struct {
	ID         string `json:"id"`
	Label      string `json:"label"`
	CreatedAt  string `json:"createdAt"`
	LastAccess string `json:"lastAccess"`
	Expiry     string `json:"expiry"`
}

// RowID is the token's id.
func (t Token) RowID() string { return t.ID }

// AccessToken is an API token as the list for the whole organization shows it.
type AccessToken struct {
	ID           string `json:"id"`
	Label        string `json:"label"`
	Status       string `json:"status"`
	CreatedAt    string `json:"createdAt"`
	ExpiresAt    string `json:"expiresAt"`
	LastActiveAt string `json:"lastActiveAt"`
	User         struct {
		ID string `json:"id"`
	} `json:"user"`
}

// RowID is the token's id.
func (t AccessToken) RowID() string { return t.ID }

// Profile is the profile of a managed account.
type Profile struct {
	AccountID       string `json:"account_id"`
	AccountStatus   string `json:"account_status"`
	Name            string `json:"name"`
	Nickname        string `json:"nickname"`
	Email           string `json:"email"`
	ZoneInfo        string `json:"zoneinfo"`
	Locale          string `json:"locale"`
	ExtendedProfile struct {
		JobTitle     string `json:"job_title"`
		Organization string `json:"organization"`
		Department   string `json:"department"`
		Location     string `json:"location"`
	} `json:"extended_profile"`
}

// LastActive is one person's last activity. Apps that were never opened are missing.
type LastActive struct {
	ProductAccess []struct {
		ID                  string `json:"id"`
		Key                 string `json:"key"`
		LastActive          string `json:"last_active"` // a day
		LastActiveTimestamp string `json:"last_active_timestamp"`
	} `json:"product_access"`
	AddedToOrg string `json:"added_to_org"`
}

// ManagedAccount is one account of a verified domain.
type ManagedAccount struct {
	AccountID      string `json:"account_id"`
	AccountStatus  string `json:"account_status"`
	Email          string `json:"email"`
	AccessBillable *bool  `json:"access_billable"` // in Atlassian Guard, not in an app
	LastActive     string `json:"last_active"`
}

// RowID is the account id.
func (m ManagedAccount) RowID() string { return m.AccountID }

// RoleAssignment is what a person may do with one app.
type RoleAssignment struct {
	DirectoryID     string   `json:"directoryId"`
	ResourceID      string   `json:"resourceId"`
	Roles           []string `json:"roles"`               // older form, without the ways
	DirectoryStatus string   `json:"userDirectoryStatus"` // the person's state in this directory: "active", "suspended"
	RoleAssignments []struct {
		Role    string   `json:"role"`
		Methods []string `json:"roleAssignmentMethods"` // "direct", "group_direct", "inferred"
	} `json:"roleAssignments"`
}

// RowID is the resource within its directory.
func (r RoleAssignment) RowID() string {
	if r.ResourceID == "" {
		return ""
	}
	return r.DirectoryID + " " + r.ResourceID
}

// Grant is what a group gives on one app.
type Grant struct {
	ResourceID  string   `json:"resourceId"`
	Roles       []string `json:"roles"`
	DefaultRole string   `json:"defaultRole"` // the role of which the group is a default one, "" for none
}

// RowID is the app's resource id.
func (g Grant) RowID() string { return g.ResourceID }

// Invitation is the body of an invitation. One address a call gives the clearest answers.
type Invitation struct {
	Emails           []string         `json:"emails"`
	PermissionRules  []PermissionRule `json:"permissionRules,omitempty"`
	AdditionalGroups []string         `json:"additionalGroups,omitempty"`
	SendNotification bool             `json:"sendNotification"`
	NotificationText string           `json:"notificationText,omitempty"`
}

// PermissionRule gives a role on an app.
type PermissionRule struct {
	Resource string `json:"resource"`
	Role     string `json:"role"`
}

// Invited is the answer for one address.
type Invited struct {
	ID      string `json:"id"`
	Email   string `json:"email"`
	Results []struct {
		Roles  []InviteOutcome `json:"roleAssignmentResult"`
		Groups []InviteOutcome `json:"groupAssignmentResult"`
	} `json:"results"`
}

// InviteOutcome is the answer for one app or group of an invitation.
type InviteOutcome struct {
	Resource     string `json:"resource"`
	Group        string `json:"group"`
	Status       string `json:"status"`
	StatusReason string `json:"statusReason"`
}

// Event is one line of the audit log.
type Event struct {
	ID         string `json:"id"`
	Attributes struct {
		Time   string `json:"time"`
		Action string `json:"action"`
		Actor  struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"actor"`
		Context   []EventThing `json:"context"`
		Container []EventThing `json:"container"`
	} `json:"attributes"`
	Message struct {
		Content string `json:"content"`
	} `json:"message"`
}

// EventThing is what an event is about.
type EventThing struct {
	ID   string `json:"id"`
	Type string `json:"type"` // "user", "group", "org", ...: an open set
}

// RowID is the event's id.
func (e Event) RowID() string { return e.ID }

// Policy is one policy.
type Policy struct {
	ID         string `json:"id"`
	Attributes struct {
		Type   string `json:"type"`
		Name   string `json:"name"`
		Status string `json:"status"`
		Rule   struct {
			In []string `json:"in"`
		} `json:"rule"`
		Resources []struct {
			ID string `json:"id"`
		} `json:"resources"`
	} `json:"attributes"`
}

// RowID is the policy's id.
func (p Policy) RowID() string { return p.ID }
