package trends

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
)

// Changed is the topic of the event that the counts of a day were kept; its SourceID says of which source.
const Changed events.Topic = "trends"

// Store keeps daily counts.
type Store interface {
	SaveDays(ctx context.Context, days ...domain.DayCounts) error
	// Days gives the days from a date on, oldest first, with the counts of one app, or of all for "".
	Days(ctx context.Context, sourceID string, from time.Time, appID string) ([]domain.DayCounts, error)
	// GoneApps gives the apps that earlier days have and the newest one has not.
	GoneApps(ctx context.Context, sourceID string) ([]domain.GoneApp, error)
}

// People counts.
type People interface {
	Counts(ctx context.Context, sourceID string) (directory.Counted, error)
	Earlier(ctx context.Context, sourceID string, day time.Time) (directory.Counted, error)
}

// Options are what a Service needs.
type Options struct {
	Store   Store
	People  People
	Sources func(ctx context.Context) ([]domain.Source, error)
	// Freshness tells how old the local copy of a source is.
	Freshness func(ctx context.Context, sourceID string) (domain.Freshness, error)
	Bus       *events.Bus
	Log       *slog.Logger
	Demo      bool // the demo organization: its past is worked out from the dates of its people
}

// Service keeps the counts of a day when a sync has ended, and again whenever the people change on that day: the last
// one wins.
type Service struct {
	o    Options
	wake chan struct{}
	stop context.CancelFunc
	done chan struct{}
	off  func()

	mu      sync.Mutex
	changed map[string]bool // sources to count
}

// New makes a Service; Start lets it keep counts.
func New(o Options) *Service {
	return &Service{o: o, wake: make(chan struct{}, 1), done: make(chan struct{}), changed: map[string]bool{}}
}

// Start keeps counts until Close. A sync of today whose counts were not kept, because the program ended, is counted
// now. Call it once.
func (s *Service) Start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(ctx)
	// A source about which nobody has asked yet has no index, and so says only PeopleChanged; one with an index says
	// Indexed when that is as new as the local copy.
	s.off = s.o.Bus.Subscribe(func(e events.Event) {
		if e.Topic == events.PeopleChanged || e.Topic == directory.Indexed {
			s.look(e.SourceID)
		}
	})
	go s.run(ctx)
	sources, err := s.o.Sources(ctx)
	if err != nil {
		s.Close()
		return fmt.Errorf("list the sources: %w", err)
	}
	for _, src := range sources {
		s.look(src.ID)
	}
	return nil
}

// Close ends it. Without Start it does nothing.
func (s *Service) Close() {
	if s.stop == nil {
		return
	}
	s.off()
	s.stop()
	<-s.done
}

// look asks for a source to be counted.
func (s *Service) look(sourceID string) {
	if sourceID == "" {
		return
	}
	s.mu.Lock()
	s.changed[sourceID] = true
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it will look anyway
	}
}

func (s *Service) run(ctx context.Context) {
	defer close(s.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		s.mu.Lock()
		ids := s.changed
		s.changed = map[string]bool{}
		s.mu.Unlock()
		for id := range ids {
			if err := s.count(ctx, id); err != nil && ctx.Err() == nil {
				s.o.Log.Error("the counts of the day were not kept", "source", id, "err", err)
			}
		}
	}
}

// atMidnight is how long after a sync its counts may be of the next day.
const atMidnight = 10 * time.Minute

// count keeps the counts of today, if there was a sync today.
func (s *Service) count(ctx context.Context, sourceID string) error {
	fresh, err := s.o.Freshness(ctx, sourceID)
	if err != nil {
		return fmt.Errorf("read the age of the local copy: %w", err)
	}
	now := time.Now()
	synced := fresh.CompleteAt.In(now.Location())
	if fresh.Revision == 0 || fresh.Partial || (!sameDay(synced, now) && now.Sub(synced) > atMidnight) {
		return nil
	}
	c, err := s.o.People.Counts(ctx, sourceID)
	if err != nil {
		return fmt.Errorf("count the people: %w", err)
	}
	if c.Freshness.Revision != fresh.Revision {
		return nil // the index is on its way, and will say so
	}
	c.Zone = zoneOf(now)
	if err := s.o.Store.SaveDays(ctx, c.DayCounts); err != nil {
		return fmt.Errorf("keep the counts: %w", err)
	}
	s.o.Bus.Publish(events.Event{Topic: Changed, SourceID: sourceID})
	if s.o.Demo {
		return s.past(ctx, c.DayCounts)
	}
	return nil
}

// demoDays is how long the past of the demo organization is.
const demoDays = 400

// past works out the days before the first one, unless it was done.
func (s *Service) past(ctx context.Context, today domain.DayCounts) error {
	kept, err := s.o.Store.Days(ctx, today.SourceID, time.Time{}, "")
	if err != nil || len(kept) > 1 {
		return err
	}
	days := make([]domain.DayCounts, 0, demoDays)
	for ago := demoDays; ago > 0; ago-- {
		if err := ctx.Err(); err != nil { // the program ends; this takes seconds with 100,000 people
			return fmt.Errorf("work out the demo's past: %w", err)
		}
		c, err := s.o.People.Earlier(ctx, today.SourceID, today.Day.AddDate(0, 0, -ago))
		if err != nil {
			return fmt.Errorf("work out the demo's past: %w", err)
		}
		c.Zone = today.Zone
		days = append(days, c.DayCounts)
	}
	if err := s.o.Store.SaveDays(ctx, days...); err != nil {
		return fmt.Errorf("keep the demo's past: %w", err)
	}
	s.o.Bus.Publish(events.Event{Topic: Changed, SourceID: today.SourceID})
	return nil
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// zoneOf names the time zone of a moment: "CET (UTC+01:00)".
func zoneOf(t time.Time) string {
	offset := "UTC" + t.Format("-07:00")
	if name, _ := t.Zone(); name != "" && name != "UTC" && name[0] != '+' && name[0] != '-' {
		return name + " (" + offset + ")"
	}
	if _, seconds := t.Zone(); seconds == 0 {
		return "UTC"
	}
	return offset
}
