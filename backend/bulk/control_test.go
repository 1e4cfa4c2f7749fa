package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/records"
)

func TestPauseResumeStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		ctx := context.Background()
		r := d.confirm(d.plan("user.suspend", d.staff(40), nil))
		time.Sleep(300 * time.Millisecond)
		if err := d.engine.Pause(ctx, r.ID); err != nil {
			t.Fatal(err)
		}
		paused := time.Now()
		r = d.wait(r.ID)
		d.check(r)
		if r.State != domain.RunPaused || r.PauseReason == "" || r.Counts[domain.ItemIntent] != 0 || r.Counts[domain.ItemPlanned] == 0 || r.Counts[domain.ItemDone] == 0 {
			t.Fatalf("paused: %+v", r)
		}
		if err := d.engine.Pause(ctx, r.ID); domain.CodeOf(err) != domain.Conflict {
			t.Errorf("pause twice: %v", err)
		}
		sent := len(d.calls)
		time.Sleep(time.Hour)
		if len(d.calls) != sent {
			t.Error("a paused run sent calls")
		}
		for _, c := range d.calls {
			if c.at.After(paused) {
				t.Error("a call began after the pause")
			}
		}
		if err := d.engine.Resume(ctx, r.ID, domain.Secret{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
		if err := d.engine.Stop(ctx, r.ID); err != nil {
			t.Fatal(err)
		}
		stopped := time.Now()
		r = d.wait(r.ID)
		d.check(r)
		for _, c := range d.calls {
			if c.at.After(stopped) {
				t.Error("a call began after the stop")
			}
		}
		if r.State != domain.RunStopped || r.FinishedAt.IsZero() || r.Counts[domain.ItemPlanned] == 0 {
			t.Fatalf("stopped: %+v", r)
		}
		resume := func(ctx context.Context, id string) error { return d.engine.Resume(ctx, id, domain.Secret{}) }
		for name, f := range map[string]func(context.Context, string) error{"pause": d.engine.Pause, "resume": resume, "stop": d.engine.Stop} {
			if err := f(ctx, r.ID); domain.CodeOf(err) != domain.Conflict {
				t.Errorf("%s a stopped run: %v", name, err)
			}
			if err := f(ctx, "nope"); domain.CodeOf(err) != domain.NotFound {
				t.Errorf("%s no run: %v", name, err)
			}
		}
	})
}

// TestResumeWhileCallsAreUnderWay resumes a run whose last calls have not come back yet.
func TestResumeWhileCallsAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.latency = 3 * time.Second
		d.open()
		defer d.close()
		ctx := context.Background()
		r := d.confirm(d.plan("user.suspend", d.staff(12), nil))
		time.Sleep(4 * time.Second)
		if err := d.engine.Pause(ctx, r.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Resume(ctx, r.ID, domain.Secret{}); err != nil {
			t.Fatal(err)
		}
		for {
			r = d.wait(r.ID)
			if r.State != domain.RunRunning {
				break
			}
		}
		d.check(r)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 12 || len(d.calls) != 12 {
			t.Errorf("%+v after %d calls", r, len(d.calls))
		}
	})
}

func TestStopReachesDiskAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.latency = 30 * time.Second // the calls under way take long
		d.open()
		defer d.close()
		r := d.confirm(d.plan("user.suspend", d.staff(12), nil))
		time.Sleep(40 * time.Second)
		began := time.Now()
		if err := d.engine.Stop(context.Background(), r.ID); err != nil {
			t.Fatal(err)
		}
		stored, err := d.store.Records.Run(context.Background(), r.ID)
		if err != nil || stored.State != domain.RunStopped || time.Since(began) > time.Second {
			t.Errorf("after %v: %+v, %v", time.Since(began), stored, err)
		}
		if stored.Counts[domain.ItemIntent] != 4 {
			t.Errorf("%d calls under way, not 4", stored.Counts[domain.ItemIntent])
		}
		r = d.wait(r.ID)
		if r.Counts[domain.ItemDone] != 4 || r.Counts[domain.ItemPlanned] != 8 {
			t.Errorf("the calls under way were not recorded: %v", r.Counts)
		}
	})
}

// TestCloseAndRecover ends the program in the middle, kindly and with calls that hang.
func TestCloseAndRecover(t *testing.T) {
	for name, latency := range map[string]time.Duration{"calls end": 500 * time.Millisecond, "calls hang": time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, newWorld())
				d.latency = latency
				d.open()
				r := d.confirm(d.plan("user.suspend", d.staff(20), nil))
				time.Sleep(latency + latency/2)
				began := time.Now()
				d.engine.Close()
				if took := time.Since(began); took > 2100*time.Millisecond {
					t.Errorf("closing took %v", took)
				}
				stored, err := d.store.Records.Run(context.Background(), r.ID)
				if err != nil || stored.State != domain.RunRunning || stored.Counts[domain.ItemIntent] > 4 {
					t.Fatalf("%+v, %v", stored, err)
				}
				if (latency > time.Second) != (stored.Counts[domain.ItemIntent] == 4) {
					t.Errorf("%d in intent", stored.Counts[domain.ItemIntent])
				}
				if err := d.store.Close(); err != nil {
					t.Fatal(err)
				}
				d.latency = 50 * time.Millisecond
				d.open()
				defer d.close()
				if err := d.engine.Recover(context.Background()); err != nil {
					t.Fatal(err)
				}
				r = d.wait(r.ID)
				d.check(r)
				if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 20 {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}

// TestRecoverLeavesRunsAtRest settles the open calls of paused and stopped runs, and starts nothing.
func TestRecoverLeavesRunsAtRest(t *testing.T) {
	for _, state := range []domain.RunState{domain.RunPaused, domain.RunStopped} {
		t.Run(string(state), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, newWorld())
				d.latency = time.Minute
				d.open()
				r := d.confirm(d.plan("user.suspend", d.staff(20), nil))
				time.Sleep(90 * time.Second)
				halt := d.engine.Pause
				if state == domain.RunStopped {
					halt = d.engine.Stop
				}
				if err := halt(context.Background(), r.ID); err != nil {
					t.Fatal(err)
				}
				d.close()
				d.latency = time.Millisecond
				d.open()
				defer d.close()
				if err := d.engine.Recover(context.Background()); err != nil {
					t.Fatal(err)
				}
				r = d.wait(r.ID)
				d.check(r)
				if r.State != state || r.Counts[domain.ItemIntent] != 0 || r.Counts[domain.ItemPlanned] < 16 {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}

// TestDiskFull lets every write fail for a while: nothing is started meanwhile, nothing is lost, and the run goes on by
// itself.
func TestDiskFull(t *testing.T) {
	// Results that come at the same moment are written together, so there are fewer writes than people: enough of them
	// for each case.
	const people = 60
	for from := range 10 {
		t.Run(fmt.Sprint("write ", from), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, newWorld())
				disk := &fullDisk{desk: d, from: from, until: from + 3}
				d.opts = func(o *bulk.Options) { disk.Store = o.Store; o.Store = disk }
				d.open()
				defer d.close()
				r := d.finishRun(d.confirm(d.plan("user.suspend", d.staff(people), nil)))
				if r.State != domain.RunDone || r.Counts[domain.ItemDone] != people || len(d.calls) != people {
					t.Errorf("%+v after %d calls", r, len(d.calls))
				}
				if disk.written < from+3 {
					t.Errorf("only %d writes", disk.written)
				}
				told := false
				for _, p := range d.published {
					told = told || p.State == domain.RunPaused && p.PauseReason != ""
				}
				if !told {
					t.Error("the operator was not told")
				}
			})
		})
	}
}

// fullDisk refuses the writes from a number on to another; a refused commit may have reached the disk all the same.
type fullDisk struct {
	bulk.Store
	desk                 *desk
	from, until, written int
}

var errFull = errors.New("no space left on device")

func (f *fullDisk) full() bool {
	f.written++
	return f.written > f.from && f.written <= f.until
}

func (f *fullDisk) WriteItems(ctx context.Context, runID string, items []domain.Item) (map[domain.ItemState]int, error) {
	if f.full() {
		if f.written%2 == 0 { // the commit went through, but its answer was lost
			_, _ = f.Store.WriteItems(ctx, runID, items)
		}
		return nil, errFull
	}
	return f.Store.WriteItems(ctx, runID, items)
}

func (f *fullDisk) SetRunState(ctx context.Context, runID string, state domain.RunState, reason string, finished time.Time) error {
	if f.full() {
		return errFull
	}
	return f.Store.SetRunState(ctx, runID, state, reason, finished)
}

func TestProgressIsThrottledAndComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.latency = 5 * time.Millisecond
		d.open()
		defer d.close()
		began := time.Now()
		r := d.wait(d.confirm(d.plan("user.suspend", d.staff(300), nil)).ID)
		most := int(time.Since(began)/(100*time.Millisecond)) + 3
		if len(d.published) > most || len(d.published) < 4 {
			t.Errorf("%d events in %v", len(d.published), time.Since(began))
		}
		for _, p := range d.published {
			sum := 0
			for _, n := range p.Counts {
				sum += n
			}
			if sum != p.Total {
				t.Errorf("an event counts %v of %d", p.Counts, p.Total)
			}
		}
		last := d.published[len(d.published)-1]
		if last.State != domain.RunDone || last.Counts[domain.ItemDone] != 300 || r.Counts[domain.ItemDone] != 300 {
			t.Errorf("the last event: %+v", last)
		}
		if len(d.refreshed) != 300 {
			t.Errorf("%d refreshed", len(d.refreshed))
		}
	})
}

// TestTwoSourcesRunAtOnce runs at two sources, and refuses a second run at one.
func TestSeveralRunsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		users := d.staff(20)
		first := d.confirm(d.plan("user.suspend", users[:10], nil))
		other, err := d.engine.Plan(context.Background(), bulk.Request{SourceID: "source-2", Action: "user.suspend", Users: users[10:]})
		if err != nil {
			t.Fatal(err)
		}
		second := d.confirm(other)
		if d.wait(first.ID).Counts[domain.ItemDone] != 10 || d.wait(second.ID).Counts[domain.ItemDone] != 10 {
			t.Error("not both runs were done")
		}
	})
}

func TestRetryPlansOnlyWhatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		d.fault = func(c call) fault {
			if c.account == "acc-00003" || c.account == "acc-00007" {
				return seats
			}
			return fine
		}
		r := d.wait(d.confirm(d.plan("user.suspend", d.staff(10), nil)).ID)
		if r.Counts[domain.ItemRefused] != 2 {
			t.Fatalf("%v", r.Counts)
		}
		d.fault = nil
		p, err := d.engine.PlanRetry(context.Background(), r.ID)
		if err != nil || p.Counts[domain.VerdictChange] != 2 || p.People != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		if again := d.wait(d.confirm(p).ID); again.Counts[domain.ItemDone] != 2 {
			t.Errorf("%v", again.Counts)
		}
	})
}

// TestPlansGoByTheRecord makes plans right after a run whose people could not be read again. The local copy still shows
// them as before it.
func TestPlansGoByTheRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.opts = func(o *bulk.Options) {
			o.Refresh = func(context.Context, string, []string) error { return errors.New("the disk is full") }
		}
		d.open()
		defer d.close()
		users := d.staff(6)
		d.fault = func(c call) fault {
			switch c.account {
			case "acc-00001":
				return refused
			case "acc-00002":
				return falseSuccess
			}
			return fine
		}
		r := d.over(d.confirm(d.plan("user.suspend", users, nil)).ID)
		if r.Counts[domain.ItemDone] != 4 || r.Counts[domain.ItemUnknown] != 1 || r.Counts[domain.ItemRefused] != 1 {
			t.Fatalf("%v", r.Counts)
		}
		d.fault = nil

		// By hand as well as by an undo: who was suspended is not called active already, and of whom nobody knows
		// neither.
		byHand := d.plan("user.restore", users, nil)
		if byHand.Counts[domain.VerdictChange] != 5 || byHand.Counts[domain.VerdictAlready] != 1 || !hasRule(byHand, "recorded") {
			t.Errorf("by hand: %v %+v", byHand.Counts, byHand.Findings)
		}
		again := d.plan("user.suspend", users, nil)
		if again.Counts[domain.VerdictChange] != 2 || again.Counts[domain.VerdictAlready] != 4 {
			t.Errorf("once more: %v", again.Counts)
		}
		retry, err := d.engine.PlanRetry(t.Context(), r.ID)
		if err != nil || retry.Counts[domain.VerdictChange] != 2 {
			t.Errorf("second try: %v, %v", retry.Counts, err)
		}
		undo, err := d.engine.PlanUndo(t.Context(), r.ID)
		if err != nil || undo.Counts[domain.VerdictChange] != 4 {
			t.Fatalf("undo: %v, %v", undo.Counts, err)
		}

		// A reading that began before the change says nothing, and one after it says more than the record.
		read := users[0]
		read.ReadAt = r.FinishedAt.Add(-time.Hour)
		d.local[read.AccountID] = read
		if p := d.plan("user.restore", []domain.User{read}, nil); p.Counts[domain.VerdictChange] != 1 {
			t.Errorf("an older reading counts: %v", p.Counts)
		}
		read.ReadAt = r.FinishedAt.Add(time.Hour)
		d.local[read.AccountID] = read
		if p := d.plan("user.restore", []domain.User{read}, nil); p.Counts[domain.VerdictAlready] != 1 {
			t.Errorf("a newer reading does not count: %v", p.Counts)
		}
		u := d.over(d.confirm(undo).ID)
		if u.Counts[domain.ItemDone] != 4 {
			t.Errorf("undo: %v", u.Counts)
		}
		// Now the undo's record is the newer one.
		if p := d.plan("user.suspend", users, nil); p.Counts[domain.VerdictChange] != 6 {
			t.Errorf("after the undo: %v", p.Counts)
		}
	})
}

func hasRule(p domain.Plan, rule string) bool {
	return slices.ContainsFunc(p.Findings, func(f domain.GuardFinding) bool { return f.Rule == rule })
}

// over lets a run end, with whatever pauses.
func (d *desk) over(id string) domain.Run {
	d.t.Helper()
	for range 10 {
		r := d.wait(id)
		if r.State != domain.RunPaused {
			return r
		}
		if err := d.engine.Resume(context.Background(), id, domain.Secret{}); err != nil {
			d.t.Fatal(err)
		}
	}
	d.t.Fatal("the run never ends")
	return domain.Run{}
}

// TestUndoLeavesWhoChangedSince undoes a run after others have acted on its people.
func TestUndoLeavesWhoChangedSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		groups := map[string]string{"groups": "g1,g2"}
		r := d.wait(d.confirm(d.plan("group.add_member", d.staff(4), groups)).ID)
		if r.Counts[domain.ItemDone] != 4 || r.Counts[domain.ItemAlready] != 4 {
			t.Fatalf("%v", r.Counts)
		}
		// Somebody has taken the first out already, and the second is gone.
		d.onCall = nil
		if _, err := d.RemoveMember(context.Background(), "d1", "g1", "acc-00000"); err != nil {
			t.Fatal(err)
		}
		d.people["acc-00001"].user.RemovedAt = time.Now()
		delete(d.local, "acc-00002")
		d.calls = nil
		p, err := d.engine.PlanUndo(context.Background(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if p.Counts[domain.VerdictChange] != 3 || p.Counts[domain.VerdictUnsupported] != 1 || bulk.Sentence(p, "Acme") != "Remove 3 people from the group jira-users in Acme." {
			t.Fatalf("%v %s", p.Counts, bulk.Sentence(p, "Acme"))
		}
		u := d.wait(d.confirm(p).ID)
		if u.Counts[domain.ItemDone] != 1 || u.Counts[domain.ItemAlready] != 1 || u.Counts[domain.ItemSkipped] != 2 {
			t.Errorf("%v", u.Counts)
		}
		for _, c := range d.calls {
			if c.target != "g:g1" {
				t.Errorf("the undo touched %s, where nobody was added", c.target)
			}
		}
	})
}

// TestRateLimitIsRespected lets Atlassian put off one call: nothing is sent until the time that it asked for is over,
// then at once.
func TestRateLimitIsRespected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		n := 0
		var closed time.Time
		d.fault = func(c call) fault {
			if n++; n == 6 {
				closed = c.at.Add(d.latency)
				return throttled
			}
			return fine
		}
		r := d.wait(d.confirm(d.plan("user.suspend", d.staff(20), nil)).ID)
		d.check(r)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 20 || len(d.calls) != 21 {
			t.Errorf("%s %v after %d calls", r.State, r.Counts, len(d.calls))
		}
		next := time.Time{}
		for _, c := range d.calls {
			if c.at.After(closed) && (next.IsZero() || c.at.Before(next)) {
				next = c.at
			}
		}
		if wait := next.Sub(closed); wait < 7*time.Second || wait > 8*time.Second {
			t.Errorf("the next call came after %v, not after the 7 s that were asked for", wait)
		}
	})
}

// TestLongRateLimitPauses does not sit through an hour.
func TestLongRateLimitPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		d.fault = func(call) fault { return longThrottle }
		r := d.wait(d.confirm(d.plan("user.suspend", d.staff(20), nil)).ID)
		d.check(r)
		if r.State != domain.RunPaused || r.Counts[domain.ItemPlanned] != 20 || len(d.calls) > 4 {
			t.Errorf("%s %v after %d calls: %s", r.State, r.Counts, len(d.calls), r.PauseReason)
		}
	})
}

// calledOff is a store whose caller gives up in the moment in which something became true.
type calledOff struct {
	*records.Store

	giveUp context.CancelFunc
}

func (c calledOff) StartRun(ctx context.Context, r domain.Run, hash string, now time.Time) error {
	defer c.giveUp()
	return c.Store.StartRun(ctx, r, hash, now)
}

func (c calledOff) SetRunState(ctx context.Context, id string, s domain.RunState, reason string, finished time.Time) error {
	defer c.giveUp()
	return c.Store.SetRunState(ctx, id, s, reason, finished)
}

// TestGivenUpTooLate confirms and resumes with a context that ends when the run is on disk: a run that is running has a
// loop.
func TestGivenUpTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		ctx, cancel := context.WithCancel(t.Context())
		giveUp := func() { cancel() }
		d.opts = func(o *bulk.Options) { o.Store = calledOff{d.store.Records, func() { giveUp() }} }
		d.open()
		defer d.close()
		p := d.plan("user.suspend", d.staff(20), nil)
		r, err := d.engine.Confirm(ctx, p.ID, p.Hash, "20", domain.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		giveUp = func() {}
		time.Sleep(200 * time.Millisecond)
		if err := d.engine.Pause(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		d.wait(r.ID)
		ctx, cancel = context.WithCancel(t.Context())
		giveUp = func() { cancel() }
		if err := d.engine.Resume(ctx, r.ID, domain.Secret{}); err != nil {
			t.Fatal(err)
		}
		if r = d.wait(r.ID); r.State != domain.RunDone || r.Counts[domain.ItemDone] != 20 {
			t.Errorf("%s %v", r.State, r.Counts)
		}
	})
}
