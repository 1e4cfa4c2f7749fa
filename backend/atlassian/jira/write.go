package jira

import (
	"context"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// AddMember puts a person into a group.
func (c *Client) AddMember(ctx context.Context, groupID, accountID string) (domain.Receipt, error) {
	call := atlassian.Post(map[string]string{"accountId": accountID}, "/rest/api/3/group/user").With("groupId", groupID)
	return c.change(ctx, call, groupID, accountID)
}

// RemoveMember takes a person out of a group.
func (c *Client) RemoveMember(ctx context.Context, groupID, accountID string) (domain.Receipt, error) {
	call := atlassian.Delete("/rest/api/3/group/user").With("groupId", groupID, "accountId", accountID)
	return c.change(ctx, call, groupID, accountID)
}

func (c *Client) change(ctx context.Context, call atlassian.Call, groupID, accountID string) (domain.Receipt, error) {
	if err := atlassian.CheckID("group id", groupID); err != nil {
		return domain.Receipt{}, err
	}
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	return c.changed(ctx, call)
}
