package bulk

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
)

// Protected says why no action touches a person of the local copy, "" when one may. A plan and a run ask the same rule again.
func (e *Engine) Protected(ctx context.Context, sourceID string, u domain.User) (string, error) {
	reason, err := e.Protection(ctx, sourceID)
	if err != nil {
		return "", err
	}
	return reason(u), nil
}

// Protection gives that rule for many people of a source, as it is now.
func (e *Engine) Protection(ctx context.Context, sourceID string) (func(domain.User) string, error) {
	src, err := e.o.Source(ctx, sourceID)
	if err != nil {
		return nil, fmt.Errorf("look up who is protected: %w", err)
	}
	groups, err := e.o.People.Groups(ctx, sourceID)
	if err != nil {
		return nil, fmt.Errorf("look up who is protected: %w", err)
	}
	return newProtection(src, groups).reason, nil
}
