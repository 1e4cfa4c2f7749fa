package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// Channel is a way to a person. Each keeps for itself what it has told.
type Channel string

// The channels.
const (
	Window  Channel = "window"  // messages inside the window
	Desktop Channel = "desktop" // notifications of the desktop
)

// every is how often the watch looks at the clock: a reminder is about days, and a laptop that slept looks within an
// hour.
const every = time.Hour

// Settings keeps small texts by key; a missing one is NotFound.
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Options are what a Service needs. Bus may be nil.
type Options struct {
	Settings Settings
	Sources  func(ctx context.Context) ([]domain.Source, error)
	Bus      *events.Bus
	Log      *slog.Logger
}

// Service finds reminders that are due and says on the bus when there are any.
type Service struct {
	o    Options
	mu   sync.Mutex // guards what was told between reading and writing
	wake chan struct{}
	stop context.CancelFunc
	done chan struct{}
	off  func()
}

// New makes a Service; Start lets it run.
func New(o Options) *Service {
	return &Service{o: o, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Start watches until Close. Whenever a reminder becomes due it publishes events.KeysDue; who tells a person then takes
// what is due on its channel. Call it once.
func (w *Service) Start(ctx context.Context) {
	ctx, w.stop = context.WithCancel(ctx)
	w.off = w.o.Bus.Subscribe(func(e events.Event) {
		if e.Topic == events.SourcesChanged {
			select {
			case w.wake <- struct{}{}:
			default: // it will look anyway
			}
		}
	})
	go w.run(ctx)
}

// Close ends the watch. Without Start it does nothing.
func (w *Service) Close() {
	if w.stop == nil {
		return
	}
	w.stop()
	w.off()
	<-w.done
}

func (w *Service) run(ctx context.Context) {
	defer close(w.done)
	clock := time.NewTicker(every)
	defer clock.Stop()
	announced := told{}
	for {
		if fresh, err := w.reached(ctx, announced); err != nil {
			w.o.Log.Warn("the keys' ends could not be looked at", "err", err)
		} else if len(fresh) > 0 {
			w.o.Bus.Publish(events.Event{Topic: events.KeysDue})
		}
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		case <-w.wake:
		}
	}
}

// told is the last threshold that was told, by key (a source's id, with "/changes" for its second key), and for which
// end.
type told map[string]mark

type mark struct {
	Expires time.Time `json:"expires"`
	Days    int       `json:"days"`
}

// Take gives the reminders that are due on a channel and counts them as told: each threshold of a key is given once,
// and only the latest one where several were passed while the program did not run. A new key starts afresh.
func (w *Service) Take(ctx context.Context, channel Channel) ([]domain.KeyReminder, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := "key_reminders." + string(channel)
	before := told{}
	switch text, err := w.o.Settings.Setting(ctx, key); {
	case err == nil:
		if json.Unmarshal([]byte(text), &before) != nil {
			before = told{} // told twice is better than not at all
		}
	case domain.CodeOf(err) != domain.NotFound:
		return nil, fmt.Errorf("read which reminders were given: %w", err)
	}
	list, err := w.reached(ctx, before)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	text, err := json.Marshal(before)
	if err != nil {
		return nil, fmt.Errorf("encode which reminders were given: %w", err)
	}
	if err := w.o.Settings.SetSetting(ctx, key, string(text)); err != nil {
		return nil, fmt.Errorf("keep which reminders were given: %w", err)
	}
	return list, nil
}

// reached lists the reminders that marks does not have yet, and puts them in. A key that is gone is taken out.
func (w *Service) reached(ctx context.Context, marks told) ([]domain.KeyReminder, error) {
	sources, err := w.o.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the sources: %w", err)
	}
	now := time.Now()
	var list []domain.KeyReminder
	there := map[string]bool{}
	for _, s := range sources {
		for _, k := range keysOf(s) {
			there[k.mark] = true
			threshold := -1
			if !k.expires.IsZero() {
				threshold = due(k.expires, now)
			}
			last, was := marks[k.mark]
			if threshold < 0 || (was && last.Expires.Equal(k.expires) && last.Days <= threshold) {
				continue
			}
			marks[k.mark] = mark{Expires: k.expires, Days: threshold}
			list = append(list, reminder(k, threshold, now))
		}
	}
	for id := range marks {
		if !there[id] {
			delete(marks, id)
		}
	}
	return list, nil
}
