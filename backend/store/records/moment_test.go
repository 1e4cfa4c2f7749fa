package records

import (
	"context"
	"errors"
	"testing"

	"seatkeeper/backend/domain"
)

// What stands beside a list, its length and counts, is of the same moment as its rows, whatever is written between two
// statements.
func TestListsAndTheirCountsAreOfOneMoment(t *testing.T) {
	s := openTest(t, t.TempDir())
	const items = 40
	run := startedRun(t, s, savedPlan(t, s, "p", testSource, items), runTime)
	ctx, stop := context.WithCancel(t.Context())
	changing := make(chan error, 1)
	go func() { // one run, which comes and goes; its items go back and forth between two states
		for {
			for _, statement := range []string{
				`UPDATE runs SET deleted = 1 - deleted`,
				`UPDATE run_items SET state = iif(state = 'planned', 'intent', 'planned') WHERE state IN ('planned', 'intent')`,
			} {
				if _, err := s.db.Write.SQL.ExecContext(ctx, statement); err != nil {
					changing <- err
					return
				}
			}
		}
	}()
	for range 400 {
		runs, total, err := s.Runs(t.Context(), domain.RunQuery{})
		if err != nil || total != len(runs) {
			t.Fatalf("%d runs, %d counted, %v", len(runs), total, err)
		}
		for _, state := range []domain.ItemState{domain.ItemPlanned, domain.ItemIntent} {
			page, total, err := s.RunItems(t.Context(), run.ID, domain.ItemQuery{State: state, Count: 100})
			if domain.CodeOf(err) != domain.NotFound && (err != nil || total != len(page)) {
				t.Fatalf("%d items, %d counted, %v", len(page), total, err)
			}
		}
		n := 0
		err = s.EachItem(t.Context(), run.ID, func(domain.Item) error { n++; return nil })
		if domain.CodeOf(err) != domain.NotFound && (err != nil || n != items) {
			t.Fatalf("%d items of %d, %v", n, items, err)
		}
	}
	stop()
	if err := <-changing; ctx.Err() == nil {
		t.Fatal(err)
	}
}

// An error of whoever takes the items is theirs, not one of the file.
func TestWhoTakesItemsMayRefuse(t *testing.T) {
	s := openTest(t, t.TempDir())
	run := startedRun(t, s, savedPlan(t, s, "p", testSource, 3), runTime)
	full := errors.New("no space left")
	if err := s.EachItem(t.Context(), run.ID, func(domain.Item) error { return full }); !errors.Is(err, full) || domain.AsError(err).Reason != "" {
		t.Error(err)
	}
	if err := s.EachChange(t.Context(), run.PlanID, func(domain.Change) error { return full }); !errors.Is(err, full) || domain.AsError(err).Reason != "" ||
		domain.AsError(err).Message != domain.AsError(full).Message {
		t.Error(err)
	}
	if err := s.EachItem(t.Context(), "gone", nil); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
}
