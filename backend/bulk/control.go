package bulk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// closeGrace is how long Close waits for calls under way before it gives them up. What is given up stays in intent and
// is settled by reading at the next start.
const closeGrace = 2 * time.Second

// pausedByOperator is the reason that a run shows after Pause.
const pausedByOperator = "Paused by you."

// Pause keeps a running run from starting further items; calls under way are finished and recorded. Conflict when it is
// not running.
func (e *Engine) Pause(ctx context.Context, runID string) error {
	return e.command(ctx, runID, command{state: domain.RunPaused, reason: pausedByOperator})
}

// Stop ends a run: what is not started never will be; calls under way are finished and recorded. Conflict when the run
// is over.
func (e *Engine) Stop(ctx context.Context, runID string) error {
	return e.command(ctx, runID, command{state: domain.RunStopped})
}

// Resume goes on with a paused run; items in intent are settled by reading first. Conflict when it is not paused or the
// source is busy. key is as in Confirm: one that is missing or not accepted leaves the run paused.
func (e *Engine) Resume(ctx context.Context, runID string, key domain.Secret) error {
	r, err := e.stored(ctx, runID)
	if err != nil {
		return err
	}
	c := command{state: domain.RunRunning}
	if action, ok := ActionOf(r.Action); ok && r.State == domain.RunPaused {
		src, err := e.o.Source(ctx, r.SourceID)
		if err != nil {
			return fmt.Errorf("resume the run: %w", err)
		}
		if c.unlocked, err = e.unlock(ctx, src, action, key); err != nil {
			return err
		}
	}
	err = e.command(ctx, runID, c)
	if err != nil && c.unlocked != nil {
		c.unlocked.Close()
	}
	return err
}

// command hands a command to the run's loop, or carries it out on disk where no loop runs.
func (e *Engine) command(ctx context.Context, runID string, c command) error {
	c.answer = make(chan error, 1)
	for {
		e.mu.Lock()
		r := e.runners[runID]
		if r == nil || r.over() {
			err := e.withoutLoop(ctx, runID, c)
			e.mu.Unlock()
			return err
		}
		e.mu.Unlock()
		select {
		case r.commands <- c:
			return <-c.answer
		case <-r.drained:
		case <-ctx.Done():
			return fmt.Errorf("reach the run: %w", ctx.Err())
		}
	}
}

// withoutLoop changes a run that is at rest. The caller holds the lock.
func (e *Engine) withoutLoop(ctx context.Context, runID string, c command) error {
	r, err := e.stored(ctx, runID)
	if err != nil {
		return err
	}
	if !r.Active() {
		return domain.Errorf(domain.Conflict, "The run is over.")
	}
	if c.state == domain.RunPaused && r.State == domain.RunPaused {
		return domain.Errorf(domain.Conflict, "The run is paused already.")
	}
	var action Action
	if c.state == domain.RunRunning {
		if err := e.free(r.SourceID); err != nil {
			return err
		}
		var ok bool
		if action, ok = ActionOf(r.Action); !ok {
			return domain.Errorf(domain.NotFound, "There is no action %s.", domain.Quote(r.Action))
		}
	}
	var finished time.Time
	if c.state == domain.RunStopped {
		finished = now()
	}
	if err := e.o.Store.SetRunState(ctx, runID, c.state, c.reason, finished); err != nil {
		return fmt.Errorf("change the run's state: %w", err)
	}
	if r, err = e.stored(context.WithoutCancel(ctx), runID); err != nil { // its state is on disk, whoever gives up now
		return err
	}
	if c.state == domain.RunRunning {
		e.launch(r, action, c.unlocked)
	}
	e.o.Bus.Publish(events.RunEvent(r))
	e.o.Bus.Publish(events.Event{Topic: events.RunsChanged, SourceID: r.SourceID})
	return nil
}

// Wait returns the run when this process has nothing left to do for it: it is done, stopped or paused, and the local
// copy is refreshed.
func (e *Engine) Wait(ctx context.Context, runID string) (domain.Run, error) {
	for {
		e.mu.Lock()
		r := e.runners[runID]
		e.mu.Unlock()
		if r == nil {
			return e.stored(ctx, runID)
		}
		select {
		case <-r.finished:
		case <-ctx.Done():
			return domain.Run{}, fmt.Errorf("wait for the run: %w", ctx.Err())
		}
	}
}

// Recover goes on with what an earlier process left: call it once at start, before the operator can act. Items in
// intent are settled by reading, then runs that were running go on; people whom a run changed are read again. It
// returns as soon as this is under way: the network may be slow or absent.
func (e *Engine) Recover(ctx context.Context) error {
	runs, err := e.o.Store.UnfinishedRuns(ctx)
	if err != nil {
		return fmt.Errorf("look for unfinished runs: %w", err)
	}
	e.takeUp(runs)
	return nil
}

// catchUp takes up what runs of a source could not read again when they ended, for example because the disk was full. A
// plan does not wait for it: meanwhile it goes by the runs' record.
func (e *Engine) catchUp(ctx context.Context, sourceID string) {
	runs, err := e.o.Store.UnfinishedRuns(ctx)
	if err != nil {
		e.o.Log.Warn("unfinished runs could not be looked up", "error", err)
		return
	}
	e.takeUp(slices.DeleteFunc(runs, func(r domain.Run) bool { return r.SourceID != sourceID || r.Active() }))
}

func (e *Engine) takeUp(runs []domain.Run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range runs {
		if e.runners[r.ID] != nil || e.closed {
			continue
		}
		action, ok := ActionOf(r.Action)
		if !ok {
			e.o.Log.Error("an unfinished run has an unknown action", "run", r.ID, "action", r.Action)
			continue
		}
		e.o.Log.Info("run taken up again", "run", r.ID, "state", r.State, "unsettled", r.Counts[domain.ItemIntent], "planned", r.Counts[domain.ItemPlanned])
		e.launch(r, action, nil) // a run that goes on unlocks its key by itself, or waits for it to be typed
	}
}

// Close stops all runs at an item border, at most about two seconds from now. On disk they stay running, so that
// Recover goes on.
func (e *Engine) Close() {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return
	}
	e.closed = true
	runners := make([]*runner, 0, len(e.runners))
	for _, r := range e.runners {
		runners = append(runners, r)
	}
	e.mu.Unlock()
	patience := time.NewTimer(closeGrace)
	defer patience.Stop()
	for _, r := range runners {
		close(r.closing)
	}
	for _, r := range runners {
		select {
		case <-r.finished:
		case <-patience.C:
			for _, other := range runners {
				other.cancel()
			}
			<-r.finished
			patience.Reset(0)
		}
	}
}
