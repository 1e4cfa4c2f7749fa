package bulk

import (
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// protection knows whom no action touches. It is asked when a plan is made and, with people as just read, before each call.
type protection struct {
	operator    string
	keyOwners   []string
	adminGroups []string
}

// newProtection takes more owners of keys beside those that the source knows: of a key that was typed for one run.
func newProtection(src domain.Source, groups []domain.Group, moreOwners ...string) protection {
	p := protection{operator: src.OperatorID, keyOwners: slices.Concat([]string{src.KeyOwnerID}, src.KeyOwners, src.ChangeKey.Owners, moreOwners)}
	for _, g := range groups {
		if g.IsOrgAdmins() {
			p.adminGroups = append(p.adminGroups, g.GroupID)
		}
	}
	return p
}

// reason says why a person is protected, "" when not.
func (p protection) reason(u domain.User) string {
	switch {
	case is(u, p.operator):
		return "This is your own account."
	case slices.ContainsFunc(p.keyOwners, func(owner string) bool { return is(u, owner) }):
		return "This account owns a key that Seatkeeper works with."
	case slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin):
		return "Organization admins are never changed."
	case slices.Contains(u.PlatformRoles, domain.RoleJiraAdmin):
		return "Jira administrators are never changed."
	case slices.ContainsFunc(p.adminGroups, func(id string) bool { return slices.Contains(u.GroupIDs, id) }):
		return "Organization admins are never changed: this person is in the group org-admins."
	}
	return ""
}

// is compares with an account id, or with an e-mail address where a source knows no more than that.
func is(u domain.User, who string) bool {
	if who == "" {
		return false
	}
	return u.AccountID == who || strings.Contains(who, "@") && strings.EqualFold(strings.TrimSpace(who), u.Email)
}
