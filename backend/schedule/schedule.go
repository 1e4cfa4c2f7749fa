// Package schedule begins the syncs that are due, one at a time, whether or not a window is open.
//
// It does not sync: the mirror does. What is due stands in the database, so that a restart or a night's sleep loses nothing.
package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

const (
	every      = 30 * time.Second
	gap        = 2 * time.Minute // between two looks: the computer slept, or the clock was changed
	settle     = time.Minute     // after a start or a gap nothing is begun: network and keyring must come up first
	retryAfter = 15 * time.Minute
	maxRetries = 3
)

// Store keeps schedules.
type Store interface {
	// SyncSchedule gives the default for a source that has none.
	SyncSchedule(ctx context.Context, sourceID string) (domain.SyncSchedule, error)
	SaveSyncSchedule(ctx context.Context, v domain.SyncSchedule) error
}

// Syncs is what syncs.
type Syncs interface {
	Start(ctx context.Context, sourceID string) (domain.Sync, error)
	StartChanges(ctx context.Context, sourceID string) (domain.Sync, error)
	Wait(ctx context.Context, sourceID string) (domain.Sync, error)
	State(ctx context.Context, sourceID string) (domain.Sync, domain.Freshness, error)
}

// Options are what a Service needs. Bus and Locked may be nil.
type Options struct {
	Store Store
	// Locked tells whether the keys are under lock: nothing is begun that could only fail, and what is due waits until they are not.
	Locked  func(ctx context.Context) bool
	Sources func(ctx context.Context) ([]domain.Source, error)
	Syncs   Syncs
	Bus     *events.Bus
	Log     *slog.Logger
}

// Service looks twice a minute at what is due.
type Service struct {
	o      Options
	ctx    context.Context //nolint:containedctx // ends with Close
	cancel context.CancelFunc
	beat   gocron.Scheduler // nil before Start

	mu   sync.Mutex // guards reading, changing and writing a schedule
	told time.Time  // the next sync that was told last; guarded by mu

	// These belong to the heartbeat.
	looked time.Time // when it last looked
	from   time.Time // nothing is begun before

	wentOn   map[string]bool      // sources whose interrupted sync was looked for
	followed map[string]time.Time // when a sync of changes was last begun here, by source
}

// New makes a Service; Start lets it run.
func New(o Options) *Service {
	s := &Service{o: o, followed: map[string]time.Time{}, wentOn: map[string]bool{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Start begins to look. Call it once.
func (s *Service) Start() error {
	beat, err := gocron.NewScheduler()
	if err == nil {
		_, err = beat.NewJob(gocron.DurationJob(every), gocron.NewTask(func() {
			if err := s.look(s.ctx, time.Now().Round(0)); err != nil && s.ctx.Err() == nil {
				s.o.Log.Error("scheduled syncs", "err", err)
			}
		}), gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
	}
	if err != nil {
		return fmt.Errorf("start the clock of the schedules: %w", err)
	}
	s.beat = beat
	beat.Start()
	return nil
}

// Close ends it. A sync that it has begun is ended by its engine.
func (s *Service) Close() {
	s.cancel()
	if s.beat == nil {
		return
	}
	if err := s.beat.Shutdown(); err != nil {
		s.o.Log.Warn("end the clock of the schedules", "err", err)
	}
}

// Get gives the schedule of a source, with the next due time as it is now.
func (s *Service) Get(ctx context.Context, sourceID string) (domain.SyncSchedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.o.Store.SyncSchedule(ctx, sourceID)
	if err != nil {
		return v, fmt.Errorf("read a schedule: %w", err)
	}
	if v.NextDue.IsZero() {
		v.NextDue = Next(v, time.Now().Round(0))
	}
	return v, nil
}

// Set changes mode, hours, time, zone and the minutes between changes of a source's schedule; the error is Check's. What the old rule has
// missed is not made up for.
func (s *Service) Set(ctx context.Context, rule domain.SyncSchedule) error {
	if err := Check(rule); err != nil {
		return err
	}
	s.mu.Lock()
	v, err := s.o.Store.SyncSchedule(ctx, rule.SourceID)
	if err == nil {
		v.Mode, v.Hours, v.At, v.Zone, v.Retries = rule.Mode, rule.Hours, rule.At, rule.Zone, 0
		v.ChangesMinutes = rule.ChangesMinutes
		v.LastDay = "" // the day's new time may be still to come
		v.NextDue = Next(v, time.Now().Round(0))
		err = s.o.Store.SaveSyncSchedule(ctx, v)
	}
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("change a schedule: %w", err)
	}
	s.o.Bus.Publish(events.Event{Topic: events.SchedulesChanged, SourceID: rule.SourceID})
	return nil
}

// look begins what is due at the moment now, one after the other, and waits for it.
func (s *Service) look(ctx context.Context, now time.Time) error {
	if since := now.Sub(s.looked); since < 0 || since > gap {
		s.from = now.Add(settle)
	}
	s.looked = now
	sources, err := s.o.Sources(ctx)
	if err != nil {
		return fmt.Errorf("list the sources: %w", err)
	}
	var next time.Time
	for _, src := range sources {
		if src.Paused {
			continue // what is missed meanwhile is caught up once, when it goes on
		}
		v, due, err := s.judge(ctx, src.ID, now)
		if err != nil {
			return err
		}
		if !now.Before(s.from) && !s.busy(ctx, sources) && (!due || !s.locked(ctx)) {
			if due {
				v, err = s.run(ctx, v, now)
			} else if err = s.goOn(ctx, src.ID); err == nil {
				err = s.follow(ctx, v, now)
			}
			if err != nil {
				return err
			}
			s.looked = time.Now().Round(0) // a long sync is no gap
			now = s.looked
		}
		if !v.NextDue.IsZero() && (next.IsZero() || v.NextDue.Before(next)) {
			next = v.NextDue
		}
	}
	s.mu.Lock()
	news := !next.Equal(s.told)
	s.told = next
	s.mu.Unlock()
	if news {
		s.Announce()
	}
	return nil
}

// Announce tells the next sync again: another workspace, the demo's, may have told its own on the same bus.
func (s *Service) Announce() {
	s.mu.Lock()
	next := s.told
	s.mu.Unlock()
	s.o.Bus.Publish(events.Event{Topic: events.SchedulesChanged, Payload: domain.NextSync{At: next}})
}

// judge brings the due time up to date: the first one of a new source, and an earlier one after the clock or the time zone has changed.
func (s *Service) judge(ctx context.Context, sourceID string, now time.Time) (v domain.SyncSchedule, due bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err = s.o.Store.SyncSchedule(ctx, sourceID)
	if err != nil {
		return v, false, fmt.Errorf("read a schedule: %w", err)
	}
	next := Next(v, now)
	if v.Mode != domain.ScheduleOff && (v.NextDue.IsZero() || v.NextDue.After(next)) {
		v.NextDue = next
		if err := s.o.Store.SaveSyncSchedule(ctx, v); err != nil {
			return v, false, fmt.Errorf("keep a schedule: %w", err)
		}
	}
	return v, v.Mode != domain.ScheduleOff && !v.NextDue.IsZero() && !v.NextDue.After(now), nil
}

func (s *Service) locked(ctx context.Context) bool { return s.o.Locked != nil && s.o.Locked(ctx) }

// busy tells whether any source is being synced: two at once would share the rate and the disk.
func (s *Service) busy(ctx context.Context, sources []domain.Source) bool {
	for _, src := range sources {
		if state, _, err := s.o.Syncs.State(ctx, src.ID); err == nil && state.State == domain.SyncRunning {
			return true
		}
	}
	return false
}

// run begins one sync and waits for its end. It is on disk before it begins, so that no crash can begin it twice.
func (s *Service) run(ctx context.Context, v domain.SyncSchedule, now time.Time) (domain.SyncSchedule, error) {
	v, err := s.update(ctx, v.SourceID, func(v *domain.SyncSchedule) {
		v.LastRun, v.LastDay = now, dayOf(*v, now)
		v.NextDue = Next(*v, now)
	})
	if err != nil {
		return v, err
	}
	s.o.Log.Info("scheduled sync", "source", v.SourceID, "next", v.NextDue)
	_, err = s.o.Syncs.Start(ctx, v.SourceID)
	if err != nil && domain.CodeOf(err) != domain.Conflict { // one that was begun by hand this moment is as good
		s.o.Log.Warn("a scheduled sync did not begin", "source", v.SourceID, "err", err)
		return v, nil
	}
	done, err := s.o.Syncs.Wait(ctx, v.SourceID)
	if err != nil {
		return v, fmt.Errorf("wait for a scheduled sync: %w", err)
	}
	again := done.State == domain.SyncFailed && done.Error != nil && done.Error.Code == domain.Unreachable && v.Retries < maxRetries
	if !again && v.Retries == 0 {
		return v, nil
	}
	return s.update(ctx, v.SourceID, func(v *domain.SyncSchedule) {
		if !again || v.LastRun.Unix() != now.Unix() { // or the rule was changed meanwhile
			v.Retries = 0
			return
		}
		v.Retries++
		soon := time.Now().Round(0).Add(time.Duration(v.Retries) * retryAfter)
		if v.Mode != domain.ScheduleOff && soon.Before(v.NextDue) {
			v.NextDue = soon
		}
	})
}

func (s *Service) update(ctx context.Context, sourceID string, change func(*domain.SyncSchedule)) (domain.SyncSchedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.o.Store.SyncSchedule(ctx, sourceID)
	if err != nil {
		return v, fmt.Errorf("read a schedule: %w", err)
	}
	change(&v)
	if err := s.o.Store.SaveSyncSchedule(ctx, v); err != nil {
		return v, fmt.Errorf("keep a schedule: %w", err)
	}
	return v, nil
}
