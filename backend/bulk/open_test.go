package bulk_test

import (
	"context"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

// TestUndoWaitsForTheLastCalls asks for an undo, and for a second try, right after Stop, while calls are under way: who
// they change must not be left out of it.
func TestUndoWaitsForTheLastCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.latency = time.Second
		d.open()
		defer d.close()
		r := d.confirm(d.plan("user.suspend", d.staff(20), nil))
		time.Sleep(2500 * time.Millisecond) // the first four are done, the next under way
		if err := d.engine.Stop(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		for name, plan := range map[string]func(context.Context, string) (domain.Plan, error){"undo": d.engine.PlanUndo, "second try": d.engine.PlanRetry} {
			if p, err := plan(t.Context(), r.ID); domain.CodeOf(err) != domain.Conflict {
				t.Errorf("%s: planned for %v while calls were under way: %v", name, p.Counts, err)
			}
		}
		r = d.wait(r.ID)
		undo, err := d.engine.PlanUndo(t.Context(), r.ID)
		if err != nil || undo.Counts[domain.VerdictChange] != r.Counts[domain.ItemDone] || r.Counts[domain.ItemDone] != 8 {
			t.Errorf("%v of %v, %v", undo.Counts, r.Counts, err)
		}
	})
}

// TestLastResultsAreShown stops a run whose last results come faster than the window is told of them.
func TestLastResultsAreShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.latency = time.Second
		d.fault = func(call) fault { return refused }
		d.onCall = func(c call) { time.Sleep(time.Duration(c.account[len(c.account)-1]) * 20 * time.Millisecond) }
		d.open()
		defer d.close()
		r := d.confirm(d.plan("user.suspend", d.staff(20), nil))
		time.Sleep(1500 * time.Millisecond)
		if err := d.engine.Stop(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		r = d.wait(r.ID)
		d.mu.Lock()
		shown := d.published[len(d.published)-1]
		d.mu.Unlock()
		if r.Counts[domain.ItemRefused] == 0 || !maps.Equal(shown.Counts, r.Counts) {
			t.Errorf("the window was told last of %v, not of %v", shown.Counts, r.Counts)
		}
	})
}
