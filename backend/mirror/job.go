package mirror

import (
	"context"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// progressEvery bounds progress events to ten a second.
const progressEvery = 100 * time.Millisecond

// job is one running sync.
type job struct {
	sourceID string
	ctx      context.Context
	cancel   context.CancelFunc
	done     chan struct{} // closed when it has ended
	changed  chan struct{} // holds a value when there is something new to tell

	mu  sync.Mutex
	now domain.Sync
}

func newJob(ctx context.Context, sourceID string) *job {
	ctx, cancel := context.WithCancel(ctx)
	return &job{sourceID: sourceID, ctx: ctx, cancel: cancel, done: make(chan struct{}), changed: make(chan struct{}, 1)}
}

// update changes what is known about the sync and has it told.
func (j *job) update(fn func(*domain.Sync)) {
	j.mu.Lock()
	fn(&j.now)
	j.mu.Unlock()
	select {
	case j.changed <- struct{}{}:
	default: // will be told with the change before
	}
}

// snapshot gives what is known.
func (j *job) snapshot() domain.Sync {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.now
}

// tell publishes progress until stop is closed. Being the only one who does, it keeps the events in order; the last
// state is published by the sync's end, after tell has returned.
func (j *job) tell(bus *events.Bus, stop <-chan struct{}) {
	pause := time.NewTimer(progressEvery)
	defer pause.Stop()
	for {
		select {
		case <-stop:
			return
		case <-j.changed:
		}
		bus.Publish(events.SyncEvent(j.snapshot()))
		pause.Reset(progressEvery)
		select {
		case <-stop:
			return
		case <-pause.C:
		}
	}
}
