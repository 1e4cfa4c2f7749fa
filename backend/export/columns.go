package export

import (
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/report"
)

// Column is one column of an exported list of people.
type Column struct {
	report.Column

	cell func(directory.Row) report.Cell
}

// columns are all columns in the order of an export of everything. Those that the page shows have the page's names.
// Values that the filter language knows are written as it writes them, so that they can be used in a filter.
var columns = slices.Concat([]Column{
	text("name", "Name", 28, func(r directory.Row) string { return r.Name }),
	text("email", "E-mail", 32, func(r directory.Row) string { return r.Email }),
	text("accountId", "Account ID", 40, func(r directory.Row) string { return r.AccountID }),
	text("userName", "User name", 20, func(r directory.Row) string { return r.UserName }),
	text("status", "Status", 12, func(r directory.Row) string { return string(r.Status) }),
	{report.Column{Name: "lastActive", Title: "Last active", Width: 12}, lastActive},
	{report.Column{Name: "apps", Title: "Apps", Width: 40}, func(r directory.Row) report.Cell { return report.ListOf(r.Apps) }},
	{report.Column{Name: "groups", Title: "Groups", Width: 8}, func(r directory.Row) report.Cell { return report.NumberOf(r.Groups) }},
	{report.Column{Name: "groupNames", Title: "Group names", Width: 40}, func(r directory.Row) report.Cell { return report.ListOf(r.GroupNames) }},
	text("managed", "Managed", 10, func(r directory.Row) string { return tri(r.Managed) }),
	{report.Column{Name: "roles", Title: "Admin roles", Width: 24}, func(r directory.Row) report.Cell { return report.ListOf(r.Roles) }},
}, profileColumns(), []Column{
	{report.Column{Name: "addedAt", Title: "Added", Width: 12}, func(r directory.Row) report.Cell { return report.DayOf(r.Added) }},
	text("mfa", "Two-step verification", 12, func(r directory.Row) string { return tri(r.MFA) }),
	text("billable", "Billable (Guard)", 12, func(r directory.Row) string { return tri(r.Billable) }),
	text("policy", "Authentication policy", 20, func(r directory.Row) string { return r.Policy }),
	text("emailVerified", "E-mail verified", 12, func(r directory.Row) string { return tri(r.Verified) }),
	text("origin", "Origin", 10, func(r directory.Row) string { return r.Origin }),
	text("type", "Account type", 12, func(r directory.Row) string { return r.AccountType }),
	text("readAt", "Read at", 20, readAt),
})

// profileColumns are the columns of the profile's texts.
func profileColumns() []Column {
	columns := make([]Column, len(domain.ProfileTexts))
	for i, t := range domain.ProfileTexts {
		columns[i] = text(t.Name, t.Label, t.Width, func(r directory.Row) string { return *t.Of(&r.Profile) })
	}
	return columns
}

func text(name, title string, width int, value func(directory.Row) string) Column {
	return Column{report.Column{Name: name, Title: title, Width: width}, func(r directory.Row) report.Cell { return report.TextOf(value(r)) }}
}

// readAt is when what is known of the person was read, "" while the first sync runs.
func readAt(r directory.Row) string {
	if r.ReadAt.IsZero() {
		return ""
	}
	return r.ReadAt.Format(time.RFC3339)
}

// lastActive is a day, or in words why there is none: never is only said when it is certain.
func lastActive(r directory.Row) report.Cell {
	switch r.Activity {
	case directory.ActivityKnown:
		return report.DayOf(r.LastActive)
	case directory.ActivityNone:
		return report.TextOf("no app")
	case directory.ActivityNever, directory.ActivityUnknown:
		return report.TextOf(string(r.Activity))
	default:
		return report.TextOf(string(directory.ActivityUnknown))
	}
}

func tri(t domain.Tri) string {
	switch t {
	case domain.Yes:
		return "yes"
	case domain.No:
		return "no"
	default:
		return "unknown"
	}
}

// Columns lists what an export of everything has.
func Columns() []report.Column {
	all := make([]report.Column, len(columns))
	for i, c := range columns {
		all[i] = c.Column
	}
	return all
}

// choose finds columns by name.
func choose(names []string) ([]Column, error) {
	if len(names) == 0 {
		return columns, nil
	}
	var chosen []Column
	seen := map[string]bool{}
	for _, name := range names {
		found := false
		for _, c := range columns {
			if c.Name == name && !seen[name] {
				chosen, found = append(chosen, c), true
			}
		}
		if !found {
			return nil, &domain.Error{Code: domain.Invalid, Field: "columns", Message: "There is no column “" + name + "”, or it is there twice."}
		}
		seen[name] = true
	}
	return chosen, nil
}

// FileName proposes a name for the file from what is in it and the source's name; whoever opens the dialog makes it
// safe for the file system.
func FileName(what, source, day, extension string) string {
	return strings.ToLower("seatkeeper-"+what+"-"+strings.ReplaceAll(source, " ", "-")) + "-" + day + "." + extension
}
