package admin

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"seatkeeper/backend/atlassian"
)

// UserQuery narrows a search for people. Each list holds at most 10 entries.
type UserQuery struct {
	AccountIDs         []string
	GroupIDs           []string
	MembershipStatuses []string
	Statuses           []string // the composite status: "active", "suspended"
	ResourceIDs        []string // who has one of RoleIDs on one of these apps
	RoleIDs            []string
	SearchTerm         string // nickname or e-mail
}

// userExpand is everything about a person that costs no further call.
var userExpand = []string{"platformRoles", "counts.resources", "productAccess", "groups"} //nolint:gochecknoglobals // a constant list

func (q UserQuery) body(directoryID string) map[string]any {
	body := map[string]any{"expand": userExpand}
	if directoryID != AnyDirectory {
		body["directoryIds"] = []string{directoryID}
	}
	// An empty list is invalid there, so it is left out.
	for name, list := range map[string][]string{
		"accountIds": q.AccountIDs, "groupIds": q.GroupIDs, "membershipStatus": q.MembershipStatuses,
		"status": q.Statuses, "resourceIds": q.ResourceIDs, "roleIds": q.RoleIDs,
	} {
		if len(list) > 0 {
			body[name] = list
		}
	}
	if q.SearchTerm != "" {
		body["searchTerm"] = q.SearchTerm
	}
	return body
}

// other tells whether a row says by itself that it is not what was asked for.
func (q UserQuery) other(u User) bool {
	is := func(value string, asked []string) bool {
		return value == "" || len(asked) == 0 || slices.ContainsFunc(asked, func(a string) bool { return strings.EqualFold(a, value) })
	}
	return len(q.AccountIDs) > 0 && !slices.Contains(q.AccountIDs, u.AccountID) ||
		!is(u.MembershipStatus, q.MembershipStatuses) || !is(u.Status, q.Statuses)
}

// Named tells whether a row names a group and an app that were asked for. One that does not may still be right, because
// its lists may be cut off or leave out what was never used; that needs a second question. A row without such a list
// names what it was asked for.
func (q UserQuery) Named(u User) bool {
	group := len(q.GroupIDs) == 0 || u.Groups == nil ||
		slices.ContainsFunc(u.Groups, func(g GroupRef) bool { return slices.Contains(q.GroupIDs, g.GroupID()) })
	app := len(q.ResourceIDs) == 0 || u.ProductAccess == nil ||
		slices.ContainsFunc(u.ProductAccess, func(p ProductAccess) bool { return slices.Contains(q.ResourceIDs, p.ID) })
	return group && app
}

// Rows decodes a page of a list of people; it leaves out the rows that say by themselves that they are not what was
// asked for.
func (q UserQuery) Rows(ctx context.Context, raw json.RawMessage) ([]User, error) {
	rows, _, err := atlassian.Listed[User](ctx, raw)
	return slices.DeleteFunc(rows, q.other), err
}
