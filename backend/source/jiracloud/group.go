package jiracloud

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
)

// ReadGroup reads one group with its members. A site does not tell whether the identity provider owns it: it refuses
// then.
func (s *site) ReadGroup(ctx context.Context, directoryID, groupID, name string) (domain.GroupNow, error) {
	now := domain.GroupNow{Group: domain.Group{GroupID: groupID, DirectoryID: directoryID, Name: name}}
	if groupID != "" {
		if err := atlassian.CheckID("group id", groupID); err != nil {
			return now, err
		}
	}
	g, found, err := s.api.FindGroup(ctx, groupID, name)
	if err != nil {
		return now, fmt.Errorf("looking for a group: %w", err)
	}
	if !found {
		return now, nil
	}
	now.There, now.GroupID, now.Name = true, g.GroupID, g.Name
	if err := s.readOpens(ctx, &now); err != nil {
		return now, err
	}
	return now, s.readMembers(ctx, &now)
}

// readOpens reads which apps a group opens. Only a Jira admin may see that.
func (s *site) readOpens(ctx context.Context, g *domain.GroupNow) error {
	r := reader{site: s, grants: map[string][]domain.App{}, granted: map[string][]domain.Grant{}}
	if err := r.readApps(ctx); err != nil {
		return fmt.Errorf("reading apps: %w", err)
	}
	if len(r.apps) == 0 {
		g.AppCount = -1
		return nil
	}
	for _, app := range r.grants[g.GroupID] {
		g.GrantsAccess = append(g.GrantsAccess, app.AppID)
	}
	g.AppCount = len(g.GrantsAccess)
	opens := g.AppCount > 0
	g.Grants = r.granted[g.GroupID]
	g.Opens, g.Default = domain.TriOf(&opens), g.IsDefault()
	return nil
}

// readMembers reads who is in a group, unless these are too many, each with all groups.
func (s *site) readMembers(ctx context.Context, g *domain.GroupNow) error {
	var ids []string
	listed := map[string]jira.User{}
	total, err := s.api.ReadMembers(ctx, g.GroupID, 0, domain.MaxGroupMembers+1, func(_ json.RawMessage, users []jira.User) {
		for _, u := range users {
			if _, twice := listed[u.AccountID]; !twice {
				ids = append(ids, u.AccountID)
			}
			listed[u.AccountID] = u
		}
	})
	if err != nil {
		return fmt.Errorf("reading the members of a group: %w", err)
	}
	many := len(ids) > domain.MaxGroupMembers
	if g.MemberCount = total; many {
		g.MemberCount = max(total, len(ids))
	}
	for chunk := range slices.Chunk(ids, chosenAtOnce) {
		users, err := s.ReadUsers(ctx, chunk)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(users, func(u domain.User) bool { return !slices.Contains(u.GroupIDs, g.GroupID) }) {
			return atlassian.Misfit(notInTheGroup)
		}
		if many { // the first ones were asked only to see whether the list is this group's
			return nil
		}
		g.Members = append(g.Members, users...)
		for _, id := range chunk { // an account that was deleted stays a member, and is not there when asked for alone
			if !slices.ContainsFunc(users, func(u domain.User) bool { return u.AccountID == id }) {
				g.Members = append(g.Members, userOf(personOf(listed[id]), []string{g.GroupID}))
			}
		}
	}
	g.Whole = total < 0 || total == len(ids)
	return nil
}
