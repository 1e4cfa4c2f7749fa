package bulk

import (
	"context"
	"errors"
	"time"

	"seatkeeper/backend/domain"
)

// refreshEvery is after how many changed people or groups the local copy is brought up to date while a run goes on.
const refreshEvery = 200

// refresher brings the local copy up to date with what a run changed. It belongs to the run's loop.
type refresher struct {
	waiting []domain.Change
	oldest  time.Time     // of what is waiting
	reading time.Time     // oldest of the batch under way
	busy    chan struct{} // closed when the batch under way is read; nil before the first
}

// add notes a person or group; every so often the collected ones are read afresh in the background, one batch at a time.
func (f *refresher) add(r *runner, c domain.Change, ended time.Time) {
	if len(f.waiting) == 0 {
		f.oldest = ended
	}
	f.waiting = append(f.waiting, c)
	if len(f.waiting) < refreshEvery || r.e.o.Refresh == nil || f.underWay() {
		return
	}
	changes := f.waiting
	f.waiting, f.busy, f.reading = nil, make(chan struct{}), f.oldest
	go func(ctx context.Context, done chan struct{}) {
		defer close(done)
		f.read(ctx, r, changes)
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

// read refreshes some people or groups. A failure costs nothing but freshness: the next sync brings it.
func (f *refresher) read(ctx context.Context, r *runner, changes []domain.Change) bool {
	var people []string
	var groups []domain.Target
	for _, c := range changes {
		if c.Target.AccountID != "" {
			people = append(people, c.Target.AccountID)
		} else {
			groups = append(groups, c.Target)
		}
	}
	var err error
	if len(people) > 0 {
		err = r.e.o.Refresh(ctx, r.sourceID, people)
	}
	if len(groups) > 0 && r.e.o.RefreshGroups != nil {
		err = errors.Join(err, r.e.o.RefreshGroups(ctx, r.sourceID, groups))
	}
	if err != nil {
		r.log.Warn("the local copy could not be refreshed after changes", "changes", len(changes), "error", err)
		return false
	}
	return true
}
