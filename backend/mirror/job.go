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

	silence domain.Silence

	mu  sync.Mutex
	now domain.Sync
}

func newJob(ctx context.Context, sourceID string) *job {
	ctx, cancel := context.WithCancel(ctx)
	j := &job{sourceID: sourceID, cancel: cancel, done: make(chan struct{}), changed: make(chan struct{}, 1)}
	j.ctx = domain.WithTalk(ctx, j.silence.Talk(nil))
	return j
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
	now := j.now
	if party, d := j.silence.For(); d >= domain.MaxSilence && now.State == domain.SyncRunning {
		now.Progress.Party, now.Progress.Silent = party, d.Truncate(time.Second)
	}
	return now
}

// tell publishes progress until stop is closed. Being the only one who does, it keeps the events in order; the last
// state is published by the sync's end, after tell has returned.
func (j *job) tell(bus *events.Bus, stop <-chan struct{}) {
	pause := time.NewTimer(progressEvery)
	defer pause.Stop()
	silence := time.NewTicker(time.Second) // nothing changes while a server is silent, but how long it is
	defer silence.Stop()
	for silent := false; ; {
		select {
		case <-stop:
			return
		case <-j.changed:
		case <-silence.C:
			if _, d := j.silence.For(); d < domain.MaxSilence && !silent {
				continue
			}
		}
		now := j.snapshot()
		silent = now.Progress.Silent > 0
		bus.Publish(events.SyncEvent(now))
		pause.Reset(progressEvery)
		select {
		case <-stop:
			return
		case <-pause.C:
		}
	}
}
