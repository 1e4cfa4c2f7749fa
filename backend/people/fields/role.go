package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var roles = called(index.SetColumn("role", (*index.Index).RoleColumn,
	func(*index.Index) []string {
		return []string{domain.RoleOrgAdmin, domain.RoleSiteAdmin, domain.RoleUserAccessAdmin}
	},
	func(_ *index.Index, role string) string { return index.RoleName(role) }))

// called adds what the window calls the roles.
func called(roles *index.Named) *index.Named {
	roles.Also = map[string]string{
		"Organization admin": index.RoleName(domain.RoleOrgAdmin),
		"Site admin":         index.RoleName(domain.RoleSiteAdmin),
		"User access admin":  index.RoleName(domain.RoleUserAccessAdmin),
	}
	return roles
}

var _ = index.Register(index.Field{
	Rank: 140,
	Field: filter.Field{
		Name: "role", Label: "Platform role", Noun: "platform roles", Type: filter.Set,
		Docs:    "The person's roles in the organization, such as org-admin. Their holders are never touched by a run.",
		Example: `role = "org-admin"`,
	},
	Match:   roles.Match,
	Options: roles.Options,
})
