package mirrordb

import (
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// userColumn is one column of the table users that a source delivers.
type userColumn struct {
	name string
	// field points to the value in a person: a *string, *domain.Status, *domain.Tri or *time.Time.
	field func(u *domain.User) any
}

// userColumns are all of them. The columns id and source stand before them, removed_at and refreshed_at after them.
var userColumns = append(profileColumns(), []userColumn{
	{"account_id", func(u *domain.User) any { return &u.AccountID }},
	{"account_type", func(u *domain.User) any { return &u.AccountType }},
	{"name", func(u *domain.User) any { return &u.Name }},
	{"nickname", func(u *domain.User) any { return &u.Nickname }},
	{"email", func(u *domain.User) any { return &u.Email }},
	{"email_verified", func(u *domain.User) any { return &u.EmailVerified }},
	{"status", func(u *domain.User) any { return &u.Status }},
	{"managed", func(u *domain.User) any { return &u.Managed }},
	{"origin", func(u *domain.User) any { return &u.Origin }},
	{"mfa", func(u *domain.User) any { return &u.MFA }},
	{"added_at", func(u *domain.User) any { return &u.AddedAt }},
	{"deactivated_at", func(u *domain.User) any { return &u.DeactivatedAt }},
	{"billable", func(u *domain.User) any { return &u.Billable }},
}...)

// profileColumns are the columns of the profile's texts.
func profileColumns() []userColumn {
	columns := make([]userColumn, len(domain.ProfileTexts))
	for i, text := range domain.ProfileTexts {
		columns[i] = userColumn{text.Column, func(u *domain.User) any { return text.Of(&u.Profile) }}
	}
	return columns
}

// stored gives the value of a column as it is kept.
func (c userColumn) stored(u *domain.User) any {
	switch field := c.field(u).(type) {
	case *string:
		return sqlite.Clean(*field)
	case *domain.Status:
		return int64(statusCodes[statusAnywhere(u)])
	case *domain.Tri:
		return int64(*field)
	case *time.Time:
		return sqlite.ToUnix(*field)
	default:
		panic("mirrordb: column " + c.name + " has a field of no known kind")
	}
}

// none is the column's value when nothing is known, in SQL.
func (c userColumn) none() string {
	if _, text := c.field(&domain.User{}).(*string); text {
		return "''"
	}
	return "0"
}

// statusCodes are stored so that the greater one holds where a person's state differs between directories: active in
// one directory is active, but an account that is deactivated is so everywhere. Never renumber them.
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

// statusAnywhere gives the state of the person as delivered; without one, the greatest of the directories.
func statusAnywhere(u *domain.User) domain.Status {
	status := u.Status
	if status == "" {
		for _, m := range u.Memberships {
			if statusCodes[m.Status] > statusCodes[status] {
				status = m.Status
			}
		}
	}
	return status
}

// userNames joins the columns' names, each after prefix.
func userNames(prefix string) string {
	return joinColumns(func(c userColumn) string { return prefix + c.name })
}

// joinColumns joins what is written for each column.
func joinColumns(write func(userColumn) string) string {
	parts := make([]string, len(userColumns))
	for i, c := range userColumns {
		parts[i] = write(c)
	}
	return strings.Join(parts, ", ")
}

// setTable is a table of facts about people: rows belong to a person and are exact after each sync.
type setTable struct {
	name  string
	key   string // the column beside source and user_id that makes a row unique
	value string // the column that may change, "" for none; of two the greater one holds
}

// setTables are all of them, in the order of rows.sets.
var setTables = []setTable{
	{"user_directories", "directory_id", "status"},
	{"user_roles", "role", ""},
	{"access", "app_id", "day"},
	{"memberships", "group_id", ""},
}

// columns lists the columns.
func (t setTable) columns() string {
	if t.value == "" {
		return "source, user_id, " + t.key
	}
	return "source, user_id, " + t.key + ", " + t.value
}

// thingColumns are the columns of the small tables of things with a name, all but id, source and removed_at.
var thingColumns = map[string][]string{
	"directories": {"directory_id", "name"},
	"apps": {
		"app_id", "app_key", "name", "site_name", "site_url", "plan", "status", "sandbox", "usage", "capacity",
	},
	"groups": {
		"group_id", "directory_id", "name", "description", "synced", "managed_by", "modifiable", "member_count",
		"app_count", "grants_access",
	},
}

// things are the names of these tables, in a fixed order.
var things = []string{"directories", "apps", "groups"}
