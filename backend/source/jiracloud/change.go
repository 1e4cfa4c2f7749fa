package jiracloud

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
)

// RemoveFromDirectory takes a person out of the site; the Atlassian account stays. A site has one directory, so its id
// plays no part.
func (s *site) RemoveFromDirectory(ctx context.Context, _, accountID string) (domain.Receipt, error) {
	return s.api.DeleteUser(ctx, accountID)
}

// CreateGroup creates a group. Groups of a site have no description.
func (s *site) CreateGroup(ctx context.Context, _, name, _ string) (string, domain.Receipt, error) {
	return s.api.CreateGroup(ctx, name)
}

// DeleteGroup deletes it.
func (s *site) DeleteGroup(ctx context.Context, _, groupID string) (domain.Receipt, error) {
	return s.api.DeleteGroup(ctx, groupID)
}

// Invite lets a person into apps of the site, by the apps' keys. Groups cannot be given in the same call.
func (s *site) Invite(ctx context.Context, inv domain.Invitation) (domain.Invited, domain.Receipt, error) {
	if err := checkEmail(inv.Email); err != nil {
		e := *domain.AsError(err)
		e.Effect = domain.NotApplied
		return domain.Invited{}, domain.Receipt{}, &e
	}
	if len(inv.GroupIDs) > 0 || inv.Role != "" && inv.Role != "atlassian/user" {
		return domain.Invited{}, domain.Receipt{}, &domain.Error{
			Code: domain.Unsupported, Reason: "site", Effect: domain.NotApplied,
			Message: "A Jira site can invite people to its apps only, not to groups or other roles.",
			Hint:    "Invite the person first and add the groups then, or connect the organization.",
		}
	}
	id, receipt, err := s.api.CreateUser(ctx, strings.TrimSpace(inv.Email), inv.AppIDs)
	if err != nil {
		return domain.Invited{}, receipt, err
	}
	out := domain.Invited{AccountID: id}
	for _, key := range inv.AppIDs {
		out.Parts = append(out.Parts, domain.InvitedPart{Target: key, OK: true, Status: "created"})
	}
	return out, receipt, nil
}

// ReadSeats counts the seats of each app and of all together.
func (s *site) ReadSeats(ctx context.Context) ([]domain.Seats, error) {
	all, err := s.api.LicenseCount(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("counting seats: %w", err)
	}
	out := []domain.Seats{{Taken: all, Limit: -1}}
	roles, err := s.api.Roles(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading apps: %w", err)
	}
	for _, r := range roles {
		n, err := s.api.LicenseCount(ctx, r.Key)
		if err != nil {
			return nil, fmt.Errorf("counting seats: %w", err)
		}
		x := domain.Seats{AppKey: r.Key, Taken: n, Limit: -1}
		if r.NumberOfSeats != nil && !r.UnlimitedSeats && *r.NumberOfSeats > 0 {
			x.Limit = *r.NumberOfSeats
		}
		out = append(out, x)
	}
	return out, nil
}

// ReadEvents reads the site's audit log from a time on (the place is a time): events of that very moment come again.
func (s *site) ReadEvents(ctx context.Context, after string, emit func([]domain.Event) error) (string, error) {
	var all []domain.Event
	err := s.api.WalkAudit(ctx, after, func(rows []jira.AuditRecord) error {
		for _, r := range rows {
			all = append(all, eventOf(r))
		}
		return nil
	})
	if err != nil {
		return after, err
	}
	slices.Reverse(all) // the site begins with the newest
	for events := range slices.Chunk(all, batchSize) {
		if err := emit(events); err != nil {
			return after, err
		}
		if last := events[len(events)-1].At; !last.IsZero() {
			after = last.Format(time.RFC3339Nano)
		}
	}
	return after, nil
}

func eventOf(r jira.AuditRecord) domain.Event {
	e := domain.Event{ID: fmt.Sprint(r.ID), Action: r.Summary, ActorID: r.AuthorAccountID, Message: r.Description}
	e.At, _ = atlassian.ParseTime(r.Created)
	for _, t := range append([]jira.AuditThing{r.ObjectItem}, r.AssociatedItems...) {
		switch t.TypeName {
		case "USER":
			e.AccountIDs = append(e.AccountIDs, t.ID)
		case "GROUP":
			e.GroupIDs = append(e.GroupIDs, t.ID)
		}
	}
	return e
}

// FindOrganization asks the site which organization it belongs to.
func (s *site) FindOrganization(ctx context.Context) (domain.Organization, error) {
	host := strings.TrimPrefix(strings.TrimPrefix(s.base, "https://"), "http://")
	id, err := s.api.OrganizationID(ctx, host)
	return domain.Organization{ID: id, From: "the site"}, err
}
