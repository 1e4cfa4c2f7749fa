package directory

import (
	"context"
	"slices"

	"seatkeeper/backend/domain"
)

// shown is which lists of a source the operator saw last: who stands in it is what "this list" means to him.
type shown struct {
	asked  int         // lists of people that were asked for so far
	of     int         // which of them people is
	people *idSet      // nil: none yet
	groups *GroupQuery // nil: none yet
}

// asks numbers a list of people that is about to be shown, so that a slow one does not take the place of a later one.
func (p *people) asks() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown.asked++
	return p.shown.asked
}

// show notes who stands in the list that is shown. People are kept and not the list, which would hold a whole index in
// memory.
func (p *people) show(snap *snapshot, asked int) {
	listed := &idSet{}
	for _, pos := range snap.positions {
		listed.add(snap.index.ID(int(pos)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if asked > p.shown.of {
		p.shown.of, p.shown.people = asked, listed
	}
}

// ShowGroups notes that the list of groups which a query finds is shown, all of its pages.
func (s *Service) ShowGroups(q GroupQuery) {
	p := s.source(q.SourceID)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown.groups = &q
}

// Outside gives those of the people, or of the groups, who are not in the list of people or groups that was shown last;
// nobody where none was shown. Groups that are still to be made cannot be in any list and do not count.
func (s *Service) Outside(ctx context.Context, sourceID string, targets []domain.Target) ([]domain.Target, error) {
	p := s.source(sourceID)
	p.mu.Lock()
	last := p.shown
	p.mu.Unlock()
	wanted := map[string]bool{}
	for _, t := range targets {
		if t.AccountID != "" && last.people != nil || t.AccountID == "" && t.GroupID != "" && last.groups != nil {
			wanted[t.Key()] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	ix, err := s.current(ctx, p)
	if err != nil {
		return nil, err
	}
	if last.people != nil {
		for _, id := range last.people.ids() {
			if pos, there := ix.Position(id); there {
				delete(wanted, ix.AccountID.At(pos))
			}
		}
	}
	if last.groups != nil {
		found, _, err := p.findGroups(ix, *last.groups)
		if err != nil {
			return nil, err
		}
		for _, i := range found {
			delete(wanted, domain.Target{GroupID: ix.Groups[i].GroupID}.Key())
		}
	}
	var outside []domain.Target
	for _, t := range targets {
		if wanted[t.Key()] {
			outside = append(outside, t)
			delete(wanted, t.Key())
		}
	}
	return outside, nil
}

// GroupsOutside gives those of the groups that a query does not find, on whatever page.
func (s *Service) GroupsOutside(ctx context.Context, q GroupQuery, ids []string) ([]string, error) {
	p := s.source(q.SourceID)
	ix, err := s.current(ctx, p)
	if err != nil {
		return nil, err
	}
	found, _, err := p.findGroups(ix, q)
	if err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(found))
	for _, i := range found {
		there[ix.Groups[i].GroupID] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return there[id] }), nil
}
