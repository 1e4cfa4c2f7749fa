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

// TestUndoSaysWhoIsNotKnown undoes a run of which somebody's result is not known: nobody is left out of it without a word.
func TestUndoSaysWhoIsNotKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		d.fault = func(c call) fault {
			if c.account == "acc-00002" {
				return falseSuccess
			}
			return fine
		}
		r := d.over(d.confirm(d.plan("user.suspend", d.staff(6), nil)).ID)
		if r.Counts[domain.ItemDone] != 5 || r.Counts[domain.ItemUnknown] != 1 {
			t.Fatalf("%v", r.Counts)
		}
		undo, err := d.engine.PlanUndo(t.Context(), r.ID)
		if err != nil || undo.Counts[domain.VerdictChange] != 5 || !hasRule(undo, "unknown") {
			t.Errorf("%v %+v, %v", undo.Counts, undo.Findings, err)
		}
		d.fault = nil
		back := d.wait(d.confirm(undo).ID)
		forth, err := d.engine.PlanUndo(t.Context(), back.ID)
		if err != nil || hasRule(forth, "unknown") {
			t.Errorf("%+v, %v", forth.Findings, err)
		}
	})
}

// TestUnreadPeopleAreNotKnown asks after people whom a listing that was cut off left out: that they were in the one before says nothing of a
// change that was made while that one was read.
func TestUnreadPeopleAreNotKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.opts = unreadable
		d.open()
		defer d.close()
		users := d.staff(2)
		d.wait(d.confirm(d.plan("user.suspend", users, nil)).ID)
		time.Sleep(time.Hour)
		users[0].ReadAt, users[0].Unread = time.Now(), true // the end of the listing before
		time.Sleep(time.Hour)
		d.fresh.CompleteAt = time.Now()
		if p := d.plan("user.restore", users, nil); p.Counts[domain.VerdictChange] != 2 {
			t.Errorf("%v", p.Counts)
		}
		users[0].ReadAt = time.Now().Add(time.Minute) // alone
		if p := d.plan("user.restore", users, nil); p.Counts[domain.VerdictChange] != 1 {
			t.Errorf("%v", p.Counts)
		}
	})
}
