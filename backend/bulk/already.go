package bulk

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
)

// pastRuns is how many runs are looked at for what happened since a preview: runs of a source come one after the other, and a preview lives
// for an hour.
const pastRuns = 100

// stillAlready refuses a plan that says "already so" of somebody whom another run has changed since the plan was made: whoever is said to be so
// gets no call, and so is not compared again just before it.
func (e *Engine) stillAlready(ctx context.Context, p domain.Plan, a Action) error {
	if p.Counts[domain.VerdictAlready] == 0 {
		return nil
	}
	moved, err := e.movedSince(ctx, p, a)
	if err != nil || len(moved) == 0 {
		return err
	}
	who := map[string]bool{}
	err = e.o.Store.EachChange(ctx, p.ID, func(c domain.Change) error {
		if c.Verdict == domain.VerdictAlready && (moved[targetOf(c)] || moved[namedGroup(c.Target)]) {
			who[c.Target.Key()] = true
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the plan's changes: %w", err)
	}
	if len(who) == 0 {
		return nil
	}
	return domain.Errorf(domain.Stale, "Since this preview another run changed %s that it calls already so.", a.Subject.Counted(len(who))).WithHint("Make a new preview.")
}

// movedSince gives the targets that runs have, or may have, brought into another state than the plan's goal since it was made.
func (e *Engine) movedSince(ctx context.Context, p domain.Plan, a Action) (map[target]bool, error) {
	runs, _, err := e.o.Store.Runs(ctx, domain.RunQuery{SourceIDs: []string{p.SourceID}, Limit: pastRuns})
	if err != nil {
		return nil, fmt.Errorf("look for runs since the preview: %w", err)
	}
	moved := map[target]bool{}
	for _, r := range runs {
		if !r.Active() && r.FinishedAt.Before(p.CreatedAt) && r.Counts[domain.ItemIntent] == 0 {
			continue
		}
		err := e.o.Store.EachItem(ctx, r.ID, func(it domain.Item) error {
			by, known := Actions.Get(it.Change.Action)
			if it.State != domain.ItemDone && it.State != domain.ItemUnknown && it.State != domain.ItemIntent || known && by.Goal == a.Goal || it.FinishedAt.Before(p.CreatedAt) && it.State != domain.ItemIntent {
				return nil
			}
			moved[targetOf(it.Change)] = true
			if t := it.Change.Target; t.AccountID == "" {
				moved[namedGroup(t)] = true
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what runs changed since the preview: %w", err)
		}
	}
	return moved, nil
}
