package jiradc

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
)

// ReadGroup reads one group with its members. Jira does not tell which directory a group comes from: it refuses where
// it cannot change it.
func (s *instance) ReadGroup(ctx context.Context, directoryID, id, name string) (domain.GroupNow, error) {
	if id != "" {
		name = groupName(id)
	}
	now := domain.GroupNow{Group: domain.Group{GroupID: id, DirectoryID: directoryID, Name: name}}
	if err := checkKey("group", name); err != nil {
		return now, err
	}
	keys, total, err := s.memberKeys(ctx, name)
	if domain.CodeOf(err) == domain.NotFound {
		return now, nil
	}
	if err != nil {
		return now, fmt.Errorf("reading the members of a group: %w", err)
	}
	now.There, now.GroupID, now.MemberCount = true, groupID(name), max(total, len(keys))
	roles, err := s.api.Roles(ctx)
	if err != nil {
		return now, fmt.Errorf("reading applications: %w", err)
	}
	same := func(other string) bool { return strings.EqualFold(other, name) }
	for _, r := range roles {
		if slices.ContainsFunc(r.Groups, same) {
			now.GrantsAccess = append(now.GrantsAccess, appOf(r, s.base).AppID)
		}
		now.Default = now.Default || slices.ContainsFunc(r.DefaultGroups, same)
	}
	now.AppCount = len(now.GrantsAccess)
	opens := now.AppCount > 0
	now.Opens = domain.TriOf(&opens)
	many := len(keys) > domain.MaxGroupMembers
	sameID := func(other string) bool { return strings.EqualFold(other, now.GroupID) }
	for chunk := range slices.Chunk(keys, chosenAtOnce) {
		users, err := s.ReadUsers(ctx, chunk)
		if err != nil {
			return now, err
		}
		if slices.ContainsFunc(users, func(u domain.User) bool { return !slices.ContainsFunc(u.GroupIDs, sameID) }) {
			return now, atlassian.Misfit(notInTheGroup)
		}
		if many { // the first ones were asked only to see whether the list is this group's
			return now, nil
		}
		now.Members = append(now.Members, users...)
	}
	now.Whole = len(now.Members) == now.MemberCount
	return now, nil
}

// memberKeys reads the keys of a group's members, of a large group only the first ones.
func (s *instance) memberKeys(ctx context.Context, group string) (keys []string, total int, err error) {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	total, _, err = s.api.ReadMembers(ctx, group, func(_ json.RawMessage, users []jira.DCUser) {
		for _, u := range users {
			if !slices.Contains(keys, u.Key) {
				keys = append(keys, u.Key)
			}
		}
		if len(keys) > domain.MaxGroupMembers {
			enough()
		}
	})
	if len(keys) > domain.MaxGroupMembers {
		err = nil
	}
	return keys, total, err
}
