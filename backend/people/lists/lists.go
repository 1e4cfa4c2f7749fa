// Package lists keeps lists of people under names, such as the leavers of a month, and says whom of a source they mean.
//
// It reads no CSV (package csvfile does) and evaluates no filter: the directory gets the lists and finds the people.
package lists

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/csvfile"
	"seatkeeper/backend/people/directory"
)

// Store keeps lists.
type Store interface {
	PersonLists(ctx context.Context) ([]domain.PersonList, error)
	SavePersonList(ctx context.Context, l domain.PersonList) error
	DeletePersonList(ctx context.Context, id string) error
}

// Directory finds the people of a list.
type Directory interface {
	MatchList(ctx context.Context, sourceID string, values []string) (directory.ListMatch, error)
	MatchKept(ctx context.Context, sourceID string, l domain.PersonList) (directory.ListMatch, error)
	HasUserNames(ctx context.Context, sourceID string) (bool, error)
	SetLists(all []domain.PersonList)
}

// Bounds of a workspace's lists.
const (
	MaxLists = 200
	MaxPaste = 4 << 20 // bytes
	maxName  = 80
)

// Service keeps lists. All methods may be called at once.
type Service struct {
	store Store
	dirs  Directory

	mu   sync.Mutex
	read *Draft // what was read last and not yet saved
}

// Draft is a list that was read and is not saved yet.
type Draft struct {
	csvfile.List

	ID    string // for Save and Column; good until the next list is read
	Name  string // proposed
	Match directory.ListMatch

	sourceID string
	open     func() (io.ReadSeekCloser, error)
}

// New makes a service and gives the lists that there are to the directory.
func New(ctx context.Context, store Store, dirs Directory) (*Service, error) {
	s := &Service{store: store, dirs: dirs}
	return s, s.tell(ctx)
}

// ReadFile reads a list from a file and says whom of the source it means.
func (s *Service) ReadFile(ctx context.Context, sourceID, path string) (Draft, error) {
	name := filepath.Base(path)
	return s.draft(ctx, csvfile.Unchosen, Draft{
		Name: tidy(strings.TrimSuffix(name, filepath.Ext(name))), sourceID: sourceID,
		open: func() (io.ReadSeekCloser, error) {
			f, _, err := csvfile.OpenFile(path)
			return f, err
		},
	})
}

// ReadText reads a list from a text that was pasted.
func (s *Service) ReadText(ctx context.Context, sourceID, text string) (Draft, error) {
	if len(text) > MaxPaste {
		return Draft{}, domain.Errorf(domain.Invalid, "The text is too long to be pasted.").WithHint("Put it into a CSV file, and choose the file.")
	}
	return s.draft(ctx, csvfile.Unchosen, Draft{
		sourceID: sourceID,
		open:     func() (io.ReadSeekCloser, error) { return pasted{strings.NewReader(text)}, nil },
	})
}

// pasted is a text as a file.
type pasted struct{ *strings.Reader }

// Close does nothing.
func (pasted) Close() error { return nil }

// Column reads the list that was read last from another of its columns.
func (s *Service) Column(ctx context.Context, draftID string, choice csvfile.Choice) (Draft, error) {
	d, err := s.drafted(draftID)
	if err != nil {
		return Draft{}, err
	}
	return s.draft(ctx, choice, Draft{Name: d.Name, sourceID: d.sourceID, open: d.open})
}

func (s *Service) draft(ctx context.Context, choice csvfile.Choice, d Draft) (Draft, error) {
	userNames, err := s.dirs.HasUserNames(ctx, d.sourceID)
	if err != nil {
		return Draft{}, fmt.Errorf("look whether there are user names: %w", err)
	}
	f, err := d.open()
	if err != nil {
		return Draft{}, err
	}
	defer func() { _ = f.Close() }()
	if d.List, err = csvfile.ReadList(f, choice, userNames); err != nil {
		return Draft{}, err
	}
	if d.Match, err = s.dirs.MatchList(ctx, d.sourceID, d.Values); err != nil {
		return Draft{}, fmt.Errorf("find the people of the list: %w", err)
	}
	d.ID = rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = &d
	return d, nil
}

// tidy makes a proposal for a name.
func tidy(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || domain.Hidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName])
	}
	return name
}

// Save keeps the list that was read under a name. Where a list has the name already, it is a Conflict, or that list is
// replaced.
func (s *Service) Save(ctx context.Context, draftID, name string, replace bool) (domain.PersonList, error) {
	draft, err := s.drafted(draftID)
	if err != nil {
		return domain.PersonList{}, err
	}
	if draft.Choice == csvfile.Unchosen {
		return domain.PersonList{}, &domain.Error{
			Code: domain.Invalid, Field: "column", Message: "Several columns of the list have people.", Hint: "Choose the one that is meant.",
		}
	}
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > maxName || tidy(name) != name {
		return domain.PersonList{}, &domain.Error{
			Code: domain.Invalid, Field: "name", Message: fmt.Sprintf("A list needs a name of at most %d characters that can be printed.", maxName),
		}
	}
	all, err := s.store.PersonLists(ctx)
	if err != nil {
		return domain.PersonList{}, fmt.Errorf("list the lists: %w", err)
	}
	now := time.Now().UTC()
	list := domain.PersonList{ID: rand.Text(), Name: name, Values: draft.Values, CreatedAt: now, UpdatedAt: now}
	for _, other := range all {
		if replace && strings.EqualFold(other.Name, name) {
			list.ID, list.CreatedAt = other.ID, other.CreatedAt
		}
	}
	if len(all) >= MaxLists && list.CreatedAt.Equal(now) {
		return domain.PersonList{}, domain.Errorf(domain.Invalid, "There are %d lists already.", MaxLists).WithHint("Delete one that is not needed any more.")
	}
	if err := s.store.SavePersonList(ctx, list); err != nil {
		return domain.PersonList{}, err
	}
	return list, s.tell(ctx)
}

// Miss is an entry or a row of a list that takes nobody.
type Miss struct {
	Line   int    // of a row that cannot be read, 0 for an entry
	Entry  string // "" for a row that cannot be read
	Reason string
}

// EachMiss calls fn for all of the list that was read that takes nobody.
func (s *Service) EachMiss(draftID string, fn func(Miss) error) error {
	draft, err := s.drafted(draftID)
	if err != nil {
		return err
	}
	for _, e := range draft.Match.Unmatched {
		if err := fn(Miss{0, e, "It matches nobody."}); err != nil {
			return err
		}
	}
	for _, e := range draft.Match.Ambiguous {
		if err := fn(Miss{0, e, "Several people may be meant: nobody is taken."}); err != nil {
			return err
		}
	}
	for _, b := range draft.Bad {
		if err := fn(Miss{b.Line, "", b.Reason}); err != nil {
			return err
		}
	}
	return nil
}

// drafted gives the list that was read last, by its id.
func (s *Service) drafted(id string) (*Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read == nil || s.read.ID != id {
		return nil, domain.Errorf(domain.Stale, "This list is no longer at hand.").WithHint("Choose it again.")
	}
	return s.read, nil
}

// Entry is a list with whom it means in a source.
type Entry struct {
	domain.PersonList

	Match directory.ListMatch
}

// List gives all lists by name, as they look in a source.
func (s *Service) List(ctx context.Context, sourceID string) ([]Entry, error) {
	all, err := s.store.PersonLists(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the lists: %w", err)
	}
	entries := make([]Entry, 0, len(all))
	for _, l := range all {
		match, err := s.dirs.MatchKept(ctx, sourceID, l)
		if err != nil {
			return nil, fmt.Errorf("find the people of a list: %w", err)
		}
		entries = append(entries, Entry{l, match})
	}
	return entries, nil
}

// Delete deletes a list. Filters that name it say so from then on.
func (s *Service) Delete(ctx context.Context, id string) error {
	if err := s.store.DeletePersonList(ctx, id); err != nil {
		return err
	}
	return s.tell(ctx)
}

// tell gives the lists to the directory.
func (s *Service) tell(ctx context.Context) error {
	all, err := s.store.PersonLists(ctx)
	if err != nil {
		return fmt.Errorf("list the lists: %w", err)
	}
	s.dirs.SetLists(all)
	return nil
}
