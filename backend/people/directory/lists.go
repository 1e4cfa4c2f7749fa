package directory

import (
	"context"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// Groups finds groups whose name holds every word of search, by name; the number is how many there are beyond limit.
// A group's MemberCount is the one of the local copy.
func (s *Service) Groups(ctx context.Context, sourceID, search string, limit int) ([]domain.Group, int, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, 0, err
	}
	words := strings.Fields(index.Fold(search))
	var found []domain.Group
	total := 0
	for i, g := range ix.Groups {
		name := index.Fold(g.Name)
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(name, word) }) {
			continue
		}
		if total++; len(found) < limit {
			g.MemberCount = ix.MemberCount(i)
			found = append(found, g)
		}
	}
	return found, total, nil
}

// Apps lists the apps by site and name.
func (s *Service) Apps(ctx context.Context, sourceID string) ([]domain.App, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	return slices.Clone(ix.Apps), nil
}

// Domains lists the e-mail domains that people have, the most frequent first.
func (s *Service) Domains(ctx context.Context, sourceID string) ([]filter.Option, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	options := index.DictOptions((*index.Index).DomainColumn)(ix)
	return index.Fit(options, "", len(options)), nil
}
