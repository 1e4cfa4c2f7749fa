// Package saved keeps filters under a name, with their columns, sort and row height, and tells what each one finds now.
//
// It neither parses nor evaluates: the filter language and the lists belong to directory. A filter that no longer makes
// sense is kept and shown with its mistake.
package saved

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
)

// Changed is the topic of the event that saved filters were added, changed or deleted.
const Changed events.Topic = "saved"

// The limits.
const (
	MaxFilters     = 500
	maxName        = 80  // characters
	maxDescription = 500 // characters
	maxColumns     = 60
)

// Store keeps saved filters; a missing one is NotFound, a name that is taken a Conflict.
type Store interface {
	SavedFilters(ctx context.Context) ([]domain.SavedFilter, error)
	SavedFilter(ctx context.Context, id string) (domain.SavedFilter, error)
	SaveFilters(ctx context.Context, filters []domain.SavedFilter) error
	DeleteSavedFilter(ctx context.Context, id string, at time.Time) error
	RestoreSavedFilter(ctx context.Context, id string) error
}

// Language checks a filter against the local copy of a source.
type Language interface {
	Parse(ctx context.Context, sourceID, text string) (directory.Parsed, error)
}

// Service answers for one workspace. All methods may be called at once.
type Service struct {
	store    Store
	language Language
	bus      *events.Bus
}

// New makes a Service; bus may be nil.
func New(store Store, language Language, bus *events.Bus) *Service {
	return &Service{store: store, language: language, bus: bus}
}

// Entry is a saved filter with what it finds at one source now.
type Entry struct {
	domain.SavedFilter

	Count   int           // people, when Mistake is nil
	Mistake *filter.Error // why it finds nobody at this source: a field or a group is gone
}

// List gives all saved filters by name, with what they find at a source. With no source there are neither counts nor
// mistakes.
func (s *Service) List(ctx context.Context, sourceID string) ([]Entry, error) {
	filters, err := s.store.SavedFilters(ctx)
	if err != nil {
		return nil, fmt.Errorf("list saved filters: %w", err)
	}
	entries := make([]Entry, len(filters))
	for i, f := range filters {
		if entries[i], err = s.entry(ctx, sourceID, f); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (s *Service) entry(ctx context.Context, sourceID string, f domain.SavedFilter) (Entry, error) {
	e := Entry{SavedFilter: f}
	if sourceID == "" {
		return e, nil
	}
	parsed, err := s.language.Parse(ctx, sourceID, f.Filter)
	if err != nil {
		return e, fmt.Errorf("count a saved filter: %w", err)
	}
	e.Count, e.Mistake = parsed.Count, parsed.Error
	return e, nil
}

// Save writes a filter: a new one without id, else what it is to become. The filter's text is checked at the source and
// kept in canonical form; a text that was saved before and no longer makes sense may stay as it is.
func (s *Service) Save(ctx context.Context, sourceID string, f domain.SavedFilter) (Entry, error) {
	f, err := tidy(f)
	if err != nil {
		return Entry{}, err
	}
	now := time.Now().UTC()
	before := domain.SavedFilter{CreatedAt: now, Filter: f.Filter + "\x00"}
	if f.ID == "" {
		f.ID = rand.Text()
		if err := s.room(ctx, 1); err != nil {
			return Entry{}, err
		}
	} else if before, err = s.store.SavedFilter(ctx, f.ID); err != nil {
		return Entry{}, fmt.Errorf("read the saved filter: %w", err)
	}
	f.CreatedAt, f.UpdatedAt = before.CreatedAt, now
	parsed, err := s.language.Parse(ctx, sourceID, f.Filter)
	if err != nil {
		return Entry{}, fmt.Errorf("check the filter: %w", err)
	}
	switch {
	case parsed.Error == nil:
		f.Filter = parsed.Canonical
	case f.Filter != before.Filter:
		return Entry{}, &domain.Error{Code: domain.Invalid, Field: "filter", Message: parsed.Error.Message, Hint: "Correct the filter, then save it."}
	}
	if err := s.store.SaveFilters(ctx, []domain.SavedFilter{f}); err != nil {
		return Entry{}, fmt.Errorf("save the filter: %w", err)
	}
	s.changed()
	return Entry{SavedFilter: f, Count: parsed.Count, Mistake: parsed.Error}, nil
}

// Delete deletes a saved filter; Restore takes that back for a day.
func (s *Service) Delete(ctx context.Context, id string) error {
	if err := s.store.DeleteSavedFilter(ctx, id, time.Now()); err != nil {
		return fmt.Errorf("delete the saved filter: %w", err)
	}
	s.changed()
	return nil
}

// Restore takes a deletion back; Conflict when another filter has the name by now.
func (s *Service) Restore(ctx context.Context, id string) error {
	if err := s.store.RestoreSavedFilter(ctx, id); err != nil {
		return fmt.Errorf("restore the saved filter: %w", err)
	}
	s.changed()
	return nil
}

func (s *Service) changed() { s.bus.Publish(events.Event{Topic: Changed}) }

// room refuses more filters than anybody keeps in order.
func (s *Service) room(ctx context.Context, more int) error {
	all, err := s.store.SavedFilters(ctx)
	if err != nil {
		return fmt.Errorf("count the saved filters: %w", err)
	}
	if len(all)+more > MaxFilters {
		return domain.Errorf(domain.Invalid, "At most %d filters can be saved.", MaxFilters).WithHint("Delete some that are not needed.")
	}
	return nil
}

var word = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]{0,39}$`)

// heights are the heights that a row may have, with 0 for the one that is chosen anyway.
var heights = []int{0, 28, 32, 40}

// tidy checks everything but the filter's text.
func tidy(f domain.SavedFilter) (domain.SavedFilter, error) {
	f.Name, f.Description, f.Filter = strings.TrimSpace(f.Name), strings.TrimSpace(f.Description), strings.TrimSpace(f.Filter)
	invalid := func(field, message string) (domain.SavedFilter, error) {
		return f, &domain.Error{Code: domain.Invalid, Field: field, Message: message}
	}
	switch {
	case f.Name == "":
		return invalid("name", "A saved filter needs a name.")
	case utf8.RuneCountInString(f.Name) > maxName || strings.ContainsFunc(f.Name, unprintable) || domain.Visible(f.Name) != f.Name:
		return invalid("name", fmt.Sprintf("A name has at most %d printable characters.", maxName))
	case utf8.RuneCountInString(f.Description) > maxDescription || !utf8.ValidString(f.Description) || strings.ContainsRune(f.Description, 0):
		return invalid("description", fmt.Sprintf("A description has at most %d characters.", maxDescription))
	case len(f.Filter) > filter.MaxBytes || !utf8.ValidString(f.Filter) || strings.ContainsRune(f.Filter, 0):
		return invalid("filter", fmt.Sprintf("A filter has at most %d bytes.", filter.MaxBytes))
	case f.Sort != "" && !word.MatchString(f.Sort):
		return invalid("sort", "That is no column.")
	case len(f.Columns) > maxColumns || slices.ContainsFunc(f.Columns, func(c string) bool { return !word.MatchString(c) }):
		return invalid("columns", "These are no columns.")
	case !slices.Contains(heights, f.Density):
		return invalid("density", "Rows cannot have that height.")
	}
	return f, nil
}

// unprintable are characters with which a name could look like another, or turn a line around.
func unprintable(r rune) bool { return unicode.Is(unicode.Cf, r) || !unicode.IsPrint(r) }
