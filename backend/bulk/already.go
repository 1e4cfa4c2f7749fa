package bulk

import (
	"context"
	"fmt"
	"maps"

	"seatkeeper/backend/domain"
)

// pastRuns is how many runs are looked at for what happened since a preview: runs of a source come one after the other,
// and a preview lives for an hour.
const pastRuns = 100

// stillAlready refuses a plan that says "already so" of somebody whom another run has changed since the plan was made:
// whoever is said to be so gets no call, and so is not compared again just before it.
func (e *Engine) stillAlready(ctx context.Context, p domain.Plan, a Action) error {
	if p.Counts[domain.VerdictAlready] == 0 {
		return nil
	}
	moved, err := e.movedSince(ctx, p)
	if err != nil || len(moved) == 0 {
		return err
	}
	who := map[string]bool{}
	err = e.o.Store.EachChange(ctx, p.ID, func(c domain.Change) error {
		if c.Verdict != domain.VerdictAlready {
			return nil
		}
		state, there := moved[targetOf(c)]
		if !there {
			state, there = moved[namedGroup(c.Target)]
		}
		if own, _ := ActionOf(c.Action); there && state != own.Goal {
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

// movedSince gives the targets that runs have changed, or may have, since the plan was made, with the state that the
// newest one left.
func (e *Engine) movedSince(ctx context.Context, p domain.Plan) (map[target]domain.State, error) {
	runs, _, err := e.o.Store.Runs(ctx, domain.RunQuery{SourceIDs: []string{p.SourceID}, Limit: pastRuns})
	if err != nil {
		return nil, fmt.Errorf("look for runs since the preview: %w", err)
	}
	moved := map[target]domain.State{}
	for _, r := range runs {
		if !r.Active() && r.FinishedAt.Before(p.CreatedAt) && r.Counts[domain.ItemIntent] == 0 {
			continue
		}
		its := map[target]domain.State{}
		err := e.o.Store.EachItem(ctx, r.ID, func(it domain.Item) error {
			if it.State != domain.ItemIntent && it.FinishedAt.Before(p.CreatedAt) {
				return nil
			}
			state := domain.StateOpen
			switch by, _ := ActionOf(it.Change.Action); it.State {
			case domain.ItemDone:
				state = by.Goal
			case domain.ItemUnknown, domain.ItemIntent:
			case domain.ItemPlanned, domain.ItemAlready, domain.ItemSkipped, domain.ItemRefused:
				return nil
			}
			its[targetOf(it.Change)] = state
			if t := it.Change.Target; t.AccountID == "" {
				its[namedGroup(t)] = state
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what runs changed since the preview: %w", err)
		}
		maps.Copy(its, moved) // runs come newest first
		moved = its
	}
	return moved, nil
}
