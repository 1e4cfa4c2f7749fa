package admin

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// How long a new group may stay unseen, and how often it is looked for.
const (
	groupPatience  = 35 * time.Second
	firstGroupWait = 500 * time.Millisecond
	maxGroupWait   = 3 * time.Second
)

// CreateGroup creates a group and finds its id by its name, because Atlassian's answer has none. When the group was
// made and cannot be seen within 35 s, the error is EffectUnknown with the reason "not_visible".
func (c *Client) CreateGroup(ctx context.Context, directoryID, name, description string) (string, domain.Receipt, error) {
	body := map[string]string{"name": name, "description": description}
	receipt, err := c.change(ctx, atlassian.Post(body, "/admin/v2/orgs/{}/directories/{}/groups", c.org, directoryID), "directory id", directoryID)
	if err != nil {
		return "", receipt, err
	}
	wait := firstGroupWait
	for start := time.Now(); time.Since(start) < groupPatience; wait = min(wait*2, maxGroupWait) {
		found, err := c.FindGroup(ctx, directoryID, name)
		switch {
		case err == nil:
			return found.ID, receipt, nil
		case domain.CodeOf(err) != domain.NotFound:
			return "", receipt, lost(err, receipt)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return "", receipt, lost(ctx.Err(), receipt)
		}
	}
	return "", receipt, lost(&domain.Error{Code: domain.Stale, Message: "It does not appear in Atlassian's list of groups."}, receipt)
}

// lost is the error of a group that was made without its id becoming known.
func lost(err error, receipt domain.Receipt) error {
	e := *domain.AsError(err)
	e.Reason, e.Effect, e.Receipt = "not_visible", domain.EffectUnknown, &receipt
	e.Message = "The group was created, but its ID could not be read: " + e.Message
	e.Hint = "Sync in a minute to see it; do not create it again."
	return &e
}

// FindGroup finds a group of a directory by its exact name; letters may differ in case where no other group fits
// better.
func (c *Client) FindGroup(ctx context.Context, directoryID, name string) (Group, error) {
	body := map[string]any{"groupNames": []string{name}, "directoryIds": []string{directoryID}}
	found, err := c.groups(ctx, directoryID, body, func(g Group) bool {
		return !strings.EqualFold(g.Name, name) || elsewhere(g, directoryID)
	})
	if err != nil {
		return Group{}, err
	}
	var near []Group
	for _, g := range found {
		if g.Name == name {
			return g, nil
		}
		near = append(near, g)
	}
	if len(near) == 1 {
		return near[0], nil
	}
	return Group{}, &domain.Error{Code: domain.NotFound, Reason: "gone", Message: "There is no group with this name.", Hint: "Sync to see the present state."}
}

// GroupsIn decodes a page of the list of a directory's groups; it leaves out those that say that they are of another
// one.
func GroupsIn(ctx context.Context, directoryID string, raw json.RawMessage) ([]Group, error) {
	rows, _, err := atlassian.Listed[Group](ctx, raw)
	return slices.DeleteFunc(rows, func(g Group) bool { return elsewhere(g, directoryID) }), err
}

// elsewhere tells whether a group says that it is of another directory than the one asked.
func elsewhere(g Group, directoryID string) bool {
	return directoryID != AnyDirectory && g.DirectoryID != "" && g.DirectoryID != directoryID
}

// DeleteGroup deletes a group; who was in it is lost.
func (c *Client) DeleteGroup(ctx context.Context, directoryID, groupID string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete("/admin/v2/orgs/{}/directories/{}/groups/{}", c.org, directoryID, groupID),
		"directory id", directoryID, "group id", groupID)
}
