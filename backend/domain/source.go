package domain

import "time"

// SourceKind names a type of source, e.g. "atlassian_org".
type SourceKind string

// The kinds of source.
const (
	KindAtlassianOrg SourceKind = "atlassian_org"
	KindJiraCloud    SourceKind = "jira_cloud"
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
	KeyExpires time.Time         // zero when unknown
	CreatedAt  time.Time
	UpdatedAt  time.Time
	TestedAt   time.Time // last successful connection test
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
)

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
}

// TestResult is what a connection test found. OK means that the source can be synced.
type TestResult struct {
	OK           bool
	Name         string // the organization's or site's own name, when read
	Findings     []Finding
	Capabilities []Support
	OperatorID   string // account id of the credential's own account, when the API tells
	OperatorName string
	KeyOwnerID   string
	KeyExpires   time.Time
	TestedAt     time.Time
}
