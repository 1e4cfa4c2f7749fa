package schedule

import (
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

// Changes are read every so often between full syncs, and only where the audit log can be followed.
func TestChangesBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk("S1")
		s := d.service()
		defer s.Close()
		rule := domain.SyncSchedule{SourceID: "S1", Mode: domain.ScheduleOff, ChangesMinutes: 30}
		if err := s.Set(t.Context(), rule); err != nil {
			t.Fatal(err)
		}
		look := func(d time.Duration) {
			t.Helper()
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(every) {
				if err := s.look(t.Context(), time.Now().Round(0)); err != nil {
					t.Fatal(err)
				}
			}
		}
		look(3 * time.Hour)
		if len(d.followed) != 0 {
			t.Fatal("a source without an audit log was read", d.followed)
		}
		d.fresh = domain.Freshness{Revision: 1, CompleteAt: time.Now(), Followed: true}
		look(3 * time.Hour)
		if n := len(d.followed); n < 5 || n > 6 || len(d.begun) != 0 {
			t.Fatal(n, d.followed, d.begun)
		}
		for i := range d.followed[1:] {
			if gap := d.followed[i+1].Sub(d.followed[i]); gap < 30*time.Minute {
				t.Error("after only", gap)
			}
		}
		for _, wrong := range []int{-1, 1, 7, 1000} {
			rule.ChangesMinutes = wrong
			if err := s.Set(t.Context(), rule); domain.CodeOf(err) != domain.Invalid {
				t.Error(wrong, err)
			}
		}
	})
}

// A full sync that the program's end has interrupted goes on by itself at the next start, once; one that was stopped by hand does not.
func TestGoesOnOnce(t *testing.T) {
	for reason, want := range map[string]int{"interrupted": 1, "": 0} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk("S1")
			d.fresh = domain.Freshness{Resumable: true}
			d.last = domain.Sync{State: domain.SyncCancelled, Error: &domain.Error{Code: domain.Cancelled, Reason: reason}}
			s := d.service()
			defer s.Close()
			if err := s.Set(t.Context(), domain.SyncSchedule{SourceID: "S1", Mode: domain.ScheduleOff}); err != nil {
				t.Fatal(err)
			}
			for range 20 {
				if err := s.look(t.Context(), time.Now().Round(0)); err != nil {
					t.Fatal(err)
				}
				time.Sleep(every)
			}
			if len(d.begun) != want {
				t.Errorf("%q: %v", reason, d.begun)
			}
		})
	}
}
