// Package task begins what is due, one after the other, whether or not a window is open: schedules, due times, and the history of what
// was begun, missed or left unfinished.
//
// It does none of the work: kinds of task do, which stand in task/kinds. What is due and what was begun stands in the database, so that a
// restart, a night's sleep or a second process neither loses an occurrence nor begins it twice; the clock of gocron only ticks.
package task

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/form"
)

// Store keeps tasks and their runs; package store says what each method does.
type Store interface {
	Tasks(ctx context.Context) ([]domain.Task, error)
	ChangeTask(ctx context.Context, id string, change func(t *domain.Task)) (domain.Task, error)
	ClaimTaskRun(ctx context.Context, r domain.TaskRun, take func(t *domain.Task) bool) (domain.TaskRun, bool, error)
	RepeatTaskRun(ctx context.Context, taskID, occurrence string, at time.Time, take func(t *domain.Task) bool) (domain.TaskRun, bool, error)
	SeeTaskRun(ctx context.Context, r domain.TaskRun, at time.Time) error
	EndTaskRun(ctx context.Context, r domain.TaskRun, then func(t *domain.Task)) (bool, error)
	MissTaskRuns(ctx context.Context, taskID string, missed []domain.TaskRun) error
	TaskRuns(ctx context.Context, taskID string, before int64, limit int) ([]domain.TaskRun, error)
	LastTaskRun(ctx context.Context, taskID, part string) (domain.TaskRun, error)
	OpenTaskRuns(ctx context.Context) ([]domain.TaskRun, error)
	ClockWasAhead(ctx context.Context, id string, after time.Time) (domain.Task, error)
}

// Options are what a Service needs. Bus may be nil.
type Options struct {
	Store Store
	World World
	Bus   *events.Bus
	Log   *slog.Logger
}

// Service looks twice a minute at what is due.
type Service struct {
	o      Options
	ctx    context.Context //nolint:containedctx // ends with Close
	cancel context.CancelFunc
	beat   gocron.Scheduler // nil before Start

	mu   sync.Mutex
	told time.Time // the next task that was told last; guarded by mu

	clock // belongs to the one who looks
}

// New makes a Service; Start lets it run.
func New(o Options) *Service {
	o.World.Last = o.Store.LastTaskRun
	s := &Service{o: o, clock: clock{held: map[string]string{}, noted: map[string]string{}}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Start begins to look. Call it once.
func (s *Service) Start() error {
	beat, err := gocron.NewScheduler()
	if err == nil {
		_, err = beat.NewJob(gocron.DurationJob(every), gocron.NewTask(func() {
			if err := s.look(s.ctx, time.Now().Round(0)); err != nil && s.ctx.Err() == nil {
				s.o.Log.Error("tasks", "err", err)
			}
		}), gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
	}
	if err != nil {
		return fmt.Errorf("start the clock of the tasks: %w", err)
	}
	s.beat = beat
	beat.Start()
	return nil
}

// Close ends it. What a run has begun is ended by its engine; the run stays open, and the next start sees that it was not finished.
func (s *Service) Close() {
	s.cancel()
	if s.beat == nil {
		return
	}
	if err := s.beat.Shutdown(); err != nil {
		s.o.Log.Warn("end the clock of the tasks", "err", err)
	}
}

// OfSource gives the task of a kind that a source has, with the next due time as it is now; NotFound when it has none.
func (s *Service) OfSource(ctx context.Context, sourceID, kind string) (domain.Task, error) {
	return s.find(ctx, func(t domain.Task) bool { return t.SourceID == sourceID && t.Kind == kind })
}

func (s *Service) find(ctx context.Context, is func(domain.Task) bool) (domain.Task, error) {
	tasks, err := s.o.Store.Tasks(ctx)
	if err != nil {
		return domain.Task{}, fmt.Errorf("read a task: %w", err)
	}
	for _, t := range tasks {
		if is(t) {
			if t.NextDue.IsZero() {
				t.NextDue = Next(t, time.Now().Round(0))
			}
			return t, nil
		}
	}
	return domain.Task{}, domain.Errorf(domain.NotFound, "This task is not there any more.")
}

// Runs gives a task with its history, newest first; see store.TaskRuns for the bounds.
func (s *Service) Runs(ctx context.Context, id string, before int64, limit int) (domain.Task, []domain.TaskRun, error) {
	t, err := s.find(ctx, func(t domain.Task) bool { return t.ID == id })
	if err != nil {
		return t, nil, err
	}
	runs, err := s.o.Store.TaskRuns(ctx, id, before, limit)
	if err != nil {
		return t, nil, fmt.Errorf("read the runs of a task: %w", err)
	}
	return t, runs, nil
}

// Set changes schedule, parameters and whether the task is active; the error is about every field that is wrong. What the old
// schedule has missed is recorded and not made up for.
func (s *Service) Set(ctx context.Context, rule domain.Task) (domain.Task, error) {
	old, err := s.find(ctx, func(t domain.Task) bool { return t.ID == rule.ID })
	if err != nil {
		return old, err
	}
	kind, _ := Kinds.Get(old.Kind)
	if err := form.Join(Check(rule.Schedule), form.Check(kind.Params, rule.Params)); err != nil {
		return old, err
	}
	now := time.Now().Round(0)
	if err := s.miss(ctx, old, pending(old, now), func(Occurrence) string { return domain.MissedChanged }); err != nil {
		return old, err
	}
	t, err := s.o.Store.ChangeTask(ctx, rule.ID, func(t *domain.Task) {
		t.Schedule, t.Params, t.Active = rule.Schedule, rule.Params, rule.Active
		t.RetryAt, t.Retries = time.Time{}, 0
		t.NextDue = Next(*t, now)
	})
	if err != nil {
		return old, fmt.Errorf("change a task: %w", err)
	}
	s.publish(t)
	return t, nil
}

// Announce tells the next task again: another workspace, the demo's, may have told its own on the same bus.
func (s *Service) Announce() {
	s.mu.Lock()
	next := s.told
	s.mu.Unlock()
	s.o.Bus.Publish(events.Event{Topic: events.TasksChanged, Payload: domain.NextTask{At: next}})
}

// tell announces the next task if it is another one than before.
func (s *Service) tell(next time.Time) {
	s.mu.Lock()
	news := !next.Equal(s.told)
	s.told = next
	s.mu.Unlock()
	if news {
		s.Announce()
	}
}

// publish says that a task or its history has changed.
func (s *Service) publish(t domain.Task) {
	s.o.Bus.Publish(events.Event{Topic: events.TasksChanged, SourceID: t.SourceID})
}
