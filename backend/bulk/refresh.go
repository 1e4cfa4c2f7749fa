package bulk

import "context"

// refreshEvery is after how many changed people the local copy is brought up to date while a run goes on.
const refreshEvery = 200

// refresher brings the local copy up to date with what a run changed. It belongs to the run's loop.
type refresher struct {
	waiting []string      // account ids
	busy    chan struct{} // closed when the batch under way is read; nil before the first
}

// resume takes up the people that an earlier process changed and did not refresh.
func (f *refresher) resume(r *runner) {
	ids, err := r.e.o.Store.Unrefreshed(r.ctx, r.run.ID)
	if err != nil {
		r.log.Warn("people changed earlier cannot be looked up", "error", err)
		return
	}
	f.waiting = ids
}

// add notes a person; every so often the collected ones are read afresh in the background, one batch at a time.
func (f *refresher) add(r *runner, accountID string) {
	f.waiting = append(f.waiting, accountID)
	if len(f.waiting) < refreshEvery || r.e.o.Refresh == nil {
		return
	}
	if f.busy != nil {
		select {
		case <-f.busy:
		default:
			return
		}
	}
	ids := f.waiting
	f.waiting, f.busy = nil, make(chan struct{})
	go func(ctx context.Context, done chan struct{}) {
		defer close(done)
		f.read(ctx, r, ids)
	}(r.ctx, f.busy)
}

// rest refreshes what is left and marks the run as refreshed. It is called when no call is under way.
func (f *refresher) rest(r *runner) {
	if r.e.o.Refresh == nil {
		return
	}
	if f.busy != nil {
		<-f.busy
	}
	if len(f.waiting) > 0 && !f.read(r.ctx, r, f.waiting) {
		return
	}
	if err := r.e.o.Store.MarkRefreshed(r.disk, r.run.ID, now()); err != nil {
		r.log.Warn("the refresh cannot be recorded", "error", err)
	}
}

// read refreshes some people. A failure costs nothing but freshness: the next sync brings it.
func (f *refresher) read(ctx context.Context, r *runner, ids []string) bool {
	if err := r.e.o.Refresh(ctx, r.sourceID, ids); err != nil {
		r.log.Warn("the local copy could not be refreshed after changes", "people", len(ids), "error", err)
		return false
	}
	return true
}
