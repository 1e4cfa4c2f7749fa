package bulk

import (
	"context"
	"errors"
	"slices"
	"time"

	"seatkeeper/backend/domain"
)

// refreshEvery is after how many changed people or groups the local copy is brought up to date while a run goes on.
const refreshEvery = 200

// refresher brings the local copy up to date with what a run changed. It belongs to the run's loop.
type refresher struct {
	waiting []domain.Item
	reading []domain.Item // the batch under way; it waits again when reading fails
	busy    chan bool     // says how the batch under way ended; nil while none is
}

// add notes an item that came to an end and, if it was done, was read back; every so often the collected ones are read afresh in the
// background, one batch at a time.
func (f *refresher) add(r *runner, it domain.Item) {
	it.Receipt = nil // may be large, and is not needed
	f.waiting = append(f.waiting, it)
	if f.busy != nil {
		select {
		case ok := <-f.busy:
			f.ended(ok)
		default:
			return
		}
	}
	if len(f.waiting) < refreshEvery || r.e.o.Refresh == nil {
		return
	}
	f.reading, f.waiting, f.busy = f.waiting, nil, make(chan bool, 1)
	go func(ctx context.Context, items []domain.Item, busy chan<- bool) {
		ok := false
		defer func() { busy <- ok }()
		ok = f.read(ctx, r, items)
	}(r.ctx, f.reading, f.busy)
}

func (f *refresher) ended(ok bool) {
	if !ok {
		f.waiting = append(f.reading, f.waiting...)
	}
	f.reading, f.busy = nil, nil
}

// since is the end of the oldest item that the local copy may not show yet.
func (f *refresher) since(now time.Time) time.Time { return oldest(f.waiting, oldest(f.reading, now)) }

// rest refreshes what is left, in parts, so that a start after this goes on where it ended. It is called when no call is under way.
func (f *refresher) rest(r *runner) {
	if r.e.o.Refresh == nil {
		return
	}
	if f.busy != nil {
		f.ended(<-f.busy)
	}
	slices.SortStableFunc(f.waiting, func(a, b domain.Item) int { return a.FinishedAt.Compare(b.FinishedAt) })
	for len(f.waiting) > 0 && r.ctx.Err() == nil {
		n := min(refreshEvery, len(f.waiting))
		if !f.read(r.ctx, r, f.waiting[:n]) {
			break
		}
		f.waiting = f.waiting[n:]
		r.mark()
	}
	r.mark()
}

// read refreshes some people or groups. A failure costs nothing but freshness: plans go by the record until it is made up for.
func (f *refresher) read(ctx context.Context, r *runner, items []domain.Item) bool {
	var people []string
	var groups []domain.Target
	for _, it := range items {
		if t := it.Change.Target; t.AccountID != "" {
			people = append(people, t.AccountID)
		} else {
			groups = append(groups, t)
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
		r.log.Warn("the local copy could not be refreshed after changes", "changes", len(items), "error", err)
		return false
	}
	return true
}
