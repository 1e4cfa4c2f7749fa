package jiracloud

import (
	"context"

	"seatkeeper/backend/domain"
)

// AddMember puts a person into a group; a site has no directories, so directoryID plays no part.
func (s *site) AddMember(ctx context.Context, _, groupID, accountID string) (domain.Receipt, error) {
	return s.api.AddMember(ctx, groupID, accountID)
}

// RemoveMember takes a person out of a group.
func (s *site) RemoveMember(ctx context.Context, _, groupID, accountID string) (domain.Receipt, error) {
	return s.api.RemoveMember(ctx, groupID, accountID)
}
