package bulk_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

// unreadable makes a local copy that cannot be written: it stays as it was before any run.
func unreadable(o *bulk.Options) {
	o.Refresh = func(context.Context, string, []string) error { return errors.New("the disk is full") }
}

// TestUndoOfAStoppedRun stops a run in its first calls. What they come to is recorded after the run's end, and every plan that
// goes by the record knows of them, as does the next start.
func TestUndoOfAStoppedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.latency = time.Second
		d.opts = unreadable
		d.open()
		defer func() { d.close() }()
		users := d.staff(20)
		r := d.confirm(d.plan("user.suspend", users, nil))
		time.Sleep(1500 * time.Millisecond)
		if err := d.engine.Stop(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		r = d.wait(r.ID)
		if r.State != domain.RunStopped || r.Counts[domain.ItemDone] != 4 {
			t.Fatalf("%s %v", r.State, r.Counts)
		}
		for _, moment := range []string{"at once", "after a restart"} {
			undo, err := d.engine.PlanUndo(t.Context(), r.ID)
			if err != nil || undo.Counts[domain.VerdictChange] != 4 {
				t.Errorf("undone %s: %v, %v", moment, undo.Counts, err)
			}
			if p := d.plan("user.restore", users, nil); p.Counts[domain.VerdictChange] != 4 {
				t.Errorf("restored by hand %s: %v", moment, p.Counts)
			}
			d.close()
			d.open()
		}
		d.opts = nil // the copy can be written again: the next start makes up for it
		d.close()
		d.open()
		if err := d.engine.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.wait(r.ID)
		if len(d.refreshed) != 4 {
			t.Errorf("read again: %v", d.refreshed)
		}
	})
}
