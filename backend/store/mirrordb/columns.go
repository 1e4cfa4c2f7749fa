package mirrordb

import (
	"strings"

	"seatkeeper/backend/domain"
)

// userColumn is one column of the table users that a source delivers.
type userColumn struct {
	name string
	// merge is how a second delivery of the same person in one read is joined with the first.
	merge mergeRule
}

type mergeRule int

const (
	keepText   mergeRule = iota // a text wins over none
	keepNumber                  // a known number wins over 0
	keepMax                     // the greater number wins
)

// userColumns are in the order of fedPeople.user. id and source stand before them, removed_at and refreshed_at after them.
var userColumns = []userColumn{
	{"account_id", keepText},
	{"account_type", keepText},
	{"name", keepText},
	{"nickname", keepText},
	{"email", keepText},
	{"email_verified", keepNumber},
	{"status", keepMax},
	{"managed", keepNumber},
	{"origin", keepText},
	{"mfa", keepNumber},
	{"job_title", keepText},
	{"department", keepText},
	{"organization", keepText},
	{"location", keepText},
	{"time_zone", keepText},
	{"added_at", keepNumber},
	{"deactivated_at", keepNumber},
	{"billable", keepNumber},
}

// statusCodes are stored so that the greater one holds where a person's state differs between directories: active in one
// directory is active, but an account that is deactivated is so everywhere. Never renumber them.
var statusCodes = map[domain.Status]int{
	domain.StatusUnknown:     0,
	domain.StatusNoAccess:    1,
	domain.StatusSuspended:   2,
	domain.StatusInvited:     3,
	domain.StatusActive:      4,
	domain.StatusDeactivated: 5,
	domain.StatusForDeletion: 6,
}

// statusNames is the way back.
var statusNames = func() []domain.Status {
	names := make([]domain.Status, len(statusCodes))
	for name, code := range statusCodes {
		names[code] = name
	}
	return names
}()

// statusOf gives the state of a code; one that a newer program wrote is unknown.
func statusOf(code int) domain.Status {
	if code < 0 || code >= len(statusNames) {
		return domain.StatusUnknown
	}
	return statusNames[code]
}

// userColumnNames lists the columns' names, each after prefix.
func userColumnNames(prefix string) []string {
	names := make([]string, len(userColumns))
	for i, c := range userColumns {
		names[i] = prefix + c.name
	}
	return names
}

// userNames joins them.
func userNames(prefix string) string { return strings.Join(userColumnNames(prefix), ", ") }

// setTable is a table of facts about people: rows belong to a person and are exact after each sync.
type setTable struct {
	name  string
	key   string // the column beside source and user_id that makes a row unique
	value string // the column that may change, "" for none
}

// setTables are all of them.
var setTables = []setTable{
	{"user_directories", "directory_id", "status"},
	{"user_roles", "role", ""},
	{"access", "app_id", "day"},
	{"memberships", "group_id", ""},
}

// thingColumns are the columns of the small tables of things with a name, all but id, source and removed_at.
var thingColumns = map[string][]string{
	"directories": {"directory_id", "name"},
	"apps":        {"app_id", "app_key", "name", "site_name", "site_url", "plan", "status", "sandbox", "usage", "capacity"},
	"groups": {
		"group_id", "directory_id", "name", "description", "synced", "managed_by", "modifiable", "member_count", "app_count", "grants_access",
	},
}

// things are the names of these tables, in a fixed order.
var things = []string{"directories", "apps", "groups"}
