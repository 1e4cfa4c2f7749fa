// Package protection knows whom no action touches. It changes nothing itself: the engine asks it when a plan is made and, with people as
// just read, before each call; lists and filters show what it says.
package protection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// Rule is who is protected in one source, as its settings and groups were when the rule was made.
type Rule struct {
	operator    string
	keyOwners   []string
	adminGroups []string
}

// New makes a rule. More owners are those of a key that the source does not know: one that was typed for a single run.
func New(src domain.Source, groups []domain.Group, moreOwners ...string) Rule {
	r := Rule{operator: src.OperatorID, keyOwners: slices.Concat([]string{src.KeyOwnerID}, src.KeyOwners, src.ChangeKey.Owners, moreOwners)}
	for _, g := range groups {
		if g.IsOrgAdmins() {
			r.adminGroups = append(r.adminGroups, g.GroupID)
		}
	}
	return r
}

// Reason says why a person is protected, in a sentence; "" when not.
func (r Rule) Reason(u domain.User) string {
	switch {
	case is(u, r.operator):
		return "This is your own account."
	case slices.ContainsFunc(r.keyOwners, func(owner string) bool { return is(u, owner) }):
		return "This account owns a key that Seatkeeper works with."
	case slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin):
		return "Organization admins are never changed."
	case slices.Contains(u.PlatformRoles, domain.RoleJiraAdmin):
		return "Jira administrators are never changed."
	case slices.ContainsFunc(r.adminGroups, func(id string) bool { return slices.Contains(u.GroupIDs, id) }):
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

// Rules makes the rule of any source.
type Rules struct {
	Source func(ctx context.Context, id string) (domain.Source, error)
	Groups func(ctx context.Context, sourceID string) ([]domain.Group, error)
}

// Of gives the rule of a source as it is now.
func (r Rules) Of(ctx context.Context, sourceID string) (Rule, error) {
	src, err := r.Source(ctx, sourceID)
	if err != nil {
		return Rule{}, fmt.Errorf("look up who is protected: %w", err)
	}
	groups, err := r.Groups(ctx, sourceID)
	if err != nil {
		return Rule{}, fmt.Errorf("look up who is protected: %w", err)
	}
	return New(src, groups), nil
}
