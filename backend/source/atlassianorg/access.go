package atlassianorg

import (
	"context"
	"slices"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// RemoveFromDirectory takes a person out of a directory.
func (o *org) RemoveFromDirectory(ctx context.Context, directoryID, accountID string) (domain.Receipt, error) {
	return o.api.RemoveFromDirectory(ctx, directoryID, accountID)
}

// ReadRoles lists a person's roles on apps, and whether each was given to the person or comes through a group.
func (o *org) ReadRoles(ctx context.Context, accountID string) ([]domain.RoleAssignment, error) {
	list, err := o.api.RolesOf(ctx, accountID)
	if err != nil {
		return nil, err
	}
	var out []domain.RoleAssignment
	for _, r := range list {
		for _, a := range r.RoleAssignments {
			direct := slices.Contains(a.Methods, "direct")
			out = append(out, domain.RoleAssignment{
				DirectoryID: r.DirectoryID, AppID: r.ResourceID, Role: a.Role, Direct: direct,
				ByGroup:  slices.ContainsFunc(a.Methods, func(m string) bool { return m != "direct" }),
				Inferred: slices.Contains(a.Methods, "inferred"),
			})
		}
		if len(r.RoleAssignments) == 0 { // the older form does not tell the way
			for _, role := range r.Roles {
				out = append(out, domain.RoleAssignment{DirectoryID: r.DirectoryID, AppID: r.ResourceID, Role: role})
			}
		}
	}
	return out, nil
}

// AssignRole gives a person a role on an app.
func (o *org) AssignRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error) {
	return o.api.AssignRole(ctx, accountID, appID, role)
}

// RevokeRole takes a direct role away.
func (o *org) RevokeRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error) {
	return o.api.RevokeRole(ctx, accountID, appID, role)
}

// MakeAdmin makes a person organization admin.
func (o *org) MakeAdmin(ctx context.Context, accountID string) (domain.Receipt, error) {
	return o.api.MakeAdmin(ctx, accountID)
}

// UnmakeAdmin takes that away.
func (o *org) UnmakeAdmin(ctx context.Context, accountID string) (domain.Receipt, error) {
	return o.api.UnmakeAdmin(ctx, accountID)
}

// CreateGroup creates a group in a directory.
func (o *org) CreateGroup(ctx context.Context, directoryID, name, description string) (string, domain.Receipt, error) {
	return o.api.CreateGroup(ctx, directoryID, name, description)
}

// DeleteGroup deletes it.
func (o *org) DeleteGroup(ctx context.Context, directoryID, groupID string) (domain.Receipt, error) {
	return o.api.DeleteGroup(ctx, directoryID, groupID)
}

// AssignGrant makes a group give a role on an app.
func (o *org) AssignGrant(ctx context.Context, directoryID, groupID, appID, role string) (domain.Receipt, error) {
	return o.api.AssignGrant(ctx, directoryID, groupID, appID, role)
}

// RevokeGrant takes that from the group.
func (o *org) RevokeGrant(ctx context.Context, directoryID, groupID, appID, role string) (domain.Receipt, error) {
	return o.api.RevokeGrant(ctx, directoryID, groupID, appID, role)
}

// ReadEvents reads the audit log from a kept place on.
func (o *org) ReadEvents(ctx context.Context, after string, emit func([]domain.Event) error) (string, error) {
	return o.api.WalkEvents(ctx, after, time.Time{}, events(emit))
}

// events converts what a walk over the audit log delivers.
func events(emit func([]domain.Event) error) func([]admin.Event) error {
	return func(rows []admin.Event) error {
		out := make([]domain.Event, 0, len(rows))
		for _, r := range rows {
			out = append(out, eventOf(r))
		}
		return emit(out)
	}
}

func eventOf(r admin.Event) domain.Event {
	e := domain.Event{
		ID: r.ID, At: when(r.Attributes.Time), Action: r.Attributes.Action, ActorName: r.Attributes.Actor.Name, Message: r.Message.Content,
	}
	if atlassian.CheckID("account id", r.Attributes.Actor.ID) == nil {
		e.ActorID = r.Attributes.Actor.ID
	}
	for _, t := range slices.Concat(r.Attributes.Context, r.Attributes.Container) {
		switch {
		case t.ID == "":
		case t.Type == "user" || t.Type == "users" || t.Type == "account":
			if atlassian.CheckID("account id", t.ID) != nil {
				continue
			}
			e.AccountIDs = append(e.AccountIDs, t.ID)
		case t.Type == "group" || t.Type == "groups":
			e.GroupIDs = append(e.GroupIDs, groupID(t.ID))
		}
	}
	return e
}

// ReadPolicies reads policies of one type, "" for all.
func (o *org) ReadPolicies(ctx context.Context, policyType string) ([]domain.Policy, error) {
	list, err := o.api.Policies(ctx, policyType)
	if err != nil {
		return nil, err
	}
	var out []domain.Policy
	for _, p := range list {
		x := domain.Policy{ID: p.ID, Type: p.Attributes.Type, Name: p.Attributes.Name, Enabled: p.Attributes.Status == "enabled", Allowed: p.Attributes.Rule.In}
		for _, r := range p.Attributes.Resources {
			x.AppIDs = append(x.AppIDs, r.ID)
		}
		out = append(out, x)
	}
	return out, nil
}

// when reads a time; zero when there is none.
func when(s string) time.Time {
	t, _ := atlassian.ParseTime(s)
	return t
}
