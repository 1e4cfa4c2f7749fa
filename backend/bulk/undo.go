package bulk

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

// PlanUndo makes a plan that takes a run back: the inverse change for each item that was done, on exactly its target.
// It goes the same way as any other plan: guard, preview, confirmation, fresh reads. People whose state is no longer
// what the run left are not touched. What they are like is known from the run's record until they were read again; see
// recordsOf.
//
// A run that ended groups is taken back in two plans, because each item is one call: the first makes the groups again,
// the next one, when they are there, puts their members back.
func (e *Engine) PlanUndo(ctx context.Context, runID string) (domain.Plan, error) {
	r, err := e.stored(ctx, runID)
	if err != nil {
		return domain.Plan{}, err
	}
	if ok, why := CanUndo(r); !ok {
		e.catchUp(ctx, r.SourceID) // what is open may have been left by an ended program
		return domain.Plan{}, domain.Errorf(domain.Conflict, "%s", why)
	}
	action, _ := ActionOf(r.Action)
	inverse, ok := ActionOf(action.Inverse)
	if !ok {
		return domain.Plan{}, domain.Errorf(domain.Unsupported, "%s cannot be undone.", action.Title)
	}
	changes, err := e.changesOf(ctx, r, func(it domain.Item) bool {
		// The capsule names the state before the call: only a state that the change's own inverse restores can be given
		// back.
		own, _ := ActionOf(it.Change.Action)
		back, ok := ActionOf(own.Inverse)
		return it.State == domain.ItemDone && ok && it.Change.Undo == back.Goal
	})
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan the undo: %w", err)
	}
	p := domain.Plan{
		SourceID: r.SourceID, Action: inverse.Kind, Params: r.Params, Trigger: domain.TriggerUndo, UndoOf: r.ID,
		Selection: fmt.Sprintf("Undo of %s from %s", domain.Quote(r.ActionTitle), when(r.CreatedAt)),
	}
	if changes, err = action.Subject.back(ctx, e, &p, changes); err != nil {
		return domain.Plan{}, fmt.Errorf("plan the undo: %w", err)
	}
	return e.planAgain(ctx, p, r.CreatedAt, changes)
}

// PlanRetry makes a plan that tries a run's refused and unknown items again, on exactly their targets.
func (e *Engine) PlanRetry(ctx context.Context, runID string) (domain.Plan, error) {
	r, err := e.stored(ctx, runID)
	if err != nil {
		return domain.Plan{}, err
	}
	if open := stillOpen(r); open != "" {
		e.catchUp(ctx, r.SourceID)
		return domain.Plan{}, domain.Errorf(domain.Conflict, "%s", open)
	}
	changes, err := e.changesOf(ctx, r, func(it domain.Item) bool {
		return it.State == domain.ItemRefused || it.State == domain.ItemUnknown || notTaken(it)
	})
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan the second try: %w", err)
	}
	p := domain.Plan{
		SourceID: r.SourceID, Action: r.Action, Params: r.Params, Trigger: domain.TriggerManual, Note: r.Note, UndoOf: r.UndoOf,
		Selection: fmt.Sprintf("Refused or not known in %s from %s", domain.Quote(r.ActionTitle), when(r.CreatedAt)),
	}
	return e.planAgain(ctx, p, r.CreatedAt, changes)
}

// planAgain plans on exactly the targets of changes that were planned at a time.
func (e *Engine) planAgain(ctx context.Context, p domain.Plan, at time.Time, changes []domain.Change) (domain.Plan, error) {
	who, err := e.subjectsOf(ctx, domain.Plan{SourceID: p.SourceID, Action: p.Action, CreatedAt: at}, changes)
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan again: %w", err)
	}
	return e.plan(ctx, p, who)
}

// subjectsOf finds those whom changes of an earlier plan or run are about.
func (e *Engine) subjectsOf(ctx context.Context, p domain.Plan, changes []domain.Change) (subjects, error) {
	action, ok := ActionOf(p.Action)
	if !ok {
		return subjects{}, domain.Errorf(domain.NotFound, "There is no action %s.", domain.Quote(p.Action))
	}
	return action.Subject.again(ctx, e, p, changes)
}

// when writes a time as the operator's own clock shows it.
func when(t time.Time) string {
	return t.Local().Format("2 Jan 2006 15:04") //nolint:gosmopolitan // the operator's clock is meant
}

// changesOf collects the changes of chosen items.
func (e *Engine) changesOf(ctx context.Context, r domain.Run, want func(domain.Item) bool) ([]domain.Change, error) {
	var changes []domain.Change
	err := e.o.Store.EachItem(ctx, r.ID, func(it domain.Item) error {
		if want(it) {
			changes = append(changes, it.Change)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the run's items: %w", err)
	}
	return changes, nil
}
