package atlassianorg

import (
	"context"

	"seatkeeper/backend/domain"
)

// Suspend takes a person's access in one directory away.
func (o *org) Suspend(ctx context.Context, directoryID, accountID string) (domain.Receipt, error) {
	return o.api.Suspend(ctx, directoryID, accountID)
}

// Restore gives it back.
func (o *org) Restore(ctx context.Context, directoryID, accountID string) (domain.Receipt, error) {
	return o.api.Restore(ctx, directoryID, accountID)
}

// AddMember puts a person into a group of a directory.
func (o *org) AddMember(ctx context.Context, directoryID, groupID, accountID string) (domain.Receipt, error) {
	return o.api.AddMember(ctx, directoryID, groupID, accountID)
}

// RemoveMember takes a person out of a group of a directory.
func (o *org) RemoveMember(ctx context.Context, directoryID, groupID, accountID string) (domain.Receipt, error) {
	return o.api.RemoveMember(ctx, directoryID, groupID, accountID)
}
