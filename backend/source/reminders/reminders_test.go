package reminders

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// place is a workspace whose settings survive a restart.
type place struct {
	mu       sync.Mutex
	settings map[string]string
	sources  []domain.Source
}

func (p *place) Setting(_ context.Context, key string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v, ok := p.settings[key]; ok {
		return v, nil
	}
	return "", domain.Errorf(domain.NotFound, "no setting")
}

func (p *place) SetSetting(_ context.Context, key, value string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settings[key] = value
	return nil
}

func (p *place) list(context.Context) ([]domain.Source, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sources), nil
}

func (p *place) set(sources ...domain.Source) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sources = sources
}

func newPlace(sources ...domain.Source) *place {
	return &place{settings: map[string]string{}, sources: sources}
}

func (p *place) watch(bus *events.Bus) *Service {
	return New(Options{Settings: p, Sources: p.list, Bus: bus, Log: slog.New(slog.DiscardHandler)})
}

func acme(expires time.Time) domain.Source {
	return domain.Source{ID: "a", Name: "Acme", KeyExpires: expires}
}

// take gives the thresholds that are due, each start of the program with a watch of its own.
func (p *place) take(t *testing.T, channel Channel) []int {
	t.Helper()
	list, err := p.watch(nil).Take(t.Context(), channel)
	if err != nil {
		t.Fatal(err)
	}
	var days []int
	for _, r := range list {
		days = append(days, r.Days)
	}
	return days
}

func TestEachReminderOnceAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlace(acme(time.Now().Add(40*day - time.Hour)))
		var got []string
		for d := range 45 {
			for range 3 { // every start of that day
				for _, n := range p.take(t, Window) {
					got = append(got, fmt.Sprintf("day %d: %d", d, n))
				}
			}
			time.Sleep(day)
		}
		want := []string{"day 10: 30", "day 33: 7", "day 39: 1", "day 40: 0"}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestAfterALongAbsenceOnlyTheLatestIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlace(acme(time.Now().Add(5 * day)))
		if got := p.take(t, Window); !slices.Equal(got, []int{7}) {
			t.Errorf("got %v, want the reminder of 7 days", got)
		}
		if got := p.take(t, Window); got != nil {
			t.Errorf("told again: %v", got)
		}
		if got := p.take(t, "webhook"); !slices.Equal(got, []int{7}) {
			t.Errorf("another channel got %v: each tells for itself", got)
		}
	})
}

func TestANewKeyStartsAfresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlace(acme(time.Now().Add(-time.Hour)))
		if got := p.take(t, Window); !slices.Equal(got, []int{0}) {
			t.Fatalf("expired: %v", got)
		}
		p.set(acme(time.Now().Add(365 * day)))
		if got := p.take(t, Window); got != nil {
			t.Errorf("a year to go: %v", got)
		}
		time.Sleep(336 * day)
		if got := p.take(t, Window); !slices.Equal(got, []int{30}) {
			t.Errorf("the new key's first reminder: %v", got)
		}
		p.set()
		if got := p.take(t, Window); got != nil {
			t.Errorf("no source: %v", got)
		}
		if text := p.settings["key_reminders.window"]; strings.Contains(text, `"b"`) {
			t.Errorf("kept %s", text)
		}
	})
}

// TestABareDateLastsItsWholeDay: an operator types only a date, and nobody knows the hour.
func TestABareDateLastsItsWholeDay(t *testing.T) {
	date := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	exact := time.Date(2026, 12, 24, 8, 30, 0, 0, time.UTC)
	at := func(d, h int) time.Time { return time.Date(2026, 12, d, h, 0, 0, 0, time.UTC) }
	cases := []struct {
		expires time.Time
		now     time.Time
		phase   domain.KeyPhase
		words   string
	}{
		{time.Time{}, at(1, 0), domain.KeyUnknown, ""},
		{date, time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC), domain.KeyValid, "Key expires in 31 days"},
		{date, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), domain.KeyEnding, "Key expires in 31 days"},
		{date, at(23, 1), domain.KeyEnding, "Key expires in 1 day"},
		{date, at(24, 23), domain.KeyEnding, "Key expires within a day"},
		{date, at(25, 0), domain.KeyEnded, "Key expired"},
		{exact, at(24, 8), domain.KeyEnding, "Key expires within a day"},
		{exact, at(24, 9), domain.KeyEnded, "Key expired"},
	}
	for _, c := range cases {
		s := StateOf(c.expires, c.now)
		if s.Phase != c.phase || s.Words != c.words {
			t.Errorf("expires %s, now %s: %s %q, want %s %q", c.expires, c.now, s.Phase, s.Words, c.phase, c.words)
		}
	}
}

// TestTheWatchSaysWhenSomethingIsDue: at the start, when the time has come, and when a source is added; never for what
// was said.
func TestTheWatchSaysWhenSomethingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlace(acme(time.Now().Add(31*day + time.Minute)))
		bus := &events.Bus{}
		var mu sync.Mutex
		said := 0
		bus.Subscribe(func(e events.Event) {
			if e.Topic == events.KeysDue {
				mu.Lock()
				said++
				mu.Unlock()
			}
		})
		expect := func(what string, want int) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if said != want {
				t.Errorf("%s: said %d times, want %d", what, said, want)
			}
		}
		w := p.watch(bus)
		w.Start(t.Context())
		expect("31 days before", 0)
		time.Sleep(day + 2*time.Hour)
		expect("30 days before", 1)
		p.set(acme(time.Now().Add(30*day-2*time.Hour)), domain.Source{ID: "b", Name: "Beta", KeyExpires: time.Now().Add(-day)})
		bus.Publish(events.Event{Topic: events.SourcesChanged})
		expect("a source with an expired key is added", 2)
		bus.Publish(events.Event{Topic: events.SourcesChanged})
		expect("nothing new", 2)
		w.Close()
		w.Close()
		p.watch(bus).Close() // never started
	})
}

// The key for changes has reminders of its own, which say which key is meant, and go when the key goes.
func TestTheKeyForChangesHasItsOwnReminders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := acme(time.Now().Add(300 * day))
		s.ChangeKey = domain.ChangeKey{Keeping: domain.KeyAsked, Expires: time.Now().Add(6 * day)}
		p := newPlace(s)
		list, err := p.watch(nil).Take(t.Context(), Window)
		if err != nil || len(list) != 1 || list[0].Days != 7 || list[0].SourceID != "a" || !strings.Contains(list[0].Title, "key for changes of Acme") {
			t.Fatalf("%+v, %v", list, err)
		}
		if got := p.take(t, Window); got != nil {
			t.Errorf("told again: %v", got)
		}
		s.KeyExpires = time.Now().Add(20 * day)
		p.set(s)
		if got := p.take(t, Window); !slices.Equal(got, []int{30}) {
			t.Errorf("the first key: %v", got)
		}
		removed := s
		removed.ChangeKey = domain.ChangeKey{}
		p.set(removed)
		if got := p.take(t, Window); got != nil {
			t.Errorf("a removed key: %v", got)
		}
	})
}
