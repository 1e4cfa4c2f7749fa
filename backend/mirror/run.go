package mirror

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

// markWait is how long what was read waits for the look at the audit log before it is saved: the log's own limit may
// make that take a minute.
const markWait = 3 * time.Second

// run does one sync from opening the source to its end.
func (e *Engine) run(j *job) {
	stop := make(chan struct{})
	var told sync.WaitGroup
	told.Go(func() { j.tell(e.options.Bus, stop) })

	result, err := e.make(j)
	if err != nil {
		result = e.abort(j, err)
	}
	close(stop)
	told.Wait()
	j.update(func(s *domain.Sync) {
		result.Progress = s.Progress
		result.Progress.Waiting, result.Progress.Silent = 0, 0
		*s = result
	})
	e.mu.Lock()
	delete(e.jobs, j.sourceID)
	e.mu.Unlock()
	j.cancel()
	e.options.Bus.Publish(events.SyncEvent(result))
	e.options.Bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: j.sourceID})
	close(j.done)
}

// make makes the local copy what the source is now: by what has changed where that was asked for and can be told, else
// by reading everything.
func (e *Engine) make(j *job) (domain.Sync, error) {
	if j.snapshot().Kind == domain.SyncChanges {
		result, err := e.readChanges(j)
		var instead *insteadError
		if !errors.As(err, &instead) {
			return result, err
		}
		if err := e.options.Store.Explain(j.snapshot().ID, instead.why); err != nil {
			return result, fmt.Errorf("note why everything is read: %w", err)
		}
		j.update(func(s *domain.Sync) {
			s.Kind, s.Note, s.Progress = domain.SyncFull, instead.why, domain.ReadProgress{}
		})
	}
	return e.read(j)
}

// read reads everything and makes it the local copy.
func (e *Engine) read(j *job) (result domain.Sync, err error) {
	syncID := j.snapshot().ID
	freshness, err := e.options.Store.Freshness(j.ctx, j.sourceID)
	if err != nil {
		return result, fmt.Errorf("read the state of the local copy: %w", err)
	}
	w := newWriter(e, j, syncID, freshness.Revision == 0)
	place := make(chan domain.Place, 1)
	looking, giveUp := context.WithCancel(j.ctx)
	defer giveUp()
	dropPages := func(bool) {}
	defer func() { dropPages(err == nil || !resumable(err)) }()
	var totals domain.ReadTotals
	err = w.while(func() error {
		return e.guard("read", func() error {
			src, err := e.options.Open(j.ctx, j.sourceID)
			if err != nil {
				return fmt.Errorf("open the source: %w", err)
			}
			read, drop, err := e.readOn(j, src)
			if err != nil {
				return err
			}
			dropPages = drop
			go func() { place <- e.mark(looking, j, src) }()
			totals, err = read(j.ctx, w.add, func(p domain.ReadProgress) {
				j.update(func(s *domain.Sync) { s.Progress = p })
			})
			if err != nil {
				return fmt.Errorf("read the source: %w", err)
			}
			return nil
		})
	})
	if err != nil {
		return result, err
	}
	err = e.guard("save", func() error {
		people, groups, err := e.options.Store.StagedCounts(j.ctx, syncID)
		if err != nil {
			return fmt.Errorf("count what was delivered: %w", err)
		}
		late := time.AfterFunc(markWait, giveUp)
		defer late.Stop()
		if err := e.options.Store.Follow(syncID, <-place); err != nil {
			return fmt.Errorf("keep the place in the audit log: %w", err)
		}
		result, err = e.options.Store.CommitSync(j.ctx, syncID, shortfall(totals, people, groups))
		if err != nil {
			return fmt.Errorf("save the local copy: %w", err)
		}
		return e.look(j)
	})
	if err == nil {
		e.options.Log.Info("sync done", "source", j.sourceID, "sync", syncID, "people", result.People,
			"groups", result.Groups,
			"added", result.Added, "changed", result.Changed, "removed", result.Removed, "drift", result.Drift)
		if errAsk := e.guard("ask about missing people", func() error { return e.askAboutMissing(j) }); errAsk != nil {
			e.options.Log.Warn("people whom a sync has missed could not be asked about", "source", j.sourceID,
				"error", errAsk)
		}
	}
	return result, err
}

// look looks through the saved copy: a sync is not done while lists would fail in it, or be wrong. One that is stopped
// meanwhile is saved.
func (e *Engine) look(j *job) error {
	err := e.options.Store.CheckCopy(j.ctx)
	switch {
	case err == nil, j.ctx.Err() != nil:
		return nil //nolint:nilerr // it was stopped, and says nothing of the copy
	case domain.AsError(err).Reason == "damaged":
		return fmt.Errorf("look through the local copy: %w", err)
	default:
		e.options.Log.Warn("the local copy could not be looked through", "source", j.sourceID, "error", err)
		return nil
	}
}

// readFunc is a source's Read.
type readFunc func(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error)

// readOn gives the read of a source that keeps its pages and goes on from those of an earlier attempt, where the source
// can; close must be called at the end and deletes the pages if drop is set.
func (e *Engine) readOn(j *job, src source.Source) (read readFunc, done func(drop bool), err error) {
	reader, ok := src.(source.Resumer)
	if !ok || e.options.Pages == nil {
		return src.Read, func(bool) {}, nil
	}
	pages, err := e.options.Pages(j.ctx, j.snapshot().ID)
	if err != nil {
		return nil, nil, fmt.Errorf("open the pages of the sync: %w", err)
	}
	if started, resumed := pages.Resumed(); resumed {
		e.options.Log.Info("the sync goes on where an earlier one ended", "source", j.sourceID, "begun", started)
		j.update(func(s *domain.Sync) { s.Resumed, s.StartedAt = true, started })
	}
	read = func(
		ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
	) (domain.ReadTotals, error) {
		return reader.ReadOn(ctx, pages, emit, progress)
	}
	return read, func(drop bool) {
		if err := pages.Close(drop); err != nil {
			e.options.Log.Warn("the pages of a sync could not be put away", "source", j.sourceID, "error", err)
		}
	}, nil
}

// resumable tells whether what was received before an error can be trusted: it ended from outside, not by what was
// received.
func resumable(err error) bool {
	switch domain.CodeOf(err) {
	case domain.Cancelled, domain.Unreachable, domain.RateLimited, domain.Conflict:
		return true
	default:
		return false
	}
}

// mark gives the place from which the audit log is followed after this full sync: its beginning, unless the log cannot
// be read. When ctx ends before that is known the place is kept all the same: the next sync of changes reads the log
// itself, or everything.
func (e *Engine) mark(ctx context.Context, j *job, src source.Source) (p domain.Place) {
	reader, ok := src.(source.ChangeReader)
	if !ok {
		return p
	}
	begun := j.snapshot().StartedAt
	err := e.guard("look at the audit log", func() error {
		return reader.ReadEventsSince(ctx, time.Now(), func([]domain.Event) error { return nil })
	})
	if err != nil && ctx.Err() == nil {
		e.options.Log.Info("the audit log cannot be followed", "source", j.sourceID, "reason", err)
		return p
	}
	return domain.Place{At: begun.Add(time.Until(reader.Now()))} // by the clock of the events, were ours years ahead
}

// abort ends a sync that has no result and keeps why.
func (e *Engine) abort(j *job, err error) domain.Sync {
	result := j.snapshot()
	result.State, result.Error = domain.SyncFailed, domain.AsError(err)
	if j.ctx.Err() != nil {
		result.State = domain.SyncCancelled
		result.Error = &domain.Error{Code: domain.Cancelled,
			Message: "The sync was stopped. The local copy was left as it was.", Err: err}
		if e.ctx.Err() != nil {
			result.Error.Reason = "interrupted"
		}
	}
	e.options.Log.Warn("sync ended without a result", "source", j.sourceID, "sync", result.ID, "state", result.State,
		"error", err)
	// The store must hear of it even though the sync's context has ended.
	ctx := context.WithoutCancel(j.ctx)
	if errAbort := e.guard("abort", func() error {
		return e.options.Store.AbortSync(ctx, result.ID, result)
	}); errAbort != nil {
		e.options.Log.Error("could not note how a sync ended", "source", j.sourceID, "error", errAbort)
	}
	if last, errLast := e.options.Store.LastSync(ctx, j.sourceID); errLast == nil && last.ID == result.ID {
		result.FinishedAt = last.FinishedAt
	}
	return result
}

// guard turns a panic into an error, so that a defect in one sync ends this one and not the program.
func (e *Engine) guard(doing string, fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e.options.Log.Error("panic in a sync", "doing", doing, "panic", fmt.Sprint(p), "stack",
				string(debug.Stack()))
			err = &domain.Error{
				Code: domain.Internal, Reason: "panic", Message: "The sync met a defect of Seatkeeper and was stopped.",
				Hint: "The local copy was left as it was. Please report it; the log file has the details.",
				Err:  fmt.Errorf("panic: %v", p),
			}
		}
	}()
	return fn()
}

// shortfall compares the source's own counts with what it delivered.
func shortfall(totals domain.ReadTotals, people, groups int) domain.Shortfall {
	var short domain.Shortfall
	var parts []string
	if totals.People >= 0 && totals.People != people {
		parts = append(parts, fmt.Sprintf("%s people, but delivered %s", domain.Thousands(totals.People),
			domain.Thousands(people)))
		short.FewerPeople = people < totals.People
	}
	if totals.Groups >= 0 && totals.Groups != groups {
		parts = append(parts, fmt.Sprintf("%s groups, but delivered %s", domain.Thousands(totals.Groups),
			domain.Thousands(groups)))
		short.FewerGroups = groups < totals.Groups
	}
	if len(parts) > 0 {
		short.Sentence = "Atlassian counts " + strings.Join(parts, ", and ") + "."
	}
	if totals.Limited != "" {
		short.Sentence = strings.TrimSpace(short.Sentence + " " + totals.Limited)
		short.FewerPeople = true
	}
	if short.FewerPeople || short.FewerGroups {
		short.Sentence += " Nothing was taken for removed only because it is missing: it is shown as it was before."
	}
	short.Sentence = strings.TrimSpace(short.Sentence + " " + totals.Note)
	return short
}

// first gives the first error that is not merely the echo of another part's end.
func first(errs ...error) error {
	var echo error
	for _, err := range errs {
		switch {
		case err == nil:
		case errors.Is(err, context.Canceled):
			echo = err
		default:
			return err
		}
	}
	return echo
}
