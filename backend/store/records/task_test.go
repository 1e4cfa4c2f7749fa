package records_test

import (
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/records"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func taskStore(t *testing.T, dir string, tasks ...domain.Task) *records.Store {
	t.Helper()
	s, err := records.Open(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if len(tasks) > 0 {
		if err := s.SaveSource(t.Context(), domain.Source{ID: "s", Name: "Acme"}, tasks...); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func taskRun(occurrence string) domain.TaskRun {
	return domain.TaskRun{TaskID: "t", Occurrence: occurrence, DueAt: noon, StartedAt: noon, SeenAt: noon, Attempts: 1, Outcome: domain.TaskRunning}
}

func always(*domain.Task) bool { return true }

// TestTasksComeAndGoWithTheirSource: with its tasks go their runs; those of other sources stay.
func TestTasksComeAndGoWithTheirSource(t *testing.T) {
	own := domain.Task{
		ID: "t", Kind: "sync", Name: "Every day", SourceID: "s", Schedule: domain.Schedule{Mode: domain.ScheduleDaily, Hours: 24, At: "05:30", Zone: "UTC"},
		Params: map[string]string{"changesMinutes": "30"}, Active: true, NextDue: noon, LastRun: noon, LastOccurrence: "x", RetryAt: noon, Retries: 2,
	}
	s := taskStore(t, t.TempDir(), own, domain.Task{ID: "u", SourceID: "other", Params: map[string]string{}})
	for _, id := range []string{"t", "u"} {
		r := taskRun("1")
		r.TaskID = id
		if _, won, err := s.ClaimTaskRun(t.Context(), r, always); !won || err != nil {
			t.Fatal(won, err)
		}
	}
	all, err := s.Tasks(t.Context())
	if err != nil || len(all) != 2 || !reflect.DeepEqual(all[0], own) {
		t.Fatalf("%+v %v", all, err)
	}
	own.Active, own.Retries = false, 0
	if err := s.SaveSource(t.Context(), domain.Source{ID: "s", Name: "Renamed"}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.ChangeTask(t.Context(), "t", func(v *domain.Task) { v.Active, v.Retries = false, 0 }); err != nil || !reflect.DeepEqual(got, own) {
		t.Fatalf("%+v %v", got, err)
	}
	if err := s.DeleteSource(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	if all, err = s.Tasks(t.Context()); err != nil || len(all) != 1 || all[0].ID != "u" {
		t.Fatalf("%+v %v", all, err)
	}
	for id, want := range map[string]int{"t": 0, "u": 1} {
		if runs, err := s.TaskRuns(t.Context(), id, 0, 10); err != nil || len(runs) != want {
			t.Errorf("%s: %+v %v", id, runs, err)
		}
	}
	if _, err := s.ChangeTask(t.Context(), "t", func(*domain.Task) {}); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
	if _, _, err := s.ClaimTaskRun(t.Context(), taskRun("2"), always); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
}

// TestOneClaimForAnOccurrence: of many that claim one through several connections one wins, and only the winner changes
// the task.
func TestOneClaimForAnOccurrence(t *testing.T) {
	const rounds, each = 60, 4
	dir := t.TempDir()
	stores := []*records.Store{taskStore(t, dir, domain.Task{ID: "t", SourceID: "s", Kind: "sync"}), taskStore(t, dir)}
	for round := range rounds {
		var wins, failures atomic.Int32
		var all sync.WaitGroup
		for i := range each {
			all.Go(func() {
				_, won, err := stores[i%len(stores)].ClaimTaskRun(t.Context(), taskRun(fmt.Sprint(round)), func(v *domain.Task) bool {
					v.Retries++
					return true
				})
				if err != nil {
					failures.Add(1)
				}
				if won {
					wins.Add(1)
				}
			})
		}
		all.Wait()
		if wins.Load() != 1 || failures.Load() != 0 {
			t.Fatalf("round %d: %d won, %d failed", round, wins.Load(), failures.Load())
		}
	}
	if all, err := stores[1].Tasks(t.Context()); err != nil || all[0].Retries != rounds {
		t.Errorf("%+v %v", all, err)
	}
}

// TestEndOfAnAttempt: whoever was taken for dead cannot end the attempt that another has begun since; until one has, it
// can.
func TestEndOfAnAttempt(t *testing.T) {
	s := taskStore(t, t.TempDir(), domain.Task{ID: "t", SourceID: "s"})
	first, won, err := s.ClaimTaskRun(t.Context(), taskRun("1"), always)
	if !won || err != nil {
		t.Fatal(won, err)
	}
	if _, won, err := s.ClaimTaskRun(t.Context(), taskRun("2"), func(v *domain.Task) bool { v.Retries = 9; return false }); won || err != nil {
		t.Fatal("begun although it is not any more as it was", won, err)
	}
	end := func(r domain.TaskRun, o domain.TaskOutcome) bool {
		t.Helper()
		r.Outcome, r.FinishedAt = o, noon.Add(time.Hour)
		ended, err := s.EndTaskRun(t.Context(), r, func(v *domain.Task) { v.Retries++ })
		if err != nil {
			t.Fatal(err)
		}
		return ended
	}
	if open, err := s.OpenTaskRuns(t.Context()); err != nil || len(open) != 1 || open[0] != first {
		t.Fatalf("%+v %v", open, err)
	}
	if !end(first, domain.TaskInterrupted) {
		t.Error("nobody can be taken for dead")
	}
	second, won, err := s.RepeatTaskRun(t.Context(), "t", "1", noon.Add(time.Minute), always)
	if !won || err != nil || second.Attempts != 2 || second.ID != first.ID || second.Outcome != domain.TaskRunning || !second.FinishedAt.IsZero() {
		t.Fatalf("%+v %v %v", second, won, err)
	}
	if end(first, domain.TaskDone) {
		t.Error("an attempt was ended by the one before it")
	}
	if err := s.SeeTaskRun(t.Context(), first, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.SeeTaskRun(t.Context(), second, noon.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if r, err := s.LastTaskRun(t.Context(), "t", ""); err != nil || !r.SeenAt.Equal(noon.Add(2*time.Minute)) {
		t.Errorf("%+v %v", r, err)
	}
	if !end(second, domain.TaskInterrupted) || !end(second, domain.TaskDone) || end(second, domain.TaskFailed) {
		t.Error("the one who was taken for dead, and was not, cannot say how it ended, or can say so twice")
	}
	if _, won, err := s.RepeatTaskRun(t.Context(), "t", "gone", noon, always); won || err != nil {
		t.Error(won, err)
	}
	if all, err := s.Tasks(t.Context()); err != nil || all[0].Retries != 3 {
		t.Errorf("%+v %v", all, err)
	}
}

// TestHistoryOfATask: newest first, in pieces with an upper bound, and not for ever. What is recorded stays as it is.
func TestHistoryOfATask(t *testing.T) {
	s := taskStore(t, t.TempDir(), domain.Task{ID: "t", SourceID: "s"})
	beside := taskRun("changes 1")
	beside.Part = "changes"
	if _, won, err := s.ClaimTaskRun(t.Context(), beside, always); !won || err != nil {
		t.Fatal(won, err)
	}
	missed := make([]domain.TaskRun, 450)
	for i := range missed {
		missed[i] = domain.TaskRun{TaskID: "t", Occurrence: fmt.Sprintf("day %03d", i), Outcome: domain.TaskMissed, Reason: domain.MissedAway}
	}
	for range 2 {
		if err := s.MissTaskRuns(t.Context(), "t", missed); err != nil {
			t.Fatal(err)
		}
		for i := range missed {
			missed[i].Reason = domain.MissedBusy // comes too late
		}
		missed = missed[100:]
	}
	if _, won, err := s.ClaimTaskRun(t.Context(), taskRun("day 449"), always); won || err != nil {
		t.Error("what was missed was begun", won, err)
	}
	if _, won, err := s.ClaimTaskRun(t.Context(), taskRun("day 450"), always); !won || err != nil {
		t.Error(won, err)
	}
	var all []domain.TaskRun
	for before := int64(0); ; {
		page, err := s.TaskRuns(t.Context(), "t", before, 1000)
		if err != nil || len(page) > 100 {
			t.Fatal(len(page), err)
		}
		if len(page) == 0 {
			break
		}
		all, before = append(all, page...), page[len(page)-1].ID
	}
	if len(all) != 401 || all[400].Occurrence != "changes 1" {
		t.Fatalf("%d runs, the last %+v", len(all), all[len(all)-1])
	}
	for i, r := range all[:400] {
		if want := fmt.Sprintf("day %03d", 450-i); r.Occurrence != want || i > 0 && r.Reason != domain.MissedAway {
			t.Fatalf("%d: %+v, want %s", i, r, want)
		}
	}
	for limit, want := range map[int]int{-1: 1, 0: 1, 3: 3} {
		if page, err := s.TaskRuns(t.Context(), "t", 0, limit); err != nil || len(page) != want {
			t.Errorf("limit %d: %d %v", limit, len(page), err)
		}
	}
}

// TestClockWasAhead: what was begun too early comes again, and stays in the history.
func TestClockWasAhead(t *testing.T) {
	s := taskStore(t, t.TempDir(), domain.Task{ID: "t", SourceID: "s", LastRun: noon.AddDate(1, 0, 0), LastOccurrence: "late"})
	early, late := taskRun("early"), taskRun("late")
	late.DueAt = noon.AddDate(1, 0, 0)
	for _, r := range []domain.TaskRun{early, late} {
		if _, won, err := s.ClaimTaskRun(t.Context(), r, always); !won || err != nil {
			t.Fatal(won, err)
		}
	}
	if v, err := s.ClockWasAhead(t.Context(), "t", noon); err != nil || v.LastOccurrence != "" || !v.LastRun.IsZero() {
		t.Fatalf("%+v %v", v, err)
	}
	for occurrence, want := range map[string]bool{"early": false, "late": true} {
		if _, won, err := s.ClaimTaskRun(t.Context(), taskRun(occurrence), always); won != want || err != nil {
			t.Error(occurrence, won, err)
		}
	}
	if runs, err := s.TaskRuns(t.Context(), "t", 0, 10); err != nil || len(runs) != 3 || runs[1].Occurrence != "late of run 2" {
		t.Errorf("%+v %v", runs, err)
	}
}
