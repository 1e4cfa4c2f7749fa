package atlassianorg

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// ReadEventsSince reads the audit log from a time on.
func (o *org) ReadEventsSince(ctx context.Context, since time.Time, emit func([]domain.Event) error) error {
	_, err := o.api.WalkEvents(ctx, "", since, events(emit))
	return err //nolint:wrapcheck // a domain error that says it all
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
		page, err := convertApps(raw)
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
		if !slices.Contains(ids, g.ID) {
			continue // a filter that the server ignores must not bring in others
		}
		group := groupOf(g, "")
		b.Groups = append(b.Groups, group)
		if group.AppCount == 0 {
			b.Grants = append(b.Grants, domain.Granting{GroupID: group.GroupID})
			continue
		}
		roles, err := o.api.GrantsOf(ctx, group.DirectoryID, group.GroupID)
		switch code := domain.CodeOf(err); {
		case err == nil:
			b.Grants = append(b.Grants, domain.Granting{GroupID: group.GroupID, Grants: grantsOf(roles, deletable(g))})
		case code == domain.Forbidden, code == domain.NotFound, code == domain.AuthFailed: // then it is not known, as after a whole read
		default:
			return b, fmt.Errorf("reading what a group grants: %w", err)
		}
	}
	return b, nil
}
