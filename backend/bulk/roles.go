package bulk

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

// maxRoles is of how many people the roles are read for one plan: each takes a request of its own.
const maxRoles = 2000

// readersOfRoles is how many people's roles are read at once; the source's rate gate holds the requests back further.
const readersOfRoles = 8

// rolesOf reads the roles of people who are to be planned, which no local copy keeps, and says on the bus how far it
// is. Who is gone is missing from the answer.
func (e *Engine) rolesOf(ctx context.Context, p domain.Plan, accounts []string) (map[string][]domain.RoleAssignment, error) {
	if len(accounts) > maxRoles {
		return nil, &domain.Error{
			Code: domain.Invalid,
			Message: fmt.Sprintf("These are %s: before this action each one's roles are read, and one plan takes at most %s.",
				domain.Plural(len(accounts), "person", "people"), domain.Thousands(maxRoles)),
			Hint: "Choose fewer people, and plan the others afterwards.",
		}
	}
	src, err := e.o.Open(ctx, p.SourceID)
	if err != nil {
		return nil, fmt.Errorf("read roles: %w", err)
	}
	reader, ok := src.(source.AccessEditor)
	if !ok {
		return nil, cannotReadRoles()
	}
	tell := func(done int) {
		e.o.Bus.Publish(events.Event{
			Topic: events.PlanRechecked, SourceID: p.SourceID, Payload: domain.RecheckProgress{PlanID: p.ID, Done: done, Total: len(accounts)},
		})
	}
	tell(0)
	return readRoles(ctx, accounts, reader.ReadRoles, tell)
}

// readRoles reads the roles of some people, several at a time. The first failure ends it.
func readRoles(
	ctx context.Context, accounts []string, read func(context.Context, string) ([]domain.RoleAssignment, error), tell func(done int),
) (map[string][]domain.RoleAssignment, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	found := make(map[string][]domain.RoleAssignment, len(accounts))
	queue := make(chan string)
	var mu sync.Mutex
	var readers sync.WaitGroup
	done := 0
	for range min(readersOfRoles, len(accounts)) {
		readers.Go(func() {
			for account := range queue {
				roles, err := read(ctx, account)
				gone := domain.CodeOf(err) == domain.NotFound
				if err != nil && !gone {
					cancel(fmt.Errorf("read the roles of a person: %w", err))
					return
				}
				mu.Lock()
				if done++; !gone {
					found[account] = append([]domain.RoleAssignment{}, roles...) // never nil: they were read
				}
				if done%recheckChunk == 0 || done == len(accounts) {
					tell(done)
				}
				mu.Unlock()
			}
		})
	}
	for _, account := range accounts {
		select {
		case queue <- account:
		case <-ctx.Done():
		}
	}
	close(queue)
	readers.Wait()
	if err := context.Cause(ctx); err != nil {
		if errors.Is(err, context.Canceled) {
			return nil, &domain.Error{Code: domain.Cancelled, Message: "Reading the roles was stopped. Nothing was changed.", Err: err}
		}
		return nil, err
	}
	return found, nil
}

func cannotReadRoles() error {
	return domain.Errorf(domain.Unsupported, "This source cannot read the roles of single people, so nothing can be checked before a change.")
}

// ReadRoles reads with either key, as ReadUsers does.
func (r eitherReader) ReadRoles(ctx context.Context, accountID string) ([]domain.RoleAssignment, error) {
	usual, ok := r.usual.(source.AccessEditor)
	if !ok {
		return nil, cannotReadRoles()
	}
	roles, err := usual.ReadRoles(ctx, accountID)
	if code := domain.CodeOf(err); code != domain.AuthFailed && code != domain.Forbidden {
		return roles, err
	}
	if other, ok := r.held.source().(source.AccessEditor); ok {
		if roles, otherErr := other.ReadRoles(ctx, accountID); otherErr == nil {
			return roles, nil
		}
	}
	return nil, err
}
