package bulk

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// Noun is what the window calls it.
func (AboutGroups) Noun() string { return "group" }

// Counted writes how many.
func (AboutGroups) Counted(n int) string { return domain.Plural(n, "group", "groups") }

func (a AboutGroups) declared() bool { return a.Plan != nil && a.State != nil }

func (a AboutGroups) ends() bool { return a.Ends }

func (AboutGroups) in(l local) int { return len(l.all) }

func (AboutGroups) nothing(guardInput) domain.GuardFinding {
	return domain.GuardFinding{
		Level: domain.GuardBlock, Rule: "empty", Message: "There is nothing to change: every group is already so or is skipped.",
	}
}

func (AboutGroups) again(ctx context.Context, e *Engine, p domain.Plan, changes []domain.Change) (subjects, error) {
	_, _, err := e.readGroups(ctx, p, changes)
	return subjects{again: slices.Clip(append([]domain.Change{}, changes...))}, err
}

func (AboutGroups) complete(context.Context, *Engine, domain.Plan, *subjects) error { return nil }

// back puts the members of groups that ended back into the groups that stand in their place, once these are there;
// before, it makes them.
func (a AboutGroups) back(ctx context.Context, e *Engine, p *domain.Plan, changes []domain.Change) ([]domain.Change, error) {
	l, known, err := e.readGroups(ctx, *p, changes)
	if err != nil {
		return nil, err
	}
	if refill, ok := ActionOf(a.Refill); ok {
		if members := membersOf(l, known, changes); len(members) > 0 {
			p.Action = refill.Kind
			return members, nil
		}
	}
	return changes, nil
}

// membersOf gives who was in groups that ended, as changes about these people in the groups that stand in their place
// now; none while one of the groups is missing.
func membersOf(l local, known *records, ended []domain.Change) (members []domain.Change) {
	for _, c := range ended {
		named := domain.Target{DirectoryID: c.Target.DirectoryID, GroupName: c.Target.GroupName}
		now := known.group(named, (&groupBook{local: l}).find(named))
		if !now.There {
			return nil
		}
		if c.Before == nil || len(c.Before.Members) == 0 {
			continue
		}
		for _, account := range c.Before.Members {
			members = append(members, domain.Change{Target: domain.Target{
				AccountID: account, DirectoryID: now.DirectoryID, GroupID: now.GroupID, GroupName: now.Name,
			}})
		}
	}
	return members
}

// readGroups reads the groups again that an undo or a second try is about and that runs have changed since they were
// read. Nothing is lost when that fails: the plan then says which groups must be read first.
func (e *Engine) readGroups(ctx context.Context, p domain.Plan, changes []domain.Change) (local, *records, error) {
	l, known, err := e.known(ctx, p)
	if err != nil || e.o.RefreshGroups == nil {
		return l, known, err
	}
	var groups []domain.Target
	for _, c := range changes {
		t := c.Target
		if _, ok := known.by[namedGroup(t)]; !ok || t.AccountID != "" {
			continue
		}
		if t.GroupID != "" {
			groups = append(groups, t)
		}
		groups = append(groups, domain.Target{DirectoryID: t.DirectoryID, GroupName: t.GroupName}) // one that was made again
	}
	if len(groups) == 0 {
		return l, known, nil
	}
	if err := e.o.RefreshGroups(ctx, p.SourceID, groups); err != nil {
		e.o.Log.Warn("groups could not be read before an undo", "groups", len(groups), "error", err)
	}
	l, err = e.local(ctx, p.SourceID)
	return l, known, err
}

func (AboutGroups) readable(src source.Source) error {
	if _, ok := src.(source.GroupReader); !ok {
		return domain.Errorf(domain.Unsupported, "This source cannot read single groups, so nothing can be checked before a change.")
	}
	return nil
}

// read reads groups with their members, all at once: the source's rate gate holds the requests back.
func (AboutGroups) read(ctx context.Context, from eitherReader, targets []domain.Target) (map[string]Reading, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	groups := make([]domain.GroupNow, len(targets))
	var work sync.WaitGroup
	for i, t := range targets {
		work.Go(func() {
			var err error
			if groups[i], err = from.ReadGroup(ctx, t.DirectoryID, t.GroupID, t.GroupName); err != nil {
				cancel(fmt.Errorf("read a group afresh: %w", err))
			}
		})
	}
	work.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	found := make(map[string]Reading, len(targets))
	for i, t := range targets {
		found[t.Key()] = Reading{Group: &groups[i]}
	}
	return found, nil
}

func (AboutGroups) refresh(e *Engine) func(ctx context.Context, sourceID string, targets []domain.Target) error {
	return e.o.RefreshGroups
}

func (a AboutGroups) state(r Reading, c domain.Change) domain.State {
	if r.Group == nil {
		return domain.StateGone
	}
	return a.State(*r.Group, c)
}

func (a AboutGroups) protects(rule protection.Rule, r Reading) string {
	if r.Group == nil || !a.Ends {
		return ""
	}
	_, reason := groupStays(rule, *r.Group)
	return reason
}
