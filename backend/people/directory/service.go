package directory

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// Indexed is the topic of the event that an index has taken in what PeopleChanged announced: lists asked for from now
// on show it. Its SourceID says of which source.
const Indexed events.Topic = "directory"

// FieldRegistry holds the fields of the filter language.
var FieldRegistry = index.Fields

// Store is the local copy.
type Store interface {
	index.Store
	// PersonHistory delivers what syncs have found different about a person, newest first.
	PersonHistory(ctx context.Context, sourceID string, id int64) ([]domain.PersonEvent, error)
}

// Options are what a Service needs. Bus and Log may be nil.
type Options struct {
	Store Store
	Bus   *events.Bus
	Log   *slog.Logger
	// Touches tells what runs did, oldest first; nil: no run did anything.
	Touches func(ctx context.Context, sourceID string) ([]domain.Touch, error)
	// Protection gives the rule by which runs spare people: it says why, "" for nobody's protection. nil: it is not
	// known.
	Protection func(ctx context.Context, sourceID string) (func(domain.User) string, error)
}

// Service answers for all sources. All methods may be called at once.
type Service struct {
	store       Store
	bus         *events.Bus
	log         *slog.Logger
	ctx         context.Context //nolint:containedctx // ends the background work on Close
	cancel      context.CancelFunc
	unsubscribe func()
	schema      func() *filter.Schema
	options     Options
	lists       atomic.Pointer[[]domain.PersonList]

	mu       sync.Mutex
	sources  map[string]*people
	opening  int // indexes that are being made for the first time
	collects int // the share of garbage that is usual
	wg       sync.WaitGroup
}

// New makes a Service; its first answer about a source reads that source's local copy.
func New(o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{options: o, store: o.Store, bus: o.Bus, log: o.Log, sources: map[string]*people{}, schema: sync.OnceValue(index.Schema), unsubscribe: func() {}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if o.Bus != nil {
		s.unsubscribe = o.Bus.Subscribe(func(e events.Event) {
			switch e.Topic {
			case events.PeopleChanged:
				s.changed(e.SourceID)
			case events.RunsChanged, events.SourcesChanged:
				s.forgetOutside()
			default:
			}
		})
	}
	return s
}

// Close ends the background work and waits for it.
func (s *Service) Close() {
	s.unsubscribe()
	s.mu.Lock()
	s.cancel()
	s.mu.Unlock()
	s.wg.Wait()
}

// Forget drops everything kept in memory about a source that was removed.
func (s *Service) Forget(sourceID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sources, sourceID)
}

// people is what is kept about one source.
type people struct {
	sourceID string
	gate     chan struct{} // held while the index is built

	mu        sync.Mutex
	index     *index.Index // nil until the first build
	dirty     bool         // the local copy has changed since the last build began
	building  bool         // a background rebuild is under way
	snapshots []*snapshot  // the most recently used one first
	chosen    chosen
	shown     shown
	outside   *index.Outside // nil: to be asked for
	forgotten int            // how often it was
	overview  overview
	groups    *groupFacts
}

func (s *Service) source(sourceID string) *people {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.sources[sourceID]
	if !ok {
		p = &people{sourceID: sourceID, gate: make(chan struct{}, 1)}
		s.sources[sourceID] = p
	}
	return p
}

// current gives the source's index, building the first one.
func (s *Service) current(ctx context.Context, p *people) (*index.Index, error) {
	if ix := p.latest(); ix != nil {
		return ix, nil
	}
	select {
	case p.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, domain.AsError(ctx.Err())
	}
	defer func() { <-p.gate }()
	if ix := p.latest(); ix != nil {
		return ix, nil
	}
	s.limitGC(+1)
	ix, err := index.Open(ctx, s.store, p.sourceID)
	s.limitGC(-1)
	if err != nil {
		return nil, err
	}
	s.adopt(p, ix)
	s.save(p, ix)
	return ix, nil
}

// manyPeople is from how many people on memory is given back at once.
const manyPeople = 10_000

// save keeps an index for the next start, in the background.
func (s *Service) save(p *people, ix *index.Index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return
	}
	s.wg.Go(func() {
		if err := ix.SaveImage(s.ctx, s.store, p.sourceID); err != nil && s.ctx.Err() == nil {
			s.log.Warn("the people list was not saved for the next start", "source", p.sourceID, "error", err)
		}
		if ix.Len() > manyPeople {
			debug.FreeOSMemory() // making an index leaves as much behind as it holds
		}
	})
}

func (p *people) latest() *index.Index {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.index
}

// The pace of rebuilding: changes are gathered for settle; while a first sync fills the copy, an index lives at least
// pause; after a failure the next try is after retry.
const (
	settle = 150 * time.Millisecond
	pause  = 2 * time.Second
	retry  = 5 * time.Second
)

// changed asks for a rebuild. A source about which nobody has asked yet is read when somebody does.
func (s *Service) changed(sourceID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.sources[sourceID]
	if !ok || s.ctx.Err() != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dirty = true
	if !p.building {
		p.building = true
		s.wg.Go(func() { s.rebuild(p) })
	}
}

// rebuild builds indexes until the local copy has not changed since the last began.
func (s *Service) rebuild(p *people) {
	for wait := p.delay(); s.sleep(wait); wait = p.delay() {
		err := s.buildNext(p)
		if s.ctx.Err() != nil {
			return
		}
		if err != nil {
			s.log.Error("reading the local copy for the people list failed", "source", p.sourceID, "error", err)
			if !s.sleep(retry) {
				return
			}
			continue
		}
		s.bus.Publish(events.Event{Topic: Indexed, SourceID: p.sourceID})
		if p.done() {
			return
		}
	}
}

// delay is how long to gather changes before the next build.
func (p *people) delay() time.Duration {
	ix := p.latest()
	if ix == nil || !ix.Freshness.Partial {
		return settle
	}
	return max(settle, pause-time.Since(ix.Built))
}

func (s *Service) buildNext(p *people) error {
	select {
	case p.gate <- struct{}{}:
	case <-s.ctx.Done():
		return domain.AsError(s.ctx.Err())
	}
	defer func() { <-p.gate }()
	p.mu.Lock()
	p.dirty = false
	p.mu.Unlock()
	last := p.latest()
	if last == nil {
		last = &index.Index{}
	}
	ix, err := last.Next(s.ctx, s.store, p.sourceID)
	if err == nil {
		ix.Prepare(last)
		s.adopt(p, ix)
		s.save(p, ix)
	}
	return err
}

// done ends the rebuilding unless something has changed meanwhile.
func (p *people) done() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dirty {
		p.building = false
	}
	return !p.building
}

// sleep waits and tells whether to go on.
func (s *Service) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// swap puts a new index in place. Of the lists over older ones only the last used stay, as each may hold a whole index
// in memory; people who are gone leave the selection, unless the new index comes from a sync that is not complete.
func (p *people) swap(ix *index.Index) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.index, p.outside, p.overview, p.groups = ix, nil, overview{}, nil
	p.forgotten++
	kept, old := p.snapshots[:0], 0
	for _, snap := range p.snapshots {
		if snap.index != ix {
			old++
		}
		if old <= keptOld {
			kept = append(kept, snap)
		}
	}
	clear(p.snapshots[len(kept):])
	p.snapshots = kept
	if !ix.Freshness.Partial {
		p.chosen.retain(func(id int64) bool { _, ok := ix.Position(id); return ok })
	}
}
