package bulk

import (
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
)

const (
	maxReadBacks = 4                // read-backs under way; each reads up to ten people
	markEvery    = 10 * time.Second // how often it is noted on disk how far reading back has come
)

// readBack is the outcome of reading some items back.
type readBack struct {
	from  time.Time     // end of the oldest item
	items []domain.Item // what was to be read
	false []domain.Item // answered with success, but not so after all
	err   error         // reading failed
}

// toReadBack tells whether an item is done by no more than its answer. It is read back, and only then into the local
// copy: a copy that was made earlier might show the state before.
func toReadBack(it domain.Item) bool {
	return it.State == domain.ItemDone && it.Evidence == domain.ByAnswer
}

// confirmDone reads people back whose change was answered with success. Nearly always one read, shared by ten people,
// shows the change at once. Where it does not, the item is read again until Atlassian had its time; two equal reads
// that show the old state mean that the answer was not true. Such an item becomes unknown and the run pauses: what is
// true for one may be true for all.
func (r *runner) confirmDone() {
	if r.halted && !r.hold.IsZero() {
		r.leaveUnconfirmed()
	}
	if r.broken || r.closed || !r.hold.IsZero() {
		return
	}
	idle := r.calls == 0 && !r.fetching && (r.halted || !r.more() || r.waits && len(r.ready)+len(r.again) == 0)
	for len(r.readBacks) < maxReadBacks && len(r.unconfirmed) > 0 {
		items, rest := firstPeople(r.unconfirmed)
		if len(rest) == 0 && !idle {
			return
		}
		r.unconfirmed = rest
		from := oldest(items, items[0].FinishedAt)
		r.readBacks = append(r.readBacks, from)
		go r.readBackTask(readBack{from: from, items: items})
	}
}

// readBackTask reads some items back; it always answers.
func (r *runner) readBackTask(b readBack) {
	defer func() {
		if p := recover(); p != nil {
			b.err = domain.Errorf(domain.Internal, "Something went wrong inside Seatkeeper while changes were read back.")
			r.log.Error("a read-back panicked", "panic", fmt.Sprint(p))
		}
		r.confirmed <- b
	}()
	unchanged := map[int]int{} // seq -> reads in a row, made late enough, that showed the old state
	for items := b.items; ; {
		found, err := r.read(r.ctx, items)
		if err != nil {
			b.err = err
			return
		}
		var open []domain.Item
		for _, it := range items {
			if r.stateOf(found[it.Change.Target.Key()], it.Change) != it.Change.Expect {
				continue // as wanted, or changed once more by somebody else
			}
			if time.Since(it.FinishedAt) >= r.of(it.Change).Visible {
				unchanged[it.Change.Seq]++
			}
			if unchanged[it.Change.Seq] >= 2 {
				b.false = append(b.false, it)
				continue
			}
			open = append(open, it)
		}
		if items = open; len(items) == 0 {
			return
		}
		if b.err = sleep(r.ctx, readGap); b.err != nil {
			return
		}
	}
}

// disproved takes in what a read-back found.
func (r *runner) disproved(b readBack) {
	r.readBacks = slices.Delete(r.readBacks, slices.Index(r.readBacks, b.from), slices.Index(r.readBacks, b.from)+1)
	if b.err != nil {
		r.unconfirmed = append(b.items, r.unconfirmed...)
		if r.halted {
			r.leaveUnconfirmed()
		}
		r.readFailed(b.err)
		return
	}
	wrong := map[int]bool{}
	for _, it := range b.false {
		wrong[it.Change.Seq] = true
		r.finish(it, domain.ItemUnknown, domain.ByRead, fmt.Sprintf("Atlassian answered that it was done, but two readings still showed %s.", quoted(it.Change.Expect)))
	}
	for _, it := range b.items {
		if !wrong[it.Change.Seq] {
			r.refresh.add(r, it)
		}
	}
	if len(b.false) > 0 {
		_ = r.halt(domain.RunPaused, fmt.Sprintf("Atlassian answered that %s done, but reading shows otherwise. Look at Atlassian's own screens before you go on.",
			domain.Plural(len(b.false), "change was", "changes were")))
	}
	if time.Since(r.marked) >= markEvery {
		r.mark()
	}
}

// leaveUnconfirmed ends reading back in a run that is at rest and cannot read: what is open is on disk, and Resume
// takes it up again.
func (r *runner) leaveUnconfirmed() {
	if len(r.unconfirmed) > 0 {
		if r.left.IsZero() {
			r.left = r.unconfirmed[0].FinishedAt
		}
		r.left = oldest(r.unconfirmed, r.left)
	}
	for _, it := range r.unconfirmed {
		r.refresh.add(r, it) // it stays open all the same
	}
	r.unconfirmed = nil
}

// mark notes on disk how far items were read back and stand in the local copy.
func (r *runner) mark() {
	r.marked = time.Now()
	upTo := now()
	if !r.ended.IsZero() { // all that ended is in, also within this millisecond; another runner of the same run may have begun since
		upTo = r.ended.Add(time.Millisecond)
	}
	upTo = r.refresh.since(upTo)
	for _, from := range r.readBacks {
		upTo = earlier(upTo, from)
	}
	upTo = oldest(r.unconfirmed, upTo)
	if !r.left.IsZero() {
		upTo = earlier(upTo, r.left)
	}
	if err := r.e.o.Store.MarkRefreshed(r.disk, r.run.ID, upTo); err != nil {
		r.log.Warn("how far the run was read back cannot be recorded", "error", err)
	}
	r.e.mu.Lock()
	defer r.e.mu.Unlock()
	r.e.marked[r.sourceID] = time.Now()
}

// oldest is the earliest end of the items and t. Items do not stand in the order of their ends: failed read-backs come
// back in any order.
func oldest(items []domain.Item, t time.Time) time.Time {
	for _, it := range items {
		t = earlier(t, it.FinishedAt)
	}
	return t
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// takeUp takes up what an earlier process, or this run before its pause, had not read back or refreshed.
func (r *runner) takeUp() error {
	items, err := r.e.o.Store.Unrefreshed(r.ctx, r.run.ID)
	if err != nil {
		return fmt.Errorf("look for what was not read back: %w", err)
	}
	for _, it := range items {
		if toReadBack(it) {
			r.unconfirmed = append(r.unconfirmed, it)
		} else {
			r.refresh.add(r, it)
		}
	}
	return nil
}
