package bulk

import (
	"context"
	"time"
)

// refreshEvery is after how many changed people the local copy is brought up to date while a run goes on.
const refreshEvery = 200

// refresher brings the local copy up to date with what a run changed. It belongs to the run's loop.
type refresher struct {
	waiting []string      // account ids
	oldest  time.Time     // of what is waiting
	reading time.Time     // oldest of the batch under way
	busy    chan struct{} // closed when the batch under way is read; nil before the first
}

// add notes a person; every so often the collected ones are read afresh in the background, one batch at a time.
func (f *refresher) add(r *runner, accountID string, ended time.Time) {
	if len(f.waiting) == 0 {
		f.oldest = ended
	}
	f.waiting = append(f.waiting, accountID)
	if len(f.waiting) < refreshEvery || r.e.o.Refresh == nil || f.underWay() {
		return
	}
	ids := f.waiting
	f.waiting, f.busy, f.reading = nil, make(chan struct{}), f.oldest
	go func(ctx context.Context, done chan struct{}) {
		defer close(done)
		f.read(ctx, r, ids)
	}(r.ctx, f.busy)
}

func (f *refresher) underWay() bool {
	if f.busy == nil {
		return false
	}
	select {
	case <-f.busy:
		return false
	default:
		return true
	}
}

// since is the end of the oldest item that the local copy may not show yet.
func (f *refresher) since(now time.Time) time.Time {
	switch {
	case f.underWay():
		return f.reading
	case len(f.waiting) > 0:
		return f.oldest
	}
	return now
}

// rest refreshes what is left. It is called when no call is under way.
func (f *refresher) rest(r *runner) {
	if r.e.o.Refresh == nil {
		return
	}
	if f.busy != nil {
		<-f.busy
	}
	if len(f.waiting) > 0 && f.read(r.ctx, r, f.waiting) {
		f.waiting = nil
	}
	r.mark()
}

// read refreshes some people. A failure costs nothing but freshness: the next sync brings it.
func (f *refresher) read(ctx context.Context, r *runner, ids []string) bool {
	if err := r.e.o.Refresh(ctx, r.sourceID, ids); err != nil {
		r.log.Warn("the local copy could not be refreshed after changes", "people", len(ids), "error", err)
		return false
	}
	return true
}
