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
