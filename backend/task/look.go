package task

import (
	"context"
	"errors"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

const (
	every  = 30 * time.Second
	gap    = 2 * time.Minute // between two looks: the computer slept, or the clock was changed
	settle = time.Minute     // after a start or a gap nothing is begun: network and keyring must come up first
	// ahead is by how much a clock must have been ahead for what it has begun to come again.
	ahead = 24 * time.Hour
)

// clock is what the one who looks remembers.
type clock struct {
	looked            time.Time         // when it last looked
	from              time.Time         // nothing is begun before
	awaySince, awayTo time.Time         // between two looks that were far apart
	held              map[string]string // why a task could not begin at the last look, by id
	noted             map[string]string // up to which occurrence what a task has missed was recorded, by id
}

// look begins what is due at the moment now, one after the other, and waits for it.
func (s *Service) look(ctx context.Context, now time.Time) error {
	if since := now.Sub(s.looked); since < 0 || since > gap {
		s.from = now.Add(settle)
		s.awaySince, s.awayTo = s.looked, now
	}
	s.looked = now
	elsewhere, err := s.settleOpen(ctx, now)
	if err != nil {
		return err
	}
	list, err := s.o.World.Sources(ctx)
	if err != nil {
		return fmt.Errorf("list the sources: %w", err)
	}
	sources := map[string]domain.Source{"": {}} // that of a task without one
	for _, src := range list {
		sources[src.ID] = src
	}
	tasks, err := s.o.Store.Tasks(ctx)
	if err != nil {
		return fmt.Errorf("list the tasks: %w", err)
	}
	var next time.Time
	var failures []error
	for _, t := range tasks {
		kind, known := Kinds.Get(t.Kind)
		src, there := sources[t.SourceID]
		if !known || !there || !t.Active {
			continue
		}
		if src.Paused {
			s.held[t.ID] = domain.MissedPaused // what is missed meanwhile is caught up once, when it goes on
			continue
		}
		began := time.Now()
		after, err := s.visit(ctx, kind, t, now, elsewhere[t.ID])
		if ctx.Err() != nil {
			return err
		}
		if domain.CodeOf(err) == domain.NotFound {
			continue // it was removed with its source meanwhile
		}
		if err != nil {
			failures = append(failures, err)
			after = t
		}
		now = now.Add(time.Since(began))
		s.looked = now // a long run is no gap
		if up := after.Upcoming(); !up.IsZero() && (next.IsZero() || up.Before(next)) {
			next = up
		}
	}
	s.tell(next)
	return errors.Join(failures...)
}

// visit brings a task up to date and begins what is due of it.
func (s *Service) visit(ctx context.Context, kind Kind, t domain.Task, now time.Time, elsewhere bool) (domain.Task, error) {
	t, err := s.refresh(ctx, t, now)
	if err != nil {
		return t, err
	}
	waiting := pending(t, now)
	if n := len(waiting) - 1; n > 0 && s.noted[t.ID] != waiting[n].Key {
		// Of several that wait the newest is made up for; the others are missed from now on, and why is known only now.
		if err := s.miss(ctx, t, waiting[:n], func(o Occurrence) string { return s.why(t, o) }); err != nil {
			return t, err
		}
		s.noted[t.ID] = waiting[n].Key
	}
	if now.Before(s.from) {
		return t, nil
	}
	begin, is, err := s.choose(ctx, kind, t, waiting, now)
	if err != nil || !is {
		return t, err
	}
	reason := ""
	if elsewhere {
		reason = domain.MissedBusy
	} else if kind.Held != nil {
		if reason, err = kind.Held(ctx, s.o.World, t); err != nil {
			return t, fmt.Errorf("see whether a task can begin: %w", err)
		}
	}
	if reason != "" {
		s.held[t.ID] = reason
		return t, nil
	}
	delete(s.held, t.ID)
	return begin()
}

// choose picks what a task begins now, if anything: what its schedule waits for, an attempt again, or something beside
// the schedule.
func (s *Service) choose(
	ctx context.Context, kind Kind, t domain.Task, waiting []Occurrence, now time.Time,
) (begin func() (domain.Task, error), is bool, err error) {
	switch {
	case len(waiting) > 0:
		return func() (domain.Task, error) { return s.claim(ctx, kind, t, waiting[len(waiting)-1], now) }, true, nil
	case !t.RetryAt.IsZero() && !t.RetryAt.After(now):
		return func() (domain.Task, error) { return s.again(ctx, kind, t, now) }, true, nil
	case kind.Beside == nil:
		return nil, false, nil
	}
	o, is, err := kind.Beside(ctx, s.o.World, t, now)
	if err != nil {
		return nil, false, fmt.Errorf("look beside the schedule of a task: %w", err)
	}
	return func() (domain.Task, error) { return s.claimBeside(ctx, kind, t, o, now) }, is, nil
}

// refresh brings the due time up to date: the first one of a new task, an earlier one after the clock or the time zone
// has changed, and another one where the occurrence was begun before by a clock that was ahead.
func (s *Service) refresh(ctx context.Context, t domain.Task, now time.Time) (domain.Task, error) {
	if t.LastRun.Sub(now) > ahead {
		var err error
		if t, err = s.o.Store.ClockWasAhead(ctx, t.ID, now.Add(ahead)); err != nil {
			return t, fmt.Errorf("set the clock of a task back: %w", err)
		}
	}
	next := Next(t, now)
	if (!t.NextDue.IsZero() || next.IsZero()) && !t.NextDue.After(next) && (!due(t, now) || len(pending(t, now)) > 0) {
		return t, nil
	}
	judged := t.NextDue
	t, err := s.o.Store.ChangeTask(ctx, t.ID, func(t *domain.Task) {
		if t.NextDue.Equal(judged) {
			t.NextDue = Next(*t, now)
		}
	})
	if err != nil {
		return t, fmt.Errorf("keep when a task is due: %w", err)
	}
	return t, nil
}

// why tells why an occurrence passed without being begun.
func (s *Service) why(t domain.Task, o Occurrence) string {
	switch reason := s.held[t.ID]; {
	case o.Due.After(s.awaySince) && !o.Due.After(s.awayTo):
		return domain.MissedAway
	case reason != "":
		return reason
	default:
		return domain.MissedBusy // with another task
	}
}

// miss records occurrences that are not begun any more.
func (s *Service) miss(ctx context.Context, t domain.Task, missed []Occurrence, why func(Occurrence) string) error {
	runs := make([]domain.TaskRun, len(missed))
	for i, o := range missed {
		runs[i] = domain.TaskRun{TaskID: t.ID, Occurrence: o.Key, DueAt: o.Due, Outcome: domain.TaskMissed, Reason: why(o)}
	}
	if err := s.o.Store.MissTaskRuns(ctx, t.ID, runs); err != nil {
		return fmt.Errorf("record what a task has missed: %w", err)
	}
	if len(runs) > 0 {
		s.o.Log.Info("missed", "task", t.ID, "occurrences", len(runs), "last", runs[len(runs)-1].Occurrence, "reason", runs[len(runs)-1].Reason)
		s.publish(t)
	}
	return nil
}
