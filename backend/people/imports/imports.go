// Package imports takes Atlassian's own exports into a source's local copy: it matches their rows with the people of
// the source, shows what would come of it, and keeps it when told to.
//
// It reads no CSV (package csvfile does) and asks Atlassian nothing. What a file says never replaces what the source
// itself told.
package imports

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/csvfile"
)

// Store keeps imports.
type Store interface {
	Matchable(ctx context.Context, sourceID string, fn func(userID int64, accountID, email string)) ([]domain.App, error)
	Imports(ctx context.Context, sourceID string) ([]domain.Import, error)
	SaveImport(ctx context.Context, i domain.Import, people []domain.ImportedPerson) error
	RemoveImport(ctx context.Context, sourceID string, kind domain.ImportKind) error
}

// Service prepares imports and keeps them. All methods may be called at once.
type Service struct {
	store  Store
	source func(ctx context.Context, id string) (domain.Source, error)
	bus    *events.Bus

	mu       sync.Mutex
	prepared *prepared // the one that was looked at last
}

// prepared is a file that was read and not yet kept.
type prepared struct {
	Preview
	path   string
	record domain.Import
	people []domain.ImportedPerson
}

// New makes a service. bus may be nil.
func New(store Store, source func(ctx context.Context, id string) (domain.Source, error), bus *events.Bus) *Service {
	return &Service{store: store, source: source, bus: bus}
}

// maxShown is how many rows a preview names.
const maxShown = 1000

// Unmatched is a row of which nobody of the source is meant for certain.
type Unmatched struct {
	Line                   int
	AccountID, Email, Name string // foreign text
	Reason                 string // for the user
}

// Preview is what an import would bring.
type Preview struct {
	ID          string // for Keep; good until the next file is read
	SourceID    string
	FileName    string
	AsOf        time.Time
	Kind        domain.ImportKind
	Apps        []AppColumn
	Unknown     []string // columns that are left out
	Rows        int      // that can be read
	Matched     int      // different people
	Twice       int      // rows about somebody whom an earlier row was about
	Activity    int      // people of whom it tells a last activity, or that there was none
	Unmatched   []Unmatched
	Misses      int // how many rows match nobody; Unmatched holds the first
	Bad         []csvfile.Bad
	BadCount    int // how many rows or values cannot be read; Bad holds the first
	Replaces    *domain.Import
	Notes       []string // what else the user should know
	unmatchable []Unmatched
}

// AppColumn is an app of the file.
type AppColumn struct {
	csvfile.App
	Means string // the source's app, "" for none
}

// Read reads a file for a source and keeps nothing yet. asOf is the day of which the file is; zero is the day on which
// it was last changed.
func (s *Service) Read(ctx context.Context, sourceID, path string, asOf time.Time) (Preview, error) {
	src, err := s.source(ctx, sourceID)
	if err != nil {
		return Preview{}, fmt.Errorf("find the source: %w", err)
	}
	f, info, err := csvfile.OpenFile(path)
	if err != nil {
		return Preview{}, err
	}
	defer func() { _ = f.Close() }()
	if asOf.IsZero() {
		asOf = info.ModTime()
	}
	m := &matching{dataCenter: src.Kind == domain.KindJiraDC}
	p := &prepared{path: path, Preview: Preview{ID: rand.Text(), SourceID: sourceID, FileName: filepath.Base(path), AsOf: asOf}}
	if err := s.match(ctx, p, m, f); err != nil {
		return Preview{}, err
	}
	known, err := s.store.Imports(ctx, sourceID)
	if err != nil {
		return Preview{}, fmt.Errorf("list the imports: %w", err)
	}
	for _, i := range known {
		if i.Kind == p.Kind {
			p.Replaces = &i
		}
	}
	p.record = domain.Import{
		SourceID: sourceID, Kind: p.Kind, FileName: p.FileName, AsOf: asOf, Rows: p.Rows, Matched: p.Matched, Activity: p.Activity > 0,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prepared = p
	return p.Preview, nil
}

// Again reads the file that was read last as one of another day.
func (s *Service) Again(ctx context.Context, previewID string, asOf time.Time) (Preview, error) {
	p, err := s.find(previewID)
	if err != nil {
		return Preview{}, err
	}
	return s.Read(ctx, p.SourceID, p.path, asOf)
}

func (s *Service) match(ctx context.Context, p *prepared, m *matching, f io.Reader) error {
	in, err := csvfile.Open(f, p.AsOf)
	if err != nil {
		return err
	}
	p.Kind, p.Unknown = in.Kind, in.Unknown
	apps, err := s.store.Matchable(ctx, p.SourceID, m.add)
	if err != nil {
		return fmt.Errorf("find people: %w", err)
	}
	if len(m.byAccount) == 0 {
		return domain.Errorf(domain.NotFound, "The local copy of this source is empty.").WithHint("Sync it first: a file adds to what the source tells.")
	}
	m.begin(p, in.Head, apps)
	for {
		row, bad, err := in.Next()
		p.BadCount += len(bad)
		p.Bad = append(p.Bad, bad[:min(len(bad), maxShown-len(p.Bad))]...)
		switch {
		case errors.Is(err, io.EOF):
			if in.Serials {
				p.Notes = append(p.Notes, "Some days stand in the file as a spreadsheet program counts them; they are read as counted from 1900. Compare one of them.")
			}
			m.end(p)
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return domain.AsError(ctx.Err())
		case len(bad) > 0 && bad[len(bad)-1].Row:
			continue
		}
		p.Rows++
		m.row(p, row)
	}
}

// Keep takes a file that was read into the local copy.
func (s *Service) Keep(ctx context.Context, previewID string) (domain.Import, error) {
	p, err := s.find(previewID)
	if err != nil {
		return domain.Import{}, err
	}
	if p.Matched == 0 {
		return domain.Import{}, domain.Errorf(domain.Invalid, "No row of the file is about somebody of this source.").
			WithHint("Is it the file of another organization?")
	}
	record := p.record
	record.ImportedAt = time.Now()
	if err := s.store.SaveImport(ctx, record, p.people); err != nil {
		return domain.Import{}, fmt.Errorf("keep the import: %w", err)
	}
	s.mu.Lock()
	if s.prepared == p {
		s.prepared = nil
	}
	s.mu.Unlock()
	s.bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: record.SourceID})
	return record, nil
}

// EachUnmatched calls fn for each row of a read file that matches nobody.
func (s *Service) EachUnmatched(previewID string, fn func(Unmatched) error) error {
	p, err := s.find(previewID)
	if err != nil {
		return err
	}
	for _, u := range p.unmatchable {
		if err := fn(u); err != nil {
			return err
		}
	}
	return nil
}

// Forget drops a file that was read and is not to be kept.
func (s *Service) Forget(previewID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared != nil && s.prepared.ID == previewID {
		s.prepared = nil
	}
}

// List lists the files of a source.
func (s *Service) List(ctx context.Context, sourceID string) ([]domain.Import, error) {
	return s.store.Imports(ctx, sourceID)
}

// Remove takes a file out of the local copy again.
func (s *Service) Remove(ctx context.Context, sourceID string, kind domain.ImportKind) error {
	if err := s.store.RemoveImport(ctx, sourceID, kind); err != nil {
		return fmt.Errorf("remove the import: %w", err)
	}
	s.bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: sourceID})
	return nil
}

func (s *Service) find(previewID string) (*prepared, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared == nil || s.prepared.ID != previewID {
		return nil, domain.Errorf(domain.Stale, "This file is no longer at hand.").WithHint("Choose it again.")
	}
	return s.prepared, nil
}
