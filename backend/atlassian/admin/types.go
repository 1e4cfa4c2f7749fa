package admin

import (
	"encoding/json"
	"strings"
)

// Organization is one organization.
type Organization struct {
	ID         string `json:"id"`
	Attributes struct {
		Name string `json:"name"`
	} `json:"attributes"`
}

// RowID is the organization's id.
func (o Organization) RowID() string { return o.ID }

// Directory is one user directory.
type Directory struct {
	DirectoryID string `json:"directoryId"`
	Name        string `json:"name"`
}

// RowID is the directory's id.
func (d Directory) RowID() string { return d.DirectoryID }

// User is one person as users/search shows it. Pointers are fields that may be missing; nil slices were not in the answer.
type User struct {
	AccountID        string          `json:"accountId"`
	AccountType      string          `json:"accountType"`
	Status           string          `json:"status"`
	AccountStatus    string          `json:"accountStatus"`
	MembershipStatus string          `json:"membershipStatus"`
	AddedToOrg       *string         `json:"addedToOrg"`
	DeactivatedOn    *string         `json:"deactivatedOn"`
	Name             string          `json:"name"`
	Nickname         string          `json:"nickname"`
	Email            string          `json:"email"`
	EmailVerified    *bool           `json:"emailVerified"`
	ClaimStatus      string          `json:"claimStatus"`
	PlatformRoles    []string        `json:"platformRoles"`
	ManagementSource string          `json:"managementSource"`
	MFAEnabled       *bool           `json:"mfaEnabled"`
	JobTitle         string          `json:"jobTitle"`
	Department       string          `json:"department"`
	Organization     string          `json:"organization"`
	Location         string          `json:"location"`
	TimeZone         string          `json:"timeZone"`
	ProductAccess    []ProductAccess `json:"productAccess"`
	Groups           []GroupRef      `json:"groups"`
}

// RowID is the account id.
func (u User) RowID() string { return u.AccountID }

// ProductAccess is one app that a person may open. The timestamp is missing when it never was opened.
type ProductAccess struct {
	ID                  string  `json:"id"`
	Key                 string  `json:"key"`
	LastActiveTimestamp *string `json:"lastActiveTimestamp"`
}

// GroupRef is a group of a person; its id is an ARI. Most of a sync's answers are these, so nothing else of them is read.
type GroupRef struct {
	ID string `json:"id"`
}

// GroupID is the id within an ARI such as ari:cloud:identity::group/276f955c.
func (g GroupRef) GroupID() string { return g.ID[strings.LastIndexByte(g.ID, '/')+1:] }

// Group is one group as groups/search shows it.
type Group struct {
	ID               string  `json:"id"`
	Name             string  `json:"name"`
	Description      string  `json:"description"`
	DirectoryID      string  `json:"directoryId"`
	ExternalSynced   *bool   `json:"externalSynced"`
	ManagedBy        *string `json:"managedBy"`
	ManagementAccess *struct {
		Modifiable *bool `json:"modifiable"`
		Deletable  *bool `json:"deletable"`
	} `json:"managementAccess"`
	Counts *struct {
		Users     *int `json:"users"`
		Resources *int `json:"resources"`
	} `json:"counts"`
}

// RowID is the group's id.
func (g Group) RowID() string { return g.ID }

// Workspace is one app at one site.
type Workspace struct {
	ID         string `json:"id"`
	Attributes struct {
		Name    string `json:"name"`
		TypeKey string `json:"typeKey"`
		Type    string `json:"type"`
		Status  string `json:"status"`
		Sandbox *struct {
			Type string `json:"type"`
		} `json:"sandbox"`
		Usage    *int   `json:"usage"`
		Capacity *int   `json:"capacity"`
		HostURL  string `json:"hostUrl"`
	} `json:"attributes"`
	Relationships json.RawMessage `json:"relationships"` // an open set of which only one is wanted: see Plan
}

// Plan is the name of the plan, "" when it is not told.
func (w Workspace) Plan() string {
	var r struct {
		Entitlement []struct {
			Attributes struct {
				Plan string `json:"plan"`
			} `json:"attributes"`
		} `json:"entitlement"`
	}
	if json.Unmarshal(w.Relationships, &r) != nil || len(r.Entitlement) == 0 {
		return ""
	}
	return r.Entitlement[0].Attributes.Plan
}

// RowID is the app's resource id (ARI).
func (w Workspace) RowID() string { return w.ID }

// Domain is one e-mail domain.
type Domain struct {
	ID         string `json:"id"`
	Attributes struct {
		Name  string `json:"name"`
		Claim struct {
			Status string `json:"status"`
		} `json:"claim"`
	} `json:"attributes"`
}

// RowID is the domain's id.
func (d Domain) RowID() string { return d.ID }

// Key is one API key of the organization.
type Key struct {
	ID           string   `json:"id"`
	Label        string   `json:"label"`
	ExpiresAt    string   `json:"expiresAt"`
	LastActiveAt string   `json:"lastActiveAt"`
	Scopes       []string `json:"scopes"`
	CreatedBy    struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"createdBy"`
}

// RowID is the key's id.
func (k Key) RowID() string { return k.ID }
