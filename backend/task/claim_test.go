package task_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/records"
	"seatkeeper/backend/task"
)

// process is a second program on the same database: a connection and a service of its own.
func (d *desk) process(dir string) *clockAt {
	d.t.Helper()
	db, err := records.Open(d.t.Context(), dir, quiet)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = db.Close() })
	other := &desk{t: d.t, db: db, running: map[string]chan struct{}{}, sources: d.sources, result: d.result}
	return &clockAt{desk: other, s: other.service()}
}

// TestTwoProcessesRace: of two processes that look at the same moments, one begins each occurrence of each task.
func TestTwoProcessesRace(t *testing.T) {
	const days, tasks = 50, 4
	dir := t.TempDir()
	ids := []string{"a", "b", "c", "d"}[:tasks]
	d := deskIn(t, dir, ids...)
	both := []*clockAt{d.process(dir), d.process(dir)}
	start := time.Date(2026, 11, 21, 4, 29, 0, 0, time.UTC) // a minute before 05:30 in Berlin
	for _, p := range both {
		p.now = start.Add(-5 * time.Minute)
		p.step(5 * time.Minute)
	}
	for day := range days {
		var ready, looked sync.WaitGroup
		for _, p := range both {
			p.now = start.AddDate(0, 0, day)
			p.step(time.Minute) // over the gap of the night
			ready.Add(1)
			looked.Go(func() {
				ready.Done()
				ready.Wait()
				p.step(time.Minute) // one look
			})
		}
		looked.Wait()
	}
	begun := both[0].count() + both[1].count()
	t.Logf("%d races: %d won by the one, %d by the other", days*tasks, both[0].count(), both[1].count())
	if begun != days*tasks {
		t.Errorf("%d syncs for %d occurrences", begun, days*tasks)
	}
	for _, id := range ids {
		if h := d.history(id); len(h) != days || slices.ContainsFunc(h, func(s string) bool { return s[16:] != " done" }) {
			t.Errorf("%s: %q", id, h)
		}
	}
}

// TestEndBetweenClaimAndRun: what was claimed and never ended is shown as not finished. A sync does no harm twice, so
// its occurrence is begun again, as the same run; one of a kind of which that is not known is not.
func TestEndBetweenClaimAndRun(t *testing.T) {
	for kind, want := range map[string]int{domain.TaskSync: 1, careful: 0} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, "a")
			at := lookAt(d, "2026-11-21T05:10:00+01:00")
			d.change("a", func(t *domain.Task) { t.Kind = kind })
			at.step(10 * time.Minute)
			d.dies(func() { at.step(30 * time.Minute) })
			d.wantHistory("a", "2026-11-21T05:30 running")
			begun := d.count() + int(carefully.Load())

			at.s = d.service() // the next start
			at.step(time.Minute)
			if n := d.count() + int(carefully.Load()); n != begun {
				t.Errorf("%s: begun at once", kind)
			}
			at.step(10 * time.Minute)
			if n := d.count() + int(carefully.Load()) - begun; n != want {
				t.Errorf("%s: begun %d times again, want %d", kind, n, want)
			}
			runs, _ := d.db.TaskRuns(t.Context(), d.task("a").ID, 0, 10)
			if want == 0 {
				d.wantHistory("a", "2026-11-21T05:30 interrupted")
			} else if d.wantHistory("a", "2026-11-21T05:30 done"); len(runs) != 1 || runs[0].Attempts != 2 {
				t.Errorf("%+v", runs)
			}
			at.step(24 * time.Hour)
			if h := d.history("a"); len(h) != 2 || h[1] != "2026-11-22T05:30 done" {
				t.Errorf("%s: the next day %q", kind, h)
			}
		})
	}
}

// dies lets do claim a run and then ends the process: neither the run nor its end happens.
func (d *desk) dies(do func()) {
	d.t.Helper()
	gone := func() { panic("the process dies") }
	d.mu.Lock()
	d.atStart = gone
	d.mu.Unlock()
	carefulStart.Store(&gone)
	defer func() {
		if recover() == nil {
			d.t.Error("nothing was begun")
		}
		d.mu.Lock()
		d.atStart = nil
		d.mu.Unlock()
		carefulStart.Store(nil)
	}()
	do()
}

// TestKilledSyncGoesOnAsTheSameRun: a sync of the schedule that the end of the program interrupts could go on in two
// ways, as the same occurrence and as a sync that can be resumed. It does so in one.
func TestKilledSyncGoesOnAsTheSameRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "a")
		at := lookAt(d, "2026-11-21T05:20:00+01:00")
		at.step(5 * time.Minute)
		d.dies(func() { at.step(20 * time.Minute) })
		d.fresh.Resumable = true
		d.last = domain.Sync{ID: 17, State: domain.SyncCancelled, Error: &domain.Error{Code: domain.Cancelled, Reason: "interrupted"}}
		at.s, at.now = d.service(), at.now.Add(time.Second)
		before := d.count()
		for range 8 {
			if err := at.s.Look(t.Context(), at.now); err != nil {
				t.Fatal(err)
			}
			at.now = at.now.Add(task.Every)
		}
		if n := d.count() - before; n != 1 {
			t.Errorf("begun %d times", n)
		}
		d.wantHistory("a", "2026-11-21T05:30 done")
	})
}

// TestProgramThatDiesEachTime: an occurrence whose run ends the program is not tried for ever.
func TestProgramThatDiesEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "a")
		at := lookAt(d, "2026-11-21T05:20:00+01:00")
		at.step(5 * time.Minute)
		for range 1 + task.MaxRetries {
			d.dies(func() { at.step(20 * time.Minute) })
			at.s, at.now = d.service(), at.now.Add(5*time.Minute)
		}
		if n := at.step(10 * time.Hour); n != 0 {
			t.Errorf("begun %d times more", n)
		}
		d.wantHistory("a", "2026-11-21T05:30 interrupted")
	})
}

// TestRunningElsewhere: a run whose process says that it goes on is left alone, however long it takes; its task begins
// nothing else.
func TestRunningElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		d := deskIn(t, dir, "a")
		d.takes = 3 * time.Hour
		one, two := d.service(), d.process(dir)
		if err := one.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Hour) // it is due after four and a half
		two.change("a", func(t *domain.Task) { t.RetryAt = time.Now() })
		if err := two.s.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		two.s.Close()
		d.wantHistory("a", "2000-01-01T05:30 running")
		time.Sleep(time.Hour)
		one.Close()
		if d.count() != 1 || two.count() != 0 {
			t.Errorf("begun %d and %d times", d.count(), two.count())
		}
		d.wantHistory("a", "2000-01-01T05:30 done")
	})
}

// TestSetRecordsWhatWaits: what waited when the schedule was changed is not made up for, and the history says so. All
// that is wrong with a change is said at once.
func TestSetRecordsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "a")
		d.locked.Store(true)
		d.run(6 * time.Hour)
		s, v := d.service(), d.task("a")
		v.Schedule, v.Params = domain.Schedule{Mode: domain.ScheduleDaily, At: "late", Zone: "Mars"}, map[string]string{"changesMinutes": "7", "other": "1"}
		_, err := s.Set(t.Context(), v)
		if e := domain.AsError(err); e == nil || e.Code != domain.Invalid || e.Field != "at" || len(e.More) != 3 {
			t.Errorf("%+v", err)
		}
		v.Schedule, v.Params = domain.Schedule{Mode: domain.ScheduleHours, Hours: 3}, map[string]string{"changesMinutes": "30"}
		if v, err = s.Set(t.Context(), v); err != nil || time.Until(v.NextDue).Round(time.Second) != 3*time.Hour || v.Params["changesMinutes"] != "30" {
			t.Errorf("%+v %v", v, err)
		}
		d.locked.Store(false)
		d.run(4 * time.Hour)
		if h := d.history("a"); len(h) != 2 || h[0] != "2000-01-01T05:30 missed changed" || h[1][len("2000-01-01T09:00:00Z"):] != " done" {
			t.Errorf("%q", h)
		}
		if _, err := s.Set(context.Background(), domain.Task{ID: "other"}); domain.CodeOf(err) != domain.NotFound {
			t.Error(err)
		}
	})
}

// TestWords: each code that is stored has words.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		run          domain.TaskRun
		what, result string
	}{
		{domain.TaskRun{Outcome: domain.TaskRunning}, "Full sync", "Running"},
		{domain.TaskRun{Outcome: domain.TaskDone, Part: "changes"}, "Changes", "Done"},
		{domain.TaskRun{Outcome: domain.TaskStopped, Part: "resume"}, "Full sync, continued", "Stopped"},
		{domain.TaskRun{Outcome: domain.TaskInterrupted}, "Full sync", "Not finished: Seatkeeper ended first"},
		{domain.TaskRun{Outcome: domain.TaskFailed, Reason: "unreachable"}, "Full sync", "Failed: Atlassian could not be reached"},
		{domain.TaskRun{Outcome: domain.TaskMissed, Reason: domain.MissedAway}, "Full sync", "Missed: the computer slept, or Seatkeeper did not run"},
	} {
		if what, result := task.Words(domain.TaskSync, c.run); what != c.what || result != c.result {
			t.Errorf("%+v: %q, %q", c.run, what, result)
		}
	}
	for _, reason := range []string{domain.MissedAway, domain.MissedPaused, domain.MissedLocked, domain.MissedBusy, domain.MissedChanged} {
		if _, result := task.Words("", domain.TaskRun{Outcome: domain.TaskMissed, Reason: reason}); result == "Missed" {
			t.Errorf("%s has no words", reason)
		}
	}
	for _, code := range []domain.Code{domain.Invalid, domain.NotFound, domain.Conflict, domain.Forbidden, domain.AuthFailed, domain.RateLimited,
		domain.Unreachable, domain.Unsupported, domain.Stale, domain.Cancelled, domain.Internal} {
		if _, result := task.Words("", domain.TaskRun{Outcome: domain.TaskFailed, Reason: string(code)}); result == "Failed" {
			t.Errorf("%s has no words", code)
		}
	}
}
