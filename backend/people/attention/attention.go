package attention

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
)

// Level is how much something matters.
type Level string

// The levels, the worst first.
const (
	Bad  Level = "bad"  // something does not work
	Warn Level = "warn" // something is wrong, or will be
	Info Level = "info" // worth a look
)

// Page is where an item leads.
type Page string

// The pages.
const (
	People  Page = "people"
	Groups  Page = "groups"
	Runs    Page = "runs"
	Sources Page = "sources"
)

// NoCount stands for an item without a number.
const NoCount = -1

// Item is one thing to look at.
type Item struct {
	Kind  string // stable, such as "admins"
	Level Level
	Title string // says what is so; begins with the number, if there is one
	Hint  string // what to do, or why it matters; "" for nothing
	Count int    // length of the list it opens, or NoCount
	Page  Page
	// What to show there.
	Filter string            // people: a filter
	Query  map[string]string // other pages: view state, such as {"kind": "empty"}
}

// Report is everything about one source, the worst first.
type Report struct {
	Items  []Item
	Hidden []Item // put aside for today
}

// Settings keeps small texts by key; a missing one is NotFound.
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Directory answers about people and groups.
type Directory interface {
	Parse(ctx context.Context, sourceID, text string) (directory.Parsed, error)
	GroupList(ctx context.Context, q directory.GroupQuery) (directory.GroupPage, error)
}

// Options are what a Service asks.
type Options struct {
	Source    func(ctx context.Context, id string) (domain.Source, error)
	Sync      func(ctx context.Context, id string) (domain.Sync, domain.Freshness, error)
	Task      func(ctx context.Context, sourceID, kind string) (domain.Task, error)
	Runs      func(ctx context.Context, q domain.RunQuery) ([]domain.Run, int, error)
	Directory Directory
	Settings  Settings
	MaxAge    time.Duration // of a local copy that may be acted on
	// Loss tells what is missing since the local copy was damaged.
	Loss func(ctx context.Context) (domain.CopyLoss, error)
}

// Service makes reports. Its methods may be called from several goroutines.
type Service struct {
	o  Options
	mu sync.Mutex // guards what was put aside between reading and writing
}

// New makes a Service.
func New(o Options) *Service { return &Service{o: o} }

// Report looks at a source; inactiveDays is after how many days without use somebody counts as inactive.
func (s *Service) Report(ctx context.Context, sourceID string, inactiveDays int) (Report, error) {
	look := &looker{o: s.o, ctx: ctx, now: time.Now(), id: sourceID, days: inactiveDays}
	for _, step := range []func() error{look.source, look.loss, look.schedule, look.runs, look.people, look.groups} {
		if err := step(); err != nil {
			return Report{}, fmt.Errorf("look for what needs attention: %w", err)
		}
	}
	slices.SortStableFunc(look.items, func(a, b Item) int { return rank(a.Level) - rank(b.Level) })
	aside, err := s.aside(ctx)
	if err != nil {
		return Report{}, err
	}
	var r Report
	for _, item := range look.items {
		if slices.Contains(aside.Items, mark(sourceID, item.Kind)) {
			r.Hidden = append(r.Hidden, item)
		} else {
			r.Items = append(r.Items, item)
		}
	}
	return r, nil
}

func rank(l Level) int { return slices.Index([]Level{Bad, Warn, Info}, l) }

// asideSetting holds what was put aside.
const asideSetting = "attention_aside"

// aside is what was put aside on one day; another day's counts for nothing.
type aside struct {
	Day   string   `json:"day"`
	Items []string `json:"items"`
}

func mark(sourceID, kind string) string { return sourceID + " " + kind }

// aside reads what was put aside today.
func (s *Service) aside(ctx context.Context) (aside, error) {
	today := aside{Day: time.Now().Format(time.DateOnly)}
	text, err := s.o.Settings.Setting(ctx, asideSetting)
	if domain.CodeOf(err) == domain.NotFound {
		return today, nil
	}
	if err != nil {
		return today, fmt.Errorf("read what was put aside: %w", err)
	}
	var kept aside
	if json.Unmarshal([]byte(text), &kept) == nil && kept.Day == today.Day {
		return kept, nil
	}
	return today, nil // shown once more is better than not at all
}

// PutAside hides an item until tomorrow, or shows it again.
func (s *Service) PutAside(ctx context.Context, sourceID, kind string, hide bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, err := s.aside(ctx)
	if err != nil {
		return err
	}
	m := mark(sourceID, kind)
	kept.Items = slices.DeleteFunc(kept.Items, func(it string) bool { return it == m })
	if hide {
		kept.Items = append(kept.Items, m)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("encode what was put aside: %w", err)
	}
	if err := s.o.Settings.SetSetting(ctx, asideSetting, string(text)); err != nil {
		return fmt.Errorf("keep what was put aside: %w", err)
	}
	return nil
}
