package bulk

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

// PlanUndo makes a plan that takes a run back: the inverse change for each item that was done, on exactly its target. It goes the same
// way as any other plan: guard, preview, confirmation, fresh reads. People whose state is no longer what the run left are not touched.
func (e *Engine) PlanUndo(ctx context.Context, runID string) (domain.Plan, error) {
	r, err := e.stored(ctx, runID)
	if err != nil {
		return domain.Plan{}, err
	}
	if ok, why := CanUndo(r); !ok {
		return domain.Plan{}, domain.Errorf(domain.Conflict, "%s", why)
	}
	action, _ := Actions.Get(r.Action)
	inverse, ok := Actions.Get(action.Inverse)
	if !ok {
		return domain.Plan{}, domain.Errorf(domain.Unsupported, "%s cannot be undone.", action.Title)
	}
	users, targets, err := e.targets(ctx, r, func(it domain.Item) bool {
		// The capsule names the state before the call: only a state that the inverse restores can be given back.
		return it.State == domain.ItemDone && it.Change.Undo == inverse.Goal
	})
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan the undo: %w", err)
	}
	return e.plan(ctx, domain.Plan{
		SourceID: r.SourceID, Action: inverse.Kind, Params: r.Params, Trigger: domain.TriggerUndo, UndoOf: r.ID,
		Selection: fmt.Sprintf("Undo of %q from %s", r.ActionTitle, when(r.CreatedAt)),
	}, users, targets)
}

// PlanRetry makes a plan that tries a run's refused and unknown items again, on exactly their targets.
func (e *Engine) PlanRetry(ctx context.Context, runID string) (domain.Plan, error) {
	r, err := e.stored(ctx, runID)
	if err != nil {
		return domain.Plan{}, err
	}
	if r.Active() {
		return domain.Plan{}, domain.Errorf(domain.Conflict, "The run is not over yet.")
	}
	users, targets, err := e.targets(ctx, r, func(it domain.Item) bool {
		return it.State == domain.ItemRefused || it.State == domain.ItemUnknown
	})
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan the second try: %w", err)
	}
	return e.plan(ctx, domain.Plan{
		SourceID: r.SourceID, Action: r.Action, Params: r.Params, Trigger: domain.TriggerManual, Note: r.Note, UndoOf: r.UndoOf,
		Selection: fmt.Sprintf("Refused or not known in %q from %s", r.ActionTitle, when(r.CreatedAt)),
	}, users, targets)
}

// when writes a time as the operator's own clock shows it.
func when(t time.Time) string {
	return t.Local().Format("2 Jan 2006 15:04") //nolint:gosmopolitan // the operator's clock is meant
}

// targets collects the targets of chosen items and their people from the local copy. A person that the copy no longer has is kept with
// what the run knew, so that the preview can say so instead of hiding it.
func (e *Engine) targets(ctx context.Context, r domain.Run, want func(domain.Item) bool) ([]domain.User, map[string][]domain.Target, error) {
	targets := map[string][]domain.Target{}
	var order []string
	known := map[string]domain.Target{}
	err := e.o.Store.EachItem(ctx, r.ID, func(it domain.Item) error {
		if !want(it) {
			return nil
		}
		t := it.Change.Target
		if _, seen := known[t.AccountID]; !seen {
			order = append(order, t.AccountID)
			known[t.AccountID] = t
		}
		targets[t.AccountID] = append(targets[t.AccountID], t)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the run's items: %w", err)
	}
	users, err := e.peopleOf(ctx, r.SourceID, order, known, r.CreatedAt)
	return users, targets, err
}

// peopleOf looks people up in the local copy, in order. One whom it does not have is kept with what was known, as gone.
func (e *Engine) peopleOf(
	ctx context.Context, sourceID string, order []string, known map[string]domain.Target, gone time.Time,
) ([]domain.User, error) {
	found, err := e.o.People.UsersByAccount(ctx, sourceID, order)
	if err != nil {
		return nil, fmt.Errorf("look up the people: %w", err)
	}
	byAccount := make(map[string]domain.User, len(found))
	for _, u := range found {
		byAccount[u.AccountID] = u
	}
	users := make([]domain.User, 0, len(order))
	for _, id := range order {
		u, there := byAccount[id]
		if !there {
			u = domain.User{AccountID: id, Name: known[id].Name, Email: known[id].Email, RemovedAt: gone}
		}
		users = append(users, u)
	}
	return users, nil
}
