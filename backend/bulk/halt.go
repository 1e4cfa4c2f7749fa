package bulk

import (
	"fmt"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

// obey carries out an operator's command.
func (r *runner) obey(c command) error {
	switch {
	case r.closed:
		return domain.Errorf(domain.Cancelled, "Seatkeeper is closing.")
	case !r.run.Active():
		return domain.Errorf(domain.Conflict, "The run is over.")
	case c.state == r.run.State && !r.broken:
		return domain.Errorf(domain.Conflict, "The run is %s already.", r.run.State)
	case c.state == domain.RunRunning && r.broken:
		r.retry = time.Time{} // the loop goes on with what it holds
		if c.unlocked != nil {
			c.unlocked.Close()
		}
		return nil
	case c.state != domain.RunRunning:
		r.restart = false
		return r.halt(c.state, c.reason)
	}
	// Resumed while the last calls are still under way: these end first, then a new loop begins from what is on disk.
	if err := r.e.o.Store.SetRunState(r.disk, r.run.ID, domain.RunRunning, "", time.Time{}); err != nil {
		return fmt.Errorf("resume the run: %w", err)
	}
	r.run.State, r.run.PauseReason, r.restart = domain.RunRunning, "", true
	r.relock(c.unlocked)
	r.publish(true)
	return nil
}

// relock puts what was unlocked for a resumed run aside until the loop that uses it begins.
func (r *runner) relock(u *source.Unlocked) {
	if u != nil {
		r.next.lock()
		r.next.take(u)
	}
}

// halt keeps further items from starting and puts the state on disk at once, so that it also holds after a crash.
func (r *runner) halt(state domain.RunState, reason string) error {
	if r.closed || !r.run.Active() {
		return nil
	}
	r.halted = true
	r.stopFetch()
	var finished time.Time
	if state == domain.RunStopped {
		finished = now()
	}
	r.run.State, r.run.PauseReason, r.run.FinishedAt = state, reason, finished
	if err := r.e.o.Store.SetRunState(r.disk, r.run.ID, state, reason, finished); err != nil {
		r.diskFailed(err)
		return fmt.Errorf("record the run's state: %w", err)
	}
	r.publish(true)
	r.e.o.Bus.Publish(events.Event{Topic: events.RunsChanged, SourceID: r.sourceID})
	r.log.Info("run halted", "state", state, "reason", reason)
	return nil
}

// complete marks the run as done.
func (r *runner) complete() {
	finished := now()
	if err := r.e.o.Store.SetRunState(r.disk, r.run.ID, domain.RunDone, "", finished); err != nil {
		r.diskFailed(err)
		return
	}
	r.run.State, r.run.PauseReason, r.run.FinishedAt = domain.RunDone, "", finished
	r.halted = true
	r.publish(true)
	r.e.o.Bus.Publish(events.Event{Topic: events.RunsChanged, SourceID: r.sourceID})
	r.log.Info("run done", "total", r.run.Total, "done", r.run.Counts[domain.ItemDone], "refused", r.run.Counts[domain.ItemRefused], "unknown", r.run.Counts[domain.ItemUnknown])
}
