package directory

import (
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/index"
)

// outside gives what filters may ask about a source's people beside the local copy. It is kept until a run or a source
// changes.
func (s *Service) outside(p *people) (*index.Outside, error) {
	p.mu.Lock()
	kept, asked := p.outside, p.forgotten
	p.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	now := &index.Outside{}
	if s.options.Touches != nil {
		var err error
		if now.Touches, err = s.options.Touches(s.ctx, p.sourceID); err != nil {
			return nil, fmt.Errorf("reading the run log for a filter: %w", err)
		}
	}
	if s.options.Protection != nil {
		reason, err := s.options.Protection(s.ctx, p.sourceID)
		if err != nil {
			return nil, fmt.Errorf("reading who is protected for a filter: %w", err)
		}
		now.Protected = func(u domain.User) bool { return reason(u) != "" }
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.forgotten == asked { // else something has changed meanwhile
		p.outside = now
	}
	return now, nil
}

// forgetOutside makes the next filter that needs it ask again.
func (s *Service) forgetOutside() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.sources {
		p.mu.Lock()
		p.outside = nil
		p.forgotten++
		p.mu.Unlock()
	}
}
