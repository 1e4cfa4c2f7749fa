package domain

import "time"

// SourceKind names a type of source, e.g. "atlassian_org".
type SourceKind string

// The kinds of source.
const (
	KindAtlassianOrg SourceKind = "atlassian_org"
	KindJiraCloud    SourceKind = "jira_cloud"
	KindJiraDC       SourceKind = "jira_dc"
)

// Source is one connection that the admin has added. It never holds a secret: these stand in the keyring under SecretKey.
type Source struct {
	ID         string            // random, never reused
	Kind       SourceKind        //
	Name       string            // given by the admin
	Color      string            // name of a theme color that marks the source in the window
	Settings   map[string]string // the non-secret fields that the kind declares, by field name
	Paused     bool              // a paused source is neither synced nor acted on
	Demo       bool              // the demo organization
	OperatorID string            // account id of the admin at this source, "" when unknown: always protected
	KeyOwnerID string            // account id of the credential's owner, "" when unknown: always protected
	KeyOwners  []string          // every account that owns the credential or, where several could be it, may own it: always protected
	KeyExpires time.Time         // zero when unknown
	// Lacks is what the credential cannot do although the kind can, with the reason, as the last test found; nil when nothing is known.
	Lacks     map[Capability]string
	ChangeKey ChangeKey // the second key, for changes only; zero for none
	CreatedAt time.Time
	UpdatedAt time.Time
	TestedAt  time.Time // last successful connection test
}

// Capability is something that a source may be able to do.
type Capability string

// The capabilities.
const (
	CanReadPeople    Capability = "read_people"
	CanReadActivity  Capability = "read_activity"
	CanReadGroups    Capability = "read_groups"
	CanSuspend       Capability = "suspend"
	CanEditGroups    Capability = "edit_groups"
	CanSeeDirectory  Capability = "read_directories"
	CanSeeOwnAccount Capability = "own_account"

	CanRemove         Capability = "remove"          // take people out of a directory or a site
	CanInvite         Capability = "invite"          // let new people in
	CanDeactivate     Capability = "deactivate"      // managed accounts, everywhere at Atlassian
	CanDeleteAccounts Capability = "delete_accounts" // managed accounts, with 14 days to take it back
	CanEditAccess     Capability = "edit_access"     // give and take roles on apps
	CanEditAdmins     Capability = "edit_admins"     // make and unmake organization admins
	CanCreateGroups   Capability = "create_groups"   // and delete them
	CanEditGrants     Capability = "edit_grants"     // what a group gives its members
	CanEditProfiles   Capability = "edit_profiles"   // name, job title and so on of managed accounts
	CanChangeEmails   Capability = "change_emails"   // of managed accounts
	CanRevokeTokens   Capability = "revoke_tokens"   // see and end API tokens of managed accounts
	CanReadEvents     Capability = "read_events"     // the audit log
	CanReadPolicies   Capability = "read_policies"   // e.g. IP allowlists
	CanReadLicenses   Capability = "read_licenses"   // seats taken
	CanReadDomains    Capability = "read_domains"    // which e-mail domains are verified
	CanReadKeys       Capability = "read_keys"       // the organization's API keys with their ends
)

// Capabilities lists every capability in the order of the documentation.
func Capabilities() []Capability {
	return []Capability{
		CanReadPeople, CanReadActivity, CanReadGroups, CanSeeDirectory, CanSeeOwnAccount, CanReadDomains, CanReadLicenses, CanReadEvents,
		CanReadPolicies, CanReadKeys, CanSuspend, CanRemove, CanInvite, CanDeactivate, CanDeleteAccounts, CanEditProfiles, CanChangeEmails,
		CanRevokeTokens, CanEditAccess, CanEditAdmins, CanEditGroups, CanCreateGroups, CanEditGrants,
	}
}

// Changes tells whether the capability changes something at Atlassian; the others only read.
func (c Capability) Changes() bool {
	switch c {
	case CanSuspend, CanRemove, CanInvite, CanDeactivate, CanDeleteAccounts, CanEditProfiles, CanChangeEmails, CanRevokeTokens, CanEditAccess,
		CanEditAdmins, CanEditGroups, CanCreateGroups, CanEditGrants:
		return true
	case CanReadPeople, CanReadActivity, CanReadGroups, CanSeeDirectory, CanSeeOwnAccount, CanReadDomains, CanReadLicenses, CanReadEvents,
		CanReadPolicies, CanReadKeys:
	}
	return false
}

// Title names the capability for the user.
func (c Capability) Title() string {
	return map[Capability]string{
		CanReadPeople: "Read people", CanReadActivity: "Read last activity", CanReadGroups: "Read groups", CanSeeDirectory: "Read user directories",
		CanSeeOwnAccount: "Know the credential's own account", CanReadDomains: "Read e-mail domains", CanReadLicenses: "Read seats taken",
		CanReadEvents: "Read the audit log", CanReadPolicies: "Read policies", CanReadKeys: "Read when API keys expire",
		CanSuspend: "Suspend and restore people", CanRemove: "Remove people", CanInvite: "Invite people",
		CanDeactivate: "Deactivate and reactivate accounts", CanDeleteAccounts: "Delete accounts", CanEditProfiles: "Change names and job titles",
		CanChangeEmails: "Change e-mail addresses", CanRevokeTokens: "Revoke people's API tokens", CanEditAccess: "Give and take app access",
		CanEditAdmins: "Make and unmake organization admins", CanEditGroups: "Change group members", CanCreateGroups: "Create and delete groups",
		CanEditGrants: "Change what a group gives access to",
	}[c]
}

// Support says whether a source has a capability and, when not, why, in words for the user.
type Support struct {
	Capability Capability
	Supported  bool
	Reason     string // for the user, when not supported
}

// FindingState is the result of one check of a connection test.
type FindingState string

// The states of a finding.
const (
	FindingOK      FindingState = "ok"
	FindingWarning FindingState = "warning" // usable, but something is missing or will soon be
	FindingFailed  FindingState = "failed"
	FindingSkipped FindingState = "skipped" // not checked because an earlier check failed
)

// Finding is one named line of a connection test.
type Finding struct {
	Check   string // stable name: "reach", "auth", "organization", "directories", "people", "groups", "suspend", "owner", "expiry", "clock", "operator", "site", "permissions"
	Title   string // what was checked, for the user
	State   FindingState
	Message string // what was found, in one sentence
	Hint    string // what to do, when not ok
	Code    Code   // for a failed check
	Reason  string // finer cause of a failed check, as in Error, e.g. "ip_allowlist"
}

// TestResult is what a connection test found. OK means that the source can be synced.
type TestResult struct {
	OK           bool
	Name         string // the organization's or site's own name, when read
	Findings     []Finding
	Capabilities []Support
	OperatorID   string // account id of the credential's own account, when the API tells
	OperatorName string
	KeyOwnerID   string   // "" when not certain
	KeyOwners    []string // all accounts that may be the owner
	KeyExpires   time.Time
	TestedAt     time.Time
}
