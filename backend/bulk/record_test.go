package bulk_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store/mirrordb"
)

// unreadable makes a local copy that cannot be written: it stays as it was before any run.
func unreadable(o *bulk.Options) {
	o.Refresh = func(context.Context, string, []string) error { return errors.New("the disk is full") }
}

// TestUndoOfAStoppedRun stops a run in its first calls. What they come to is recorded after the run's end, and every
// plan that goes by the record knows of them, as does the next start.
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

// TestUndoSaysWhoIsNotKnown undoes a run of which somebody's result is not known: nobody is left out of it without a
// word.
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

// TestUnreadPeopleAreNotKnown asks after people whom a listing that was cut off left out: that they were in the one
// before says nothing of a change that was made while that one was read.
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

// turning is a local copy that is brought up to date right after somebody has read its groups.
type turning struct {
	*mirrordb.Store

	read func()
}

func (c turning) Groups(ctx context.Context, sourceID string) ([]domain.Group, error) {
	groups, err := c.Store.Groups(ctx, sourceID)
	c.read()
	return groups, err
}

// TestNothingFallsBetweenCopyAndRecord plans while a run notes that what it changed was read again: the plan has it
// from the record or from the copy, not from neither.
func TestNothingFallsBetweenCopyAndRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{t: t, world: sim.New(sim.Config{People: 50, Seed: 5, Latency: 20 * time.Millisecond, Visible: time.Second}), dir: t.TempDir()}
		o.openMortal(newLife(0), 0)
		defer func() { o.close() }()
		o.sync()
		id := o.smallGroup()
		o.engine.Close()
		gate, read := make(chan struct{}), func() {}
		o.engine = bulk.New(bulk.Options{
			Store: mortalStore{o.store.Records, o.life}, People: turning{o.store.Mirror, func() { read() }}, Operator: "tester",
			Open:    func(context.Context, string) (source.Source, error) { return o.source, nil },
			Source:  func(context.Context, string) (domain.Source, error) { return o.listed(), nil },
			Refresh: o.mirror.Refresh,
			RefreshGroups: func(ctx context.Context, id string, groups []domain.Target) error {
				<-gate
				return o.mirror.RefreshGroups(ctx, id, groups)
			},
		})
		p, err := o.engine.Plan(t.Context(), bulk.Request{SourceID: src, Action: "group.delete", Groups: []string{id}})
		if err != nil {
			t.Fatal(err)
		}
		name := o.changesOf(p)[0].Target.GroupName
		run := o.over(o.confirm(p).ID)
		read = func() {
			read = func() {}
			close(gate)
			if _, err := o.engine.Wait(context.Background(), run.ID); err != nil {
				t.Error(err)
			}
		}
		p, err = o.engine.Plan(t.Context(), bulk.Request{SourceID: src, Action: "group.create", Params: map[string]string{"names": name}})
		if err != nil || p.Counts[domain.VerdictChange] != 1 {
			t.Errorf("%v, %v", o.changesOf(p), err)
		}
	})
}

// TestPeopleLookedUpBeforeARefresh plans over people who were looked up before a run noted that they were read again.
func TestPeopleLookedUpBeforeARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		users := d.staff(5) // as they are now: active
		d.wait(d.confirm(d.plan("user.suspend", users, nil)).ID)
		if p := d.plan("user.restore", users, nil); p.Counts[domain.VerdictChange] != 5 {
			t.Errorf("%v", p.Counts)
		}
	})
}
