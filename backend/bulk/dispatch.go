package bulk

import (
	"context"
	"maps"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// A chunk is read afresh at once: at most so many people, as UserReader takes them, out of at most so many items.
const (
	chunkPeople = 10
	chunkItems  = 100
)

// chunk is the answer to one fresh read.
type chunk struct {
	items  []domain.Item
	found  map[string]Reading // by the target's key
	last   int                // highest seq looked at, 0 for items that come again
	step   int                // of the items; a later one than the run is at says that nothing of that is left
	barred map[string]string  // for a later step: who is not taken further, and why
	end    bool
	at     time.Time
	err    error
}

// dispatch chooses the items that may start, commits their intent together with the outcomes that have come in, and
// only then hands the calls on. That order is the promise: a request that leaves this machine has its intent on disk.
func (r *runner) dispatch() {
	if r.broken && !r.closed && time.Now().Before(r.retry) {
		return
	}
	settling, sending := r.pick()
	writes := r.pending
	for i := range sending {
		sending[i].State, sending[i].IntentAt, sending[i].FinishedAt = domain.ItemIntent, now(), time.Time{}
		sending[i].Reason, sending[i].Evidence, sending[i].Receipt = "", "", nil
		sending[i].Attempts++
	}
	writes = append(slices.Clip(writes), sending...)
	if len(writes) > 0 || r.broken {
		if !r.record(writes) {
			r.again = append(r.again, unsent(sending)...)
			r.unsettled = append(r.unsettled, settling...)
			return
		}
	}
	for _, it := range settling {
		r.calls++
		r.settlers++
		r.busy[it.Change.Target.Key()] = true
		go r.settleTask(it)
	}
	for _, it := range sending {
		r.calls++
		r.busy[it.Change.Target.Key()] = true
		go r.sendTask(it)
	}
}

// pick takes what may start now: first what must be settled, then what is ready, never two calls about one person or
// group at once.
func (r *runner) pick() (settling, sending []domain.Item) {
	free := r.e.o.InFlight - r.calls
	if r.closed || r.broken {
		return nil, nil
	}
	for free > len(settling) && len(r.unsettled) > 0 {
		settling, r.unsettled = append(settling, r.unsettled[0]), r.unsettled[1:]
	}
	if r.halted || len(settling) > 0 || r.settling() || !r.hold.IsZero() {
		return settling, nil
	}
	later := r.ready[:0]
	chosen := map[string]bool{}
	for i, it := range r.ready {
		who := it.item.Change.Target.Key()
		switch {
		case len(sending) == free:
			later = append(later, r.ready[i:]...)
			r.ready = later
			return settling, sending
		case time.Since(it.read) > readyLife:
			r.again = append(r.again, it.item)
		case r.busy[who] || chosen[who]:
			later = append(later, it)
		default:
			chosen[who] = true
			sending = append(sending, it.item)
		}
	}
	r.ready = later
	return settling, sending
}

// settling tells whether items of an earlier process are still being settled: nothing else starts before that is over.
func (r *runner) settling() bool { return len(r.unsettled) > 0 || r.settlers > 0 }

// unsent undoes the marks of an intent that could not be recorded.
func unsent(items []domain.Item) []domain.Item {
	for i := range items {
		items[i].State, items[i].IntentAt = domain.ItemPlanned, time.Time{}
		items[i].Attempts--
	}
	return items
}

// record writes outcomes and intents and counts them. When the disk fails nothing is lost: what was learned stays in
// memory and is written as soon as the disk takes it, and until then nothing is started.
func (r *runner) record(writes []domain.Item) bool {
	counts, err := r.e.o.Store.WriteItems(r.disk, r.run.ID, writes)
	if err != nil {
		r.diskFailed(err)
		return false
	}
	r.pending, r.run.Counts = nil, counts
	if r.broken {
		r.diskWorks()
	}
	r.publish(false)
	return true
}

func (r *runner) diskFailed(err error) {
	r.broken = true
	r.retry = time.Now().Add(diskRetry)
	r.stopFetch()
	r.log.Error("the run's outcome could not be recorded", "error", err)
	shown := r.run
	shown.State, shown.PauseReason = domain.RunPaused, "The outcome cannot be recorded on this machine's disk: "+sentence(err)
	r.show(shown)
}

// diskWorks leaves a halted run halted and lets any other go on.
func (r *runner) diskWorks() {
	r.broken = false
	r.log.Info("the disk works again")
	if r.halted {
		state, reason := r.run.State, r.run.PauseReason
		if state == domain.RunRunning {
			return
		}
		if err := r.e.o.Store.SetRunState(r.disk, r.run.ID, state, reason, r.run.FinishedAt); err != nil && domain.CodeOf(err) != domain.Conflict {
			r.diskFailed(err)
			return
		}
	}
	r.publish(true)
}

// fetch reads the next people afresh, in the background, a little before they are needed.
func (r *runner) fetch() {
	if r.fetching || r.halted || r.broken || r.settling() || !r.hold.IsZero() || len(r.ready) > r.e.o.InFlight || r.exhausted && len(r.again) == 0 {
		return
	}
	if r.waits && len(r.again) == 0 && !r.stepOver() {
		return
	}
	r.fetching = true
	var ctx context.Context
	ctx, r.stopFetch = context.WithCancel(r.ctx)
	var items []domain.Item
	if len(r.again) > 0 {
		items, r.again = firstPeople(r.again)
	}
	go func(after, step int, next bool) {
		c := chunk{items: items, step: step}
		defer func() { r.chunks <- c }()
		if len(c.items) == 0 {
			var all []domain.Item
			if all, c.err = r.e.o.Store.PlannedItems(ctx, r.run.ID, after, chunkItems); c.err != nil {
				return
			}
			c.items, _ = firstPeople(all)
			if c.end = len(c.items) == 0; c.end {
				return
			}
			if c.err = r.oneStep(ctx, &c, next); c.err != nil || c.items == nil {
				return
			}
			c.last = c.items[len(c.items)-1].Change.Seq
		}
		c.found, c.err = r.read(ctx, c.items)
		c.at = time.Now()
	}(r.cursor, r.stepAt, r.waits)
}

// firstPeople cuts items after the tenth person or group.
func firstPeople(items []domain.Item) (first, rest []domain.Item) {
	people := map[string]bool{}
	for i, it := range items {
		people[it.Change.Target.Key()] = true
		if len(people) > chunkPeople {
			return items[:i:i], items[i:]
		}
	}
	return items, nil
}

// publish tells the window, at most ten times a second unless it must.
func (r *runner) publish(must bool) {
	if !must && time.Since(r.published) < eventEvery {
		r.unseen = true
		return
	}
	r.published, r.unseen = time.Now(), false
	r.show(r.run)
}

// show sends a copy that nobody else changes.
func (r *runner) show(run domain.Run) {
	run.Counts = maps.Clone(run.Counts)
	r.e.o.Bus.Publish(events.RunEvent(run))
}
