// Package runlog is the record of what was done: lists of runs, each person's result, and deleting what is no longer wanted.
//
// It starts and changes no run; package bulk writes what is read here.
package runlog

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// Query chooses runs.
type Query = domain.RunQuery

// ItemQuery chooses results of one run.
type ItemQuery = domain.ItemQuery

// Store reads and deletes stored runs.
type Store interface {
	Runs(ctx context.Context, q domain.RunQuery) ([]domain.Run, int, error)
	Run(ctx context.Context, id string) (domain.Run, error)
	RunItems(ctx context.Context, runID string, q domain.ItemQuery) ([]domain.Item, int, error)
	RunItem(ctx context.Context, runID string, seq int) (domain.Item, error)
	EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error
	Deeds(ctx context.Context, sourceID, accountID string, limit int) ([]domain.Deed, int, error)
	DeleteRuns(ctx context.Context, ids []string) (int, error)
}

// Service answers questions about runs. Its methods may be called from several goroutines.
type Service struct {
	store Store
	bus   *events.Bus
}

// New makes a service.
func New(store Store, bus *events.Bus) *Service { return &Service{store: store, bus: bus} }

// List returns a page of runs, newest first, and how many match in all. Invalid for an outcome that does not exist.
func (s *Service) List(ctx context.Context, q Query) ([]domain.Run, int, error) {
	switch q.Outcome {
	case "", domain.OutcomeClean, domain.OutcomeRefused, domain.OutcomeUnknown:
	default:
		return nil, 0, &domain.Error{Code: domain.Invalid, Field: "outcome", Message: "There is no outcome " + q.Outcome + "."}
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		return nil, 0, &domain.Error{Code: domain.Invalid, Field: "from", Message: "The first day is after the last one."}
	}
	runs, total, err := s.store.Runs(ctx, q)
	if err != nil {
		return nil, 0, fmt.Errorf("list the runs: %w", err)
	}
	return runs, total, nil
}

// Run returns one run; NotFound.
func (s *Service) Run(ctx context.Context, id string) (domain.Run, error) {
	r, err := s.store.Run(ctx, id)
	if err != nil {
		return r, fmt.Errorf("read the run: %w", err)
	}
	return r, nil
}

// Items returns a page of a run's results, in the order of its plan, and how many match in all; NotFound.
func (s *Service) Items(ctx context.Context, runID string, q ItemQuery) ([]domain.Item, int, error) {
	items, total, err := s.store.RunItems(ctx, runID, q)
	if err != nil {
		return nil, 0, fmt.Errorf("read the run's results: %w", err)
	}
	return items, total, nil
}

// Item returns one result with what was asked and answered; NotFound.
func (s *Service) Item(ctx context.Context, runID string, seq int) (domain.Item, error) {
	it, err := s.store.RunItem(ctx, runID, seq)
	if err != nil {
		return it, fmt.Errorf("read the result: %w", err)
	}
	return it, nil
}

// EachItem calls fn for every result of a run, in the order of its plan; an error of fn ends it and is returned.
func (s *Service) EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error {
	if err := s.store.EachItem(ctx, runID, fn); err != nil {
		return fmt.Errorf("read the run's results: %w", err)
	}
	return nil
}

// OfPerson returns what runs did to a person of a source, newest run first and at most limit, and how much there is in all.
func (s *Service) OfPerson(ctx context.Context, sourceID, accountID string, limit int) ([]domain.Deed, int, error) {
	deeds, total, err := s.store.Deeds(ctx, sourceID, accountID, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read what was done to a person: %w", err)
	}
	return deeds, total, nil
}

// Delete deletes runs and returns how many. Conflict, and none is deleted, when one of them is not over.
func (s *Service) Delete(ctx context.Context, ids []string) (int, error) {
	n, err := s.store.DeleteRuns(ctx, ids)
	if n > 0 {
		s.bus.Publish(events.Event{Topic: events.RunsChanged})
	}
	if err != nil {
		return n, fmt.Errorf("delete runs: %w", err)
	}
	return n, nil
}
