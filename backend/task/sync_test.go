package task_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

// every lets the sync of a source read changes so often, and nothing else.
func (d *desk) every(id, minutes string) {
	d.t.Helper()
	v := d.task(id)
	v.Schedule.Mode, v.Params = domain.ScheduleOff, map[string]string{"changesMinutes": minutes}
	if _, err := d.service().Set(d.t.Context(), v); err != nil {
		d.t.Fatal(err)
	}
}

// Changes are read every so often between full syncs, and only where the audit log can be followed.
func TestChangesBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "S1")
		d.every("S1", "30")
		d.run(3 * time.Hour)
		if len(d.followed) != 0 {
			t.Fatal("a source without an audit log was read", d.followed)
		}
		d.fresh = domain.Freshness{Revision: 1, CompleteAt: time.Now(), Followed: true}
		d.run(3 * time.Hour)
		if n := len(d.followed); n < 5 || n > 6 || len(d.begun) != 0 {
			t.Fatal(n, d.followed, d.begun)
		}
		for i := range d.followed[1:] {
			if gap := d.followed[i+1].Sub(d.followed[i]); gap < 30*time.Minute {
				t.Error("after only", gap)
			}
		}
		if h := d.history("S1"); len(h) != len(d.followed) || slices.ContainsFunc(h, func(s string) bool {
			return !strings.HasPrefix(s, "changes 2000-01-01T0") || !strings.HasSuffix(s, " done")
		}) {
			t.Errorf("%q", h)
		}
		// Whatever comes of an attempt, the next one waits as long; also after a restart.
		d.result = func(int) domain.Sync {
			return domain.Sync{State: domain.SyncFailed, Error: domain.Errorf(domain.AuthFailed, "no")}
		}
		before := len(d.followed)
		for range 12 {
			d.fresh.ChangesAt = time.Time{}
			d.run(15 * time.Minute)
		}
		if n := len(d.followed) - before; n < 5 || n > 6 {
			t.Errorf("%d attempts in three hours", n)
		}
		for _, wrong := range []string{"-1", "1", "7", "1000", "often"} {
			v := d.task("S1")
			v.Params = map[string]string{"changesMinutes": wrong}
			if _, err := d.service().Set(t.Context(), v); domain.CodeOf(err) != domain.Invalid || domain.AsError(err).Field != "changesMinutes" {
				t.Error(wrong, err)
			}
		}
	})
}

// A clock that was ahead has left times that are still to come. They neither stop the syncs of changes nor make one follow the other.
func TestChangesAfterAClockThatWasAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "S1")
		d.every("S1", "30")
		d.fresh = domain.Freshness{Revision: 1, CompleteAt: time.Now().AddDate(1, 0, 0), Followed: true}
		for range 6 {
			d.run(30 * time.Minute)
		}
		if n := len(d.followed); n < 5 || n > 6 {
			t.Errorf("%d syncs of changes in three hours", n)
		}
	})
}

// A full sync that the program's end has interrupted goes on by itself at the next start, once; one that was stopped by hand does not.
func TestGoesOnOnce(t *testing.T) {
	for reason, want := range map[string]int{"interrupted": 1, "": 0} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, "S1")
			d.fresh = domain.Freshness{Resumable: true}
			d.last = domain.Sync{ID: 17, State: domain.SyncCancelled, Error: &domain.Error{Code: domain.Cancelled, Reason: reason}}
			d.every("S1", "0")
			d.run(10 * time.Minute)
			d.run(10 * time.Minute)
			if len(d.begun) != want {
				t.Errorf("%q: %v", reason, d.begun)
			}
			if want > 0 {
				d.wantHistory("S1", "resume of sync 17 done")
			}
		})
	}
}

// A sync of the schedule that ends early is told apart by how: stopped by hand is over, ended with the program is not finished.
func TestHowASyncEnds(t *testing.T) {
	for reason, want := range map[string]string{"interrupted": "running", "": "stopped"} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, "S1")
			d.result = func(int) domain.Sync {
				return domain.Sync{State: domain.SyncCancelled, Error: &domain.Error{Code: domain.Cancelled, Reason: reason}}
			}
			at := lookAt(d, "2026-11-21T05:20:00+01:00")
			_ = at.look(12 * time.Minute)
			d.wantHistory("S1", "2026-11-21T05:30 "+want)
		})
	}
}
