package admin

import (
	"context"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// Suspend takes a person's access in one directory away; roles and groups are kept.
func (c *Client) Suspend(ctx context.Context, directoryID, accountID string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Post(nil, "/admin/v2/orgs/{}/directories/{}/users/{}/suspend", c.org, directoryID, accountID),
		"directory id", directoryID, "account id", accountID)
}

// Restore gives a suspended person's access in one directory back.
func (c *Client) Restore(ctx context.Context, directoryID, accountID string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Post(nil, "/admin/v2/orgs/{}/directories/{}/users/{}/restore", c.org, directoryID, accountID),
		"directory id", directoryID, "account id", accountID)
}

// AddMember puts a person into a group.
func (c *Client) AddMember(ctx context.Context, directoryID, groupID, accountID string) (domain.Receipt, error) {
	body := map[string]string{"accountId": accountID}
	return c.change(ctx, atlassian.Post(body, "/admin/v2/orgs/{}/directories/{}/groups/{}/memberships", c.org, directoryID, groupID),
		"directory id", directoryID, "group id", groupID, "account id", accountID)
}

// RemoveMember takes a person out of a group.
func (c *Client) RemoveMember(ctx context.Context, directoryID, groupID, accountID string) (domain.Receipt, error) {
	return c.change(ctx,
		atlassian.Delete("/admin/v2/orgs/{}/directories/{}/groups/{}/memberships/{}", c.org, directoryID, groupID, accountID),
		"directory id", directoryID, "group id", groupID, "account id", accountID)
}

// change checks the ids, given as what it is and the id in turn, and makes the call once.
func (c *Client) change(ctx context.Context, call atlassian.Call, ids ...string) (domain.Receipt, error) {
	for i := 0; i+1 < len(ids); i += 2 {
		if err := atlassian.CheckID(ids[i], ids[i+1]); err != nil {
			return domain.Receipt{}, err
		}
	}
	return c.rest.Write(ctx, call)
}
