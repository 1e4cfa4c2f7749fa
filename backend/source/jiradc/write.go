package jiradc

import (
	"context"
	"net/http"
	"time"

	"seatkeeper/backend/domain"
)

// Suspend makes a user inactive. There is one state for the whole instance, so directoryID plays no part.
func (s *instance) Suspend(ctx context.Context, _, accountID string) (domain.Receipt, error) {
	return s.setActive(ctx, accountID, false)
}

// Restore makes a user active again.
func (s *instance) Restore(ctx context.Context, _, accountID string) (domain.Receipt, error) {
	return s.setActive(ctx, accountID, true)
}

func (s *instance) setActive(ctx context.Context, accountID string, active bool) (domain.Receipt, error) {
	if err := checkKey("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	return s.api.SetActive(ctx, accountID, active)
}

// AddMember puts a user into a group.
func (s *instance) AddMember(ctx context.Context, _, groupID, accountID string) (domain.Receipt, error) {
	return s.setMember(ctx, groupID, accountID, true)
}

// RemoveMember takes a user out of a group.
func (s *instance) RemoveMember(ctx context.Context, _, groupID, accountID string) (domain.Receipt, error) {
	return s.setMember(ctx, groupID, accountID, false)
}

func (s *instance) setMember(ctx context.Context, groupID, accountID string, member bool) (domain.Receipt, error) {
	group := groupName(groupID)
	if err := checkKey("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	if err := checkKey("group", group); err != nil {
		return domain.Receipt{}, err
	}
	name, err := s.nameOf(ctx, accountID)
	if err != nil {
		return domain.Receipt{}, err
	}
	call := s.api.RemoveMember
	if member {
		call = s.api.AddMember
	}
	return call(ctx, group, name)
}

// nameOf gives the user name of a key. An error says that nothing was changed: only reading went before it.
func (s *instance) nameOf(ctx context.Context, accountID string) (string, error) {
	if name, known := s.names.name(accountID); known {
		return name, nil
	}
	sent := time.Now()
	u, err := s.api.Hurried().Person(ctx, accountID)
	if err != nil {
		e := *domain.AsError(err)
		e.Effect = domain.NotApplied
		e.Receipt = &domain.Receipt{Method: http.MethodGet, URL: s.base + "/rest/api/2/user", SentAt: sent, Took: time.Since(sent)}
		return "", &e
	}
	s.names.note(u)
	return u.Name, nil
}
