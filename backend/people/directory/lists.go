package directory

import (
	"context"
	"maps"
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

// GroupsByID gives those of the groups that are in the local copy, by name, with the members of the local copy.
func (s *Service) GroupsByID(ctx context.Context, sourceID string, ids []string) ([]domain.Group, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var found []domain.Group
	for i, g := range ix.Groups {
		if wanted[g.GroupID] {
			g.MemberCount = ix.MemberCount(i)
			found = append(found, g)
		}
	}
	return found, nil
}

// Directories lists the directories.
func (s *Service) Directories(ctx context.Context, sourceID string) ([]domain.Directory, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	return slices.Clone(ix.Directories), nil
}

// AppRoles is an app with the roles that groups give on it, as Atlassian names them.
type AppRoles struct {
	domain.App
	Roles []string
}

// Apps lists the apps by site and name.
func (s *Service) Apps(ctx context.Context, sourceID string) ([]AppRoles, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	given := map[string]map[string]bool{}
	for _, g := range ix.Groups {
		for _, grant := range g.Grants {
			if given[grant.AppID] == nil {
				given[grant.AppID] = map[string]bool{}
			}
			given[grant.AppID][grant.Role] = true
		}
	}
	apps := make([]AppRoles, len(ix.Apps))
	for i, a := range ix.Apps {
		apps[i] = AppRoles{App: a, Roles: slices.Sorted(maps.Keys(given[a.AppID]))}
	}
	return apps, nil
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
