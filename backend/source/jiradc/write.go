package jiradc

import (
	"context"
	"fmt"
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
	return s.api.SetActive(ctx, accountID, active) //nolint:wrapcheck // a domain error with its receipt
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
	receipt, err := call(ctx, group, name)
	if err == nil {
		return receipt, nil
	}
	return receipt, s.explain(ctx, domain.AsError(err), group, accountID, member)
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

// explain finds out what a 400 is about. Jira's words depend on the language of the token's user, so the user's groups are read instead:
// whoever is a member already, or is none, is so by somebody else's hand, and an undo must not take that back.
func (s *instance) explain(ctx context.Context, e *domain.Error, group, accountID string, member bool) error {
	if e.Effect != domain.NotApplied || e.Code != domain.Invalid {
		return e
	}
	u, err := s.api.Hurried().Person(ctx, accountID)
	if err != nil {
		return e // the refusal stands; why is not known
	}
	if isIn(u, group) != member {
		return e
	}
	out := *e
	out.Code, out.Reason = domain.Conflict, "already"
	out.Message = "Somebody else was quicker: the person is in the group already."
	if !member {
		out.Message = "Somebody else was quicker: the person is not in the group any more."
	}
	out.Hint, out.Err = "Nothing is left to do.", fmt.Errorf("refused because it is so already: %w", e)
	return &out
}
