// Package export writes a list of people to a file: which columns there are, what stands in them, how far it is, and
// how to stop it.
//
// It makes no list and knows no file format: lists come from directory, formats from report.
package export

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/report"
)

// Progressed is the topic of the events that tell how far an export is; the payload is a Progress.
const Progressed events.Topic = "export"

// Progress is how far an export is.
type Progress struct {
	ID    string
	Done  int // rows
	Total int // rows
}

// pace is the least time between two events of one export.
const pace = 100 * time.Millisecond

// People gives kept lists.
type People interface {
	Describe(ctx context.Context, snapshotID string) (directory.Listed, error)
	EachRow(ctx context.Context, snapshotID string, fn func(directory.Row) error) error
}

// Service writes exports. All methods may be called at once.
type Service struct {
	people People
	bus    *events.Bus

	mu      sync.Mutex
	running map[string]context.CancelFunc
}

// New makes a Service; bus may be nil.
func New(people People, bus *events.Bus) *Service {
	return &Service{people: people, bus: bus, running: map[string]context.CancelFunc{}}
}

// Request says what to write.
type Request struct {
	ID         string   // chosen by the caller, for events and Cancel
	SnapshotID string   // the list
	Source     string   // name of its source, for the file
	Columns    []string // in order; none means all
	Format     report.Format
	To         report.Place
}

// Run writes a list and returns how many people there were. The file appears whole or not at all; a cancelled export
// leaves nothing.
func (s *Service) Run(ctx context.Context, r Request) (int, error) {
	columns, err := choose(r.Columns)
	if err != nil {
		return 0, err
	}
	if r.Format.Table == nil {
		return 0, domain.Errorf(domain.Unsupported, "Lists cannot be written as %s.", r.Format.Title)
	}
	listed, err := s.people.Describe(ctx, r.SnapshotID)
	if err != nil {
		return 0, err
	}
	ctx, done, err := s.begin(ctx, r.ID)
	if err != nil {
		return 0, err
	}
	defer done()
	table := report.Table{Title: "People", Facts: facts(r.Source, listed), Rows: listed.Total}
	for _, c := range columns {
		table.Columns = append(table.Columns, c.Column)
	}
	rows, err := report.WriteTable(ctx, r.To, r.Format, table, func(fn func([]report.Cell) error) error {
		cells := make([]report.Cell, len(columns))
		n, next := 0, time.Now()
		return s.people.EachRow(ctx, r.SnapshotID, func(row directory.Row) error {
			for i, c := range columns {
				cells[i] = c.cell(row)
			}
			if n++; n%512 == 1 {
				if now := time.Now(); !now.Before(next) {
					next = now.Add(pace)
					s.tell(Progress{ID: r.ID, Done: n - 1, Total: listed.Total})
				}
			}
			return fn(cells)
		})
	})
	if err != nil {
		return 0, fmt.Errorf("export people: %w", err)
	}
	s.tell(Progress{ID: r.ID, Done: rows, Total: listed.Total})
	return rows, nil
}

func (s *Service) tell(p Progress) { s.bus.Publish(events.Event{Topic: Progressed, Payload: p}) }

// begin makes an export that Cancel finds.
func (s *Service) begin(ctx context.Context, id string) (context.Context, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.running[id]; taken {
		return nil, nil, domain.Errorf(domain.Conflict, "This export is running already.")
	}
	ctx, cancel := context.WithCancel(ctx)
	s.running[id] = cancel
	return ctx, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running, id)
	}, nil
}

// Cancel stops an export; one that is not running is no error.
func (s *Service) Cancel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.running[id]; cancel != nil {
		cancel()
	}
}

// facts say what the list is, so that the file can be understood without the program.
func facts(source string, l directory.Listed) []report.Fact {
	list := []report.Fact{{Name: "source", Value: source}, {Name: "people", Value: strconv.Itoa(l.Total) + " of " + strconv.Itoa(l.All)}}
	if l.Selected {
		list = append(list, report.Fact{Name: "only", Value: "the selected people"})
	}
	if l.Filter != "" {
		list = append(list, report.Fact{Name: "filter", Value: l.Filter})
	}
	if l.Search != "" {
		list = append(list, report.Fact{Name: "search", Value: l.Search})
	}
	if l.Order != "" {
		list = append(list, report.Fact{Name: "sorted by", Value: l.Order})
	}
	if l.Partial {
		list = append(list, report.Fact{Name: "partial", Value: "The first sync was not complete."})
	}
	return append(list,
		report.Fact{Name: "local copy read at", Value: l.Built.UTC().Format(time.RFC3339)},
		report.Fact{Name: "exported at", Value: time.Now().UTC().Format(time.RFC3339)})
}
