package task

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

const (
	retryAfter = 15 * time.Minute
	maxRetries = 3
	// lease is for how long a run goes on without its process saying so: it looks three times in that time.
	lease = 3 * every
)

// settleOpen ends the runs whose process has died. What may be done twice is begun again. It returns the tasks that are being run by
// another process.
func (s *Service) settleOpen(ctx context.Context, now time.Time) (map[string]bool, error) {
	open, err := s.o.Store.OpenTaskRuns(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for runs that are not finished: %w", err)
	}
	elsewhere := map[string]bool{}
	for _, r := range open {
		if now.Sub(r.SeenAt).Abs() <= lease {
			elsewhere[r.TaskID] = true
			continue
		}
		r.Outcome = domain.TaskInterrupted
		var ended domain.Task
		_, err := s.o.Store.EndTaskRun(ctx, r, func(t *domain.Task) {
			kind, _ := Kinds.Get(t.Kind)
			if kind.Repeatable && r.Part == "" && r.Occurrence == t.LastOccurrence && t.Schedule.Mode != domain.ScheduleOff && r.Attempts <= maxRetries {
				t.RetryAt = now
			}
			ended = *t
		})
		if err != nil {
			return nil, fmt.Errorf("end a run that was not finished: %w", err)
		}
		s.o.Log.Warn("a task was not finished", "task", r.TaskID, "occurrence", r.Occurrence, "again", !ended.RetryAt.IsZero())
		s.publish(ended)
	}
	return elsewhere, nil
}

// claim begins an occurrence of the schedule, unless somebody else did.
func (s *Service) claim(ctx context.Context, kind Kind, t domain.Task, o Occurrence, now time.Time) (domain.Task, error) {
	var own domain.Task
	r, won, err := s.o.Store.ClaimTaskRun(ctx, newRun(t, o, now), func(v *domain.Task) bool {
		if !v.Active || !v.NextDue.Equal(t.NextDue) {
			return false
		}
		v.LastRun, v.LastOccurrence, v.RetryAt, v.Retries = now, o.Key, time.Time{}, 0
		v.NextDue = Next(*v, now)
		own = *v
		return true
	})
	switch {
	case err != nil:
		return t, fmt.Errorf("begin a task: %w", err)
	case won:
		return s.run(ctx, kind, own, r, now)
	}
	// The occurrence was begun, or recorded as missed, before: now comes the next one.
	t, err = s.o.Store.ChangeTask(ctx, t.ID, func(v *domain.Task) {
		if v.NextDue.Equal(t.NextDue) {
			v.LastOccurrence, v.NextDue = o.Key, Next(*v, now)
		}
	})
	if err != nil {
		return t, fmt.Errorf("pass over an occurrence of a task: %w", err)
	}
	return t, nil
}

// again begins the last occurrence of the schedule again.
func (s *Service) again(ctx context.Context, kind Kind, t domain.Task, now time.Time) (domain.Task, error) {
	own := t
	r, won, err := s.o.Store.RepeatTaskRun(ctx, t.ID, t.LastOccurrence, now, func(v *domain.Task) bool {
		if !v.Active || !v.RetryAt.Equal(t.RetryAt) {
			return false
		}
		v.LastRun, v.RetryAt = now, time.Time{}
		v.NextDue = Next(*v, now)
		own = *v
		return true
	})
	if err != nil {
		return t, fmt.Errorf("begin a task again: %w", err)
	}
	if !won {
		return own, nil
	}
	return s.run(ctx, kind, own, r, now)
}

// claimBeside begins what is due beside the schedule, unless somebody else did.
func (s *Service) claimBeside(ctx context.Context, kind Kind, t domain.Task, o Occurrence, now time.Time) (domain.Task, error) {
	r, won, err := s.o.Store.ClaimTaskRun(ctx, newRun(t, o, now), func(v *domain.Task) bool { return v.Active })
	if err != nil {
		return t, fmt.Errorf("begin a task beside its schedule: %w", err)
	}
	if !won {
		return t, nil
	}
	return s.run(ctx, kind, t, r, now)
}

func newRun(t domain.Task, o Occurrence, now time.Time) domain.TaskRun {
	return domain.TaskRun{
		TaskID: t.ID, Occurrence: o.Key, Part: o.Part, DueAt: o.Due, StartedAt: now, SeenAt: now, Attempts: 1, Outcome: domain.TaskRunning,
	}
}

// run does a run that is on disk as begun, and records its end.
func (s *Service) run(ctx context.Context, kind Kind, t domain.Task, r domain.TaskRun, now time.Time) (domain.Task, error) {
	s.o.Log.Info("task", "task", t.ID, "occurrence", r.Occurrence, "attempt", r.Attempts, "next", t.NextDue)
	s.publish(t)
	defer s.publish(t)
	began := time.Now()
	clock := func() time.Time { return now.Add(time.Since(began)) }
	res, err := func() (Result, error) {
		defer s.keepSeen(ctx, r, clock)() // also when it panics: then it is over, and nobody saw the end
		return kind.Run(ctx, s.o.World, t, r)
	}()
	if err != nil {
		if ctx.Err() != nil || errors.Is(err, context.Canceled) {
			return t, fmt.Errorf("the program ends: %w", err)
		}
		res = Result{Outcome: domain.TaskFailed, Reason: domain.CodeOf(err)}
	}
	if err != nil || res.Outcome == domain.TaskFailed {
		s.o.Log.Warn("a task failed", "task", t.ID, "occurrence", r.Occurrence, "reason", res.Reason, "again", res.Again, "err", err)
	}
	r.FinishedAt, r.Outcome, r.Reason, r.Ref = clock(), res.Outcome, string(res.Reason), res.Ref
	_, err = s.o.Store.EndTaskRun(ctx, r, func(v *domain.Task) {
		if r.Part == "" && r.Occurrence == v.LastOccurrence {
			retry(v, res.Again, clock())
		}
		t = *v
	})
	if err != nil {
		return t, fmt.Errorf("record the end of a task: %w", err)
	}
	return t, nil
}

// retry sets when the last occurrence is begun again; not when the next one comes first.
func retry(t *domain.Task, again bool, now time.Time) {
	t.RetryAt = time.Time{}
	if !again || t.Retries >= maxRetries {
		t.Retries = 0
		return
	}
	t.Retries++
	if soon := now.Add(time.Duration(t.Retries) * retryAfter); soon.Before(t.NextDue) {
		t.RetryAt = soon
	}
}

// keepSeen says now and then that a run goes on, until the returned function is called.
func (s *Service) keepSeen(ctx context.Context, r domain.TaskRun, now func() time.Time) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		beat := time.NewTicker(every)
		defer beat.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-beat.C:
				if err := s.o.Store.SeeTaskRun(ctx, r, now()); err != nil && ctx.Err() == nil {
					s.o.Log.Warn("note that a task goes on", "task", r.TaskID, "err", err)
				}
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}
