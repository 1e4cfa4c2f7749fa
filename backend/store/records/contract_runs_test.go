package records_test

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/records"
)

// The promises of the contract that are about plans and runs.

func keepsPlansWhole(t *testing.T, open opener) {
	s := open()
	p, changes := contractPlan("p", "s", 5000)
	changes[4999].Seq = 1
	if err := s.SavePlan(t.Context(), p, changes); err == nil {
		t.Fatal("a plan has two changes of one number")
	}
	_, err := s.Plan(t.Context(), "p")
	wantCode(t, err, domain.NotFound)
	must(t, s.EachChange(t.Context(), "p", func(domain.Change) error { return fmt.Errorf("a change without a plan") }))
	changes[4999].Seq = 5000
	must(t, s.SavePlan(t.Context(), p, changes))
	must(t, s.DeletePlan(t.Context(), "p"))
	must(t, s.EachChange(t.Context(), "p", func(domain.Change) error { return fmt.Errorf("a change without a plan") }))
}

// together calls fn from several programs at once, each with its number, and gives what they said.
func together(open opener, fn func(s *records.Store, n int) error) []error {
	errs := make([]error, 4)
	stores := []*records.Store{open(), open()}
	var all sync.WaitGroup
	for n := range errs {
		all.Go(func() { errs[n] = fn(stores[n%2], n) })
	}
	all.Wait()
	return errs
}

// wantOne expects one success, and conflicts for all others.
func wantOne(t *testing.T, errs []error) {
	t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantCode(t, err, domain.Conflict)
		}
	}
	if won != 1 {
		t.Errorf("%d of them: %v", won, errs)
	}
}

func startsOnce(t *testing.T, open opener) {
	s := open()
	for round := range 10 {
		plans := make([]domain.Plan, 4)
		for i := range plans {
			var changes []domain.Change
			plans[i], changes = contractPlan(fmt.Sprint(round, i), fmt.Sprint("source ", round), 3)
			must(t, s.SavePlan(t.Context(), plans[i], changes))
		}
		wantOne(t, together(open, func(s *records.Store, n int) error { // one plan, confirmed four times
			r := contractRun(plans[0])
			r.ID, r.SourceID = fmt.Sprint(r.ID, n), fmt.Sprint("another ", round, n)
			return s.StartRun(t.Context(), r, plans[0].Hash, noon)
		}))
		wantOne(t, together(open, func(s *records.Store, n int) error { // three plans of one source, one of them confirmed before
			return s.StartRun(t.Context(), contractRun(plans[max(n, 1)]), plans[max(n, 1)].Hash, noon)
		}))
	}
	p, _ := contractPlan(fmt.Sprint(0, 0), "source 0", 3)
	wantCode(t, s.DeletePlan(t.Context(), p.ID), domain.Conflict)
}

func startsWholly(t *testing.T, open opener) {
	s := open()
	p, changes := contractPlan("p", "s", 3)
	must(t, s.SavePlan(t.Context(), p, changes))
	other := started(t, s, "other", "elsewhere", 3)
	r := contractRun(p)
	for name, start := range map[string]func() error{
		"other hash": func() error { return s.StartRun(t.Context(), r, "x", noon) },
		"too late":   func() error { return s.StartRun(t.Context(), r, p.Hash, p.ExpiresAt) },
		"id is taken": func() error {
			taken := r
			taken.ID = other.ID
			return s.StartRun(t.Context(), taken, p.Hash, noon)
		},
		"no such state": func() error {
			odd := r
			odd.State = "odd"
			return s.StartRun(t.Context(), odd, p.Hash, noon)
		},
	} {
		if err := start(); err == nil {
			t.Error(name)
		}
		if p, err := s.Plan(t.Context(), p.ID); err != nil || p.RunID != "" {
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
	must(t, s.StartRun(t.Context(), r, p.Hash, noon))
	got, err := open().Run(t.Context(), r.ID)
	if want := map[domain.ItemState]int{domain.ItemPlanned: 1, domain.ItemSkipped: 1, domain.ItemAlready: 1}; err != nil || got.Total != 3 || !sameCounts(got.Counts, want) {
		t.Errorf("%+v %v", got, err)
	}
	it, err := s.RunItem(t.Context(), r.ID, 2)
	if err != nil || it.Reason != "protected" || it.Evidence != domain.ByPlan || !it.FinishedAt.Equal(noon) || it.Change.Target.AccountID != "person 2" || it.RunID != r.ID {
		t.Errorf("%+v %v", it, err)
	}
}

func sameCounts(got, want map[domain.ItemState]int) bool {
	for state, n := range got {
		if n != want[state] {
			return false
		}
	}
	return true
}

func keepsIntents(t *testing.T, open opener) {
	s, other := open(), open()
	r := started(t, s, "p", "s", 30)
	for seq := 1; seq <= 28; seq += 3 {
		must(t, write(t, s, r.ID, seq, domain.ItemIntent, "", time.Time{}))
		items, err := other.IntentItems(t.Context(), r.ID)
		if err != nil || len(items) != 1 || items[0].Change.Seq != seq {
			t.Fatalf("%+v %v", items, err)
		}
		must(t, write(t, s, r.ID, seq, domain.ItemDone, domain.ByAnswer, noon))
		if left, err := other.PlannedItems(t.Context(), r.ID, 0, 99); err != nil || len(left) != 9-seq/3 {
			t.Fatalf("%d left, %v", len(left), err)
		}
	}
	// A second intent with the outcome of the first, and a receipt with it.
	r = started(t, s, "q", "t", 6)
	must(t, write(t, s, r.ID, 1, domain.ItemIntent, "", time.Time{}))
	counts, err := s.WriteItems(t.Context(), r.ID, []domain.Item{
		{Change: domain.Change{Seq: 1}, State: domain.ItemDone, Evidence: domain.ByAnswer, FinishedAt: noon, Receipt: &domain.Receipt{Status: 204, Answer: "\x00"}},
		{Change: domain.Change{Seq: 4}, State: domain.ItemIntent, IntentAt: noon, Attempts: 1},
	})
	if want := map[domain.ItemState]int{domain.ItemDone: 1, domain.ItemIntent: 1, domain.ItemSkipped: 2, domain.ItemAlready: 2}; err != nil || !sameCounts(counts, want) {
		t.Error(counts, err)
	}
	if it, err := other.RunItem(t.Context(), r.ID, 1); err != nil || it.Receipt == nil || it.Receipt.Status != 204 {
		t.Errorf("%+v %v", it, err)
	}
}

func keepsOutcomes(t *testing.T, open opener) {
	s := open()
	r := started(t, s, "p", "s", 30)
	refuses := func(seq int, to domain.ItemState, at time.Time) {
		t.Helper()
		before, err := s.Run(t.Context(), r.ID)
		must(t, err)
		if _, err := s.WriteItems(t.Context(), r.ID, []domain.Item{ // the first of the two could be written
			{Change: domain.Change{Seq: 28}, State: domain.ItemIntent}, {Change: domain.Change{Seq: seq}, State: to, Evidence: domain.ByRead, FinishedAt: at},
		}); err == nil {
			t.Errorf("item %d became %s", seq, to)
		}
		if after, err := s.Run(t.Context(), r.ID); err != nil || !reflect.DeepEqual(after, before) {
			t.Errorf("half of a write: %+v %v", after, err)
		}
	}
	for i, state := range []domain.ItemState{domain.ItemDone, domain.ItemAlready, domain.ItemSkipped, domain.ItemRefused, domain.ItemUnknown} {
		seq := 1 + 3*i
		must(t, write(t, s, r.ID, seq, state, domain.ByAnswer, noon))
		must(t, write(t, s, r.ID, seq, state, domain.ByAnswer, noon)) // a commit whose answer was lost
		refuses(seq, domain.ItemPlanned, time.Time{})
		refuses(seq, domain.ItemIntent, time.Time{})
		refuses(seq, state, noon.Add(time.Second))
	}
	refuses(1, domain.ItemRefused, noon)
	refuses(2, domain.ItemDone, noon)                                      // was skipped by the plan
	refuses(31, domain.ItemIntent, noon)                                   // is not in the run
	refuses(28, domain.ItemDone, noon)                                     // stands twice in one write
	must(t, write(t, s, r.ID, 1, domain.ItemUnknown, domain.ByRead, noon)) // a success by its answer was disproved by reading
	refuses(1, domain.ItemDone, noon)
}

func endsWhenNothingIsLeft(t *testing.T, open opener) {
	s := open()
	r := started(t, s, "p", "s", 3)
	for _, state := range []domain.ItemState{domain.ItemPlanned, domain.ItemIntent} {
		must(t, write(t, s, r.ID, 1, state, "", time.Time{}))
		if err := s.SetRunState(t.Context(), r.ID, domain.RunDone, "", noon); err == nil {
			t.Error("a run is done, and an item is", state)
		}
	}
	if runs, err := s.UnfinishedRuns(t.Context()); err != nil || len(runs) != 1 {
		t.Error(runs, err)
	}
	must(t, write(t, s, r.ID, 1, domain.ItemDone, domain.ByAnswer, noon))
	must(t, s.SetRunState(t.Context(), r.ID, domain.RunDone, "", noon))
	wantCode(t, s.SetRunState(t.Context(), r.ID, domain.RunRunning, "", noon), domain.Conflict)
}

func readsOneMoment(t *testing.T, open opener) {
	s, other := open(), open()
	r := started(t, s, "p", "s", 300)
	over := make(chan error, 1)
	go func() {
		for seq := 1; seq <= 298; seq += 3 {
			if _, err := other.WriteItems(context.WithoutCancel(t.Context()), r.ID, []domain.Item{
				{Change: domain.Change{Seq: seq}, State: domain.ItemRefused, FinishedAt: noon},
			}); err != nil {
				over <- err
				return
			}
		}
		over <- nil
	}()
	for {
		for _, state := range []domain.ItemState{domain.ItemPlanned, domain.ItemRefused} {
			page, total, err := s.RunItems(t.Context(), r.ID, domain.ItemQuery{State: state, Count: 300})
			if err != nil || len(page) != total {
				t.Fatalf("%d %s items, %d counted, %v", len(page), state, total, err)
			}
		}
		select {
		case err := <-over:
			must(t, err)
			return
		default:
		}
	}
}

func remembersWhatIsUnread(t *testing.T, open opener) {
	s := open()
	r := started(t, s, "p", "s", 9)
	unread := func(want int) {
		t.Helper()
		of, err := s.UnrefreshedOf(t.Context(), "s")
		if items, other := s.Unrefreshed(t.Context(), r.ID); err != nil || other != nil || len(items) != want || len(of) != want {
			t.Errorf("%d and %d, not %d, %v", len(items), len(of), want, err)
		}
	}
	unread(0)
	must(t, write(t, s, r.ID, 1, domain.ItemDone, domain.ByAnswer, noon.Add(time.Second)))
	unread(1)
	must(t, s.MarkRefreshed(t.Context(), r.ID, noon.Add(2*time.Second)))
	unread(0)
	must(t, s.SetRunState(t.Context(), r.ID, domain.RunStopped, "", noon.Add(3*time.Second)))
	must(t, write(t, s, r.ID, 4, domain.ItemDone, domain.ByAnswer, noon.Add(9*time.Second))) // the last call ends after the run
	must(t, s.MarkRefreshed(t.Context(), r.ID, noon.Add(5*time.Second)))
	unread(1)
	must(t, s.MarkRefreshed(t.Context(), r.ID, noon.Add(10*time.Second)))
	unread(0)
	if deeds, total, err := s.Deeds(t.Context(), "s", "person 4", 9); err != nil || total != 1 || len(deeds) != 1 || deeds[0].Item.Change.Seq != 4 {
		t.Errorf("%+v %d %v", deeds, total, err)
	}
	touches, err := s.Touches(t.Context(), "s")
	if err != nil || len(touches) != 8 { // all but item 7, which was never begun
		t.Errorf("%+v %v", touches, err)
	}
	if n, err := s.ItemsOf(t.Context(), "s", []string{"user.suspend"}, noon); err != nil || n != 2 {
		t.Error(n, err)
	}
}

func deletesTogether(t *testing.T, open opener) {
	s := open()
	var ids []string
	for i := range 3 {
		r := started(t, s, fmt.Sprint(i), fmt.Sprint(i), 3)
		ids = append(ids, r.ID)
		if i > 0 {
			must(t, write(t, s, r.ID, 1, domain.ItemDone, domain.ByAnswer, noon))
			must(t, s.SetRunState(t.Context(), r.ID, domain.RunDone, "", noon))
		}
	}
	for i := range 2000 {
		ids = append(ids, fmt.Sprint("gone ", i))
	}
	ids = append(ids[1:], ids[0])
	_, err := s.DeleteRuns(t.Context(), ids) // the one that is not over comes last
	wantCode(t, err, domain.Conflict)
	if _, total, err := s.Runs(t.Context(), domain.RunQuery{}); err != nil || total != 3 {
		t.Error(total, err)
	}
	if n, err := s.DeleteRuns(t.Context(), ids[:len(ids)-1]); err != nil || n != 2 {
		t.Error(n, err)
	}
	for i, want := range []domain.Code{"", domain.NotFound, domain.NotFound} {
		_, err := s.Run(t.Context(), fmt.Sprint("run ", i))
		wantCode(t, err, want)
		_, err = s.Plan(t.Context(), fmt.Sprint(i))
		wantCode(t, err, want)
		_, err = s.RunItem(t.Context(), fmt.Sprint("run ", i), 1)
		wantCode(t, err, want)
	}
}

func findsRuns(t *testing.T, open opener) {
	s := open()
	first := started(t, s, "1", "s", 6)
	must(t, write(t, s, first.ID, 1, domain.ItemRefused, domain.ByAnswer, noon))
	must(t, write(t, s, first.ID, 4, domain.ItemDone, domain.ByAnswer, noon))
	must(t, s.SetRunState(t.Context(), first.ID, domain.RunDone, "", noon))
	p, changes := contractPlan("2", "s", 3)
	must(t, s.SavePlan(t.Context(), p, changes))
	undo := contractRun(p)
	undo.UndoOf, undo.CreatedAt, undo.Raised = first.ID, noon.Add(time.Minute), &domain.Raised{Words: "raise"}
	must(t, s.StartRun(t.Context(), undo, p.Hash, noon))
	all := domain.RunQuery{
		Actions: []string{"x", "user.suspend"}, SourceIDs: []string{"s"}, States: []domain.RunState{domain.RunDone, domain.RunPaused},
		Outcome: domain.OutcomeRefused, From: noon, To: noon.Add(time.Second), Search: "PERSON 6",
	}
	runs, total, err := s.Runs(t.Context(), all)
	if err != nil || total != 1 || len(runs) != 1 || runs[0].ID != first.ID || runs[0].UndoneBy != undo.ID {
		t.Errorf("%+v %d %v", runs, total, err)
	}
	for _, q := range []domain.RunQuery{{Outcome: domain.OutcomeClean}, {Limit: 1}, {From: noon.Add(time.Second)}} { // newest first
		if runs, _, err := s.Runs(t.Context(), q); err != nil || len(runs) != 1 || runs[0].ID != undo.ID || runs[0].Raised.Words != "raise" || runs[0].UndoOf != first.ID {
			t.Errorf("%+v: %+v %v", q, runs, err)
		}
	}
	if runs, total, err := s.Runs(t.Context(), domain.RunQuery{Outcome: domain.OutcomeUnknown}); err != nil || total != 0 || runs == nil {
		t.Error(runs, total, err)
	}
	q := domain.ItemQuery{State: domain.ItemDone, Search: "person 4", Count: 9}
	if items, total, err := s.RunItems(t.Context(), first.ID, q); err != nil || total != 1 || len(items) != 1 || items[0].Change.Seq != 4 {
		t.Errorf("%+v %d %v", items, total, err)
	}
	if items, total, err := s.RunItems(t.Context(), first.ID, domain.ItemQuery{From: 4, Count: 1}); err != nil || total != 6 || len(items) != 1 || items[0].Change.Seq != 5 {
		t.Errorf("%+v %d %v", items, total, err)
	}
	changes[0].Used = "Jira"
	must(t, s.SavePlan(t.Context(), domain.Plan{ID: "3"}, changes))
	if page, total, err := s.PlanChanges(t.Context(), "3", domain.ChangeQuery{Used: true, Verdict: domain.VerdictChange, Count: 9}); err != nil || total != 1 || len(page) != 1 {
		t.Errorf("%+v %d %v", page, total, err)
	}
}
