package directory

import (
	"context"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/index"
)

// ListMatch is what a list of people means in one source.
type ListMatch = index.ListMatch

// SetLists gives the service the lists of the workspace, which filters may name from now on.
func (s *Service) SetLists(all []domain.PersonList) {
	s.lists.Store(&all)
	s.mu.Lock()
	sources := make([]*people, 0, len(s.sources))
	for _, p := range s.sources {
		sources = append(sources, p)
	}
	s.mu.Unlock()
	for _, p := range sources {
		if ix := p.latest(); ix != nil {
			ix.SetLists(all)
			s.bus.Publish(events.Event{Topic: Indexed, SourceID: p.sourceID})
		}
	}
}

// adopt puts a new index in place, with the lists that filters may name.
func (s *Service) adopt(p *people, ix *index.Index) {
	all := s.lists.Load()
	if all != nil {
		ix.SetLists(*all)
	}
	ix.SetOutside(func() (*index.Outside, error) { return s.outside(p) })
	p.swap(ix)
	if now := s.lists.Load(); now != all { // they were changed meanwhile
		ix.SetLists(*now)
	}
}

// MatchKept says whom of a source a list means that the workspace keeps.
func (s *Service) MatchKept(ctx context.Context, sourceID string, l domain.PersonList) (ListMatch, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return ListMatch{}, err
	}
	return ix.MatchKept(l), nil
}

// HasUserNames tells whether people of a source have user names, as at a Data Center.
func (s *Service) HasUserNames(ctx context.Context, sourceID string) (bool, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	return err == nil && len(ix.UserName.Values) > 1, err
}

// MatchList says whom of a source a list means that was only read.
func (s *Service) MatchList(ctx context.Context, sourceID string, values []string) (ListMatch, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return ListMatch{}, err
	}
	return ix.MatchList(values), nil
}
