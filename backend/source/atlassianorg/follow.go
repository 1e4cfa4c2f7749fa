package atlassianorg

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// ReadEventsSince reads the audit log from a time on.
func (o *org) ReadEventsSince(ctx context.Context, since time.Time, emit func([]domain.Event) error) error {
	_, err := o.api.WalkEvents(ctx, "", since, events(emit))
	return err
}

// Now is the time by Atlassian's clock.
func (o *org) Now() time.Time {
	skew, _ := o.api.REST().Skew() // zero where it is not known
	return time.Now().Add(skew)
}

// ReadFrame reads directories, apps and domains.
func (o *org) ReadFrame(ctx context.Context) (domain.Batch, error) {
	var b domain.Batch
	dirs, err := o.listDirectories(ctx)
	if err != nil {
		return b, fmt.Errorf("reading directories: %w", err)
	}
	for _, d := range dirs {
		b.Directories = append(b.Directories, domain.Directory{DirectoryID: d.DirectoryID, Name: d.Name})
	}
	err = o.api.WalkWorkspaces(ctx, func(raw json.RawMessage) error {
		page, err := convertApps(ctx)(raw)
		b.Apps = append(b.Apps, page.Apps...)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("reading apps: %w", err)
	}
	b.Domains, err = listDomains(ctx, o.api)
	return b, err
}

// ReadGroups reads chosen groups afresh.
func (o *org) ReadGroups(ctx context.Context, groupIDs []string) (domain.Batch, error) {
	var b domain.Batch
	ids := slices.DeleteFunc(slices.Clone(groupIDs), func(id string) bool { return atlassian.CheckID("group id", id) != nil })
	if len(ids) == 0 {
		return b, nil
	}
	rows, err := o.api.Groups(ctx, ids)
	if err != nil {
		return b, fmt.Errorf("reading groups: %w", err)
	}
	for _, g := range rows {
		group := groupOf(g, "")
		b.Groups = append(b.Groups, group)
		roles, known, err := o.rolesOf(ctx, group)
		if err != nil {
			return b, err
		}
		if known {
			b.Grants = append(b.Grants, domain.Granting{GroupID: group.GroupID, Grants: grantsOf(roles, deletable(g))})
		}
	}
	return b, nil
}

// rolesOf reads what a group grants; known is false where that cannot be read, as after a whole read.
func (o *org) rolesOf(ctx context.Context, g domain.Group) (roles []admin.Grant, known bool, err error) {
	if g.AppCount == 0 {
		return nil, true, nil
	}
	roles, err = o.api.GrantsOf(ctx, g.DirectoryID, g.GroupID)
	switch code := domain.CodeOf(err); {
	case err == nil:
		return roles, true, nil
	case code == domain.Forbidden, code == domain.NotFound, code == domain.AuthFailed:
		return nil, false, nil
	}
	return nil, false, fmt.Errorf("reading what a group grants: %w", err)
}

// ReadGroup reads one group with its members.
func (o *org) ReadGroup(ctx context.Context, directoryID, groupID, name string) (domain.GroupNow, error) {
	now := domain.GroupNow{Group: domain.Group{GroupID: groupID, DirectoryID: directoryID, Name: name}}
	if groupID == "" {
		found, err := o.api.FindGroup(ctx, directoryID, name)
		if e := domain.AsError(err); e != nil && e.Code == domain.NotFound && e.Receipt == nil {
			return now, nil // the directory answered
		}
		if err != nil {
			return now, fmt.Errorf("looking for a group: %w", err)
		}
		groupID = found.ID
	}
	if err := atlassian.CheckID("group id", groupID); err != nil {
		return now, err
	}
	rows, err := o.api.Groups(ctx, []string{groupID})
	if err != nil {
		return now, fmt.Errorf("reading a group: %w", err)
	}
	at := slices.IndexFunc(rows, func(g admin.Group) bool { return g.ID == groupID })
	if at < 0 {
		return now, nil
	}
	now.Group, now.There = groupOf(rows[at], directoryID), true
	if a := rows[at].ManagementAccess; a != nil {
		now.Deletable = domain.TriOf(a.Deletable)
	}
	roles, known, err := o.rolesOf(ctx, now.Group)
	if err != nil {
		return now, err
	}
	if now.GrantsKnown = known; known {
		for _, grant := range grantsOf(roles, deletable(rows[at])) {
			domain.AddGrant(&now.Group, grant)
		}
		opens := len(now.GrantsAccess) > 0
		now.Opens = domain.TriOf(&opens)
	}
	now.Default = now.IsDefault()
	return now, o.readMembers(ctx, &now)
}

// readMembers reads who is in a group, unless these are too many.
func (o *org) readMembers(ctx context.Context, g *domain.GroupNow) error {
	if g.MemberCount > domain.MaxGroupMembers {
		return nil
	}
	members, fits, err := inGroup(ctx, o.api, g.DirectoryID, g.GroupID, g.MemberCount, domain.MaxGroupMembers+1, func(u admin.User) domain.User {
		return userOf(u, g.DirectoryID)
	})
	if err == nil && !fits {
		err = atlassian.Misfit("people who are not in the group that was asked for")
	}
	if err != nil {
		return fmt.Errorf("reading the members of a group: %w", err)
	}
	g.Members = members
	g.Whole = len(members) <= domain.MaxGroupMembers && (g.MemberCount < 0 || g.MemberCount == len(members))
	return nil
}
