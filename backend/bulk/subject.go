package bulk

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"seatkeeper/backend/domain"
)

// fresh is a person or group as just read; the zero value for who is gone.
type fresh struct {
	user  domain.User
	there bool // for a person
	group *domain.GroupNow
}

// read reads the people or groups of some items, each once; found by the target's key. Who is gone is missing.
func (r *runner) read(ctx context.Context, items []domain.Item) (map[string]fresh, error) {
	seen := map[string]bool{}
	targets := make([]domain.Target, 0, len(items))
	for _, it := range items {
		if t := it.Change.Target; !seen[t.Key()] {
			seen[t.Key()] = true
			targets = append(targets, t)
		}
	}
	if r.action.Groups != nil {
		return r.readGroups(ctx, targets)
	}
	ids := make([]string, 0, len(targets))
	for _, t := range targets {
		ids = append(ids, t.AccountID)
	}
	users, err := r.reader.ReadUsers(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read people afresh: %w", err)
	}
	found := make(map[string]fresh, len(users))
	for _, u := range users {
		found[u.AccountID] = fresh{user: u, there: true}
	}
	return found, nil
}

// readGroups reads at most ten groups with their members, all at once: the source's rate gate holds the requests back.
func (r *runner) readGroups(ctx context.Context, targets []domain.Target) (map[string]fresh, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	groups := make([]domain.GroupNow, len(targets))
	var work sync.WaitGroup
	for i, t := range targets {
		work.Go(func() {
			var err error
			if groups[i], err = r.reader.ReadGroup(ctx, t.DirectoryID, t.GroupID, t.GroupName); err != nil {
				cancel(fmt.Errorf("read a group afresh: %w", err))
			}
		})
	}
	work.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	found := make(map[string]fresh, len(targets))
	for i, t := range targets {
		found[t.Key()] = fresh{group: &groups[i]}
	}
	return found, nil
}

// stateOf names the state of a change's target.
func (r *runner) stateOf(f fresh, c domain.Change) string {
	switch {
	case r.action.Groups != nil && f.group != nil:
		return r.action.Groups.State(*f.group, c)
	case r.action.Groups == nil && f.there:
		return r.action.State(f.user, c)
	}
	return StateGone
}

// protected says why nothing is done to a person or group as just read, "" when something may be done.
func (r *runner) protected(f fresh) string {
	switch {
	case f.group != nil && r.action.Groups.Ends:
		_, reason := groupStays(r.protect, *f.group)
		return reason
	case f.there:
		return r.protect.Reason(f.user)
	}
	return ""
}

// subjectsOf finds those whom changes of an earlier plan or run are about. A person whom the local copy no longer has is kept with what
// was known, so that the preview can say so instead of hiding it.
func (e *Engine) subjectsOf(ctx context.Context, p domain.Plan, changes []domain.Change) (subjects, error) {
	if action, ok := Actions.Get(p.Action); ok && action.Groups != nil {
		return subjects{again: slices.Clip(append([]domain.Change{}, changes...))}, nil
	}
	who := subjects{targets: map[string][]domain.Target{}}
	var order []string
	known := map[string]domain.Target{}
	for _, c := range changes {
		t := c.Target
		if _, seen := known[t.AccountID]; !seen {
			order = append(order, t.AccountID)
			known[t.AccountID] = t
		}
		who.targets[t.AccountID] = append(who.targets[t.AccountID], t)
	}
	found, err := e.o.People.UsersByAccount(ctx, p.SourceID, order)
	if err != nil {
		return who, fmt.Errorf("look up the people: %w", err)
	}
	byAccount := make(map[string]domain.User, len(found))
	for _, u := range found {
		byAccount[u.AccountID] = u
	}
	for _, id := range order {
		u, there := byAccount[id]
		if !there {
			u = domain.User{AccountID: id, Name: known[id].Name, Email: known[id].Email, RemovedAt: p.CreatedAt}
		}
		who.users = append(who.users, u)
	}
	return who, nil
}
