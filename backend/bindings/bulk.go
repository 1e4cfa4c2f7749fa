package bindings

import (
	"context"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

// Bulk is bulk actions: plan, confirm, steer, undo.
type Bulk struct{ *core }

// Actions lists the actions with whether the source can do them.
func (x *Bulk) Actions(sourceID string) ([]ActionView, error) {
	return call(x.given(sourceID), "Bulk.Actions", func(ctx context.Context, s *Services) ([]ActionView, error) {
		draw, err := drawer(ctx, s, sourceID)
		if err != nil {
			return nil, err
		}
		all, err := s.Bulk.Actions(ctx, sourceID)
		return list(all, func(a bulk.ActionInfo) ActionView { return actionView(a, draw(a.Params)) }), err
	})
}

// Preview stores a plan over the selected people or, for an action about groups, over the groups that the request
// names.
func (x *Bulk) Preview(req PlanRequest) (PlanView, error) {
	return call(x.given(req), "Bulk.Preview", func(ctx context.Context, s *Services) (_ PlanView, err error) {
		wanted := bulk.Request{SourceID: req.SourceID, Action: req.Action, Params: req.Params, Note: req.Note, Selection: req.Selection, Groups: req.Groups}
		if action, ok := bulk.ActionOf(req.Action); ok && action.Subject.Noun() == "person" {
			if wanted.Users, err = s.Directory.SelectedUsers(ctx, req.SourceID); err != nil {
				return PlanView{}, err
			}
		}
		knock(s, req.SourceID)
		plan, err := s.Bulk.Plan(ctx, wanted)
		if err != nil {
			return PlanView{}, err
		}
		return planView(ctx, s, plan)
	})
}

// Plan reads a stored plan.
func (x *Bulk) Plan(planID string) (PlanView, error) {
	return call(x.given(planID), "Bulk.Plan", func(ctx context.Context, s *Services) (PlanView, error) {
		plan, err := s.Bulk.GetPlan(ctx, planID)
		if err != nil {
			return PlanView{}, err
		}
		return planView(ctx, s, plan)
	})
}

// Changes reads a page of a plan.
func (x *Bulk) Changes(q ChangeQuery) (ChangePage, error) {
	return call(x.given(q), "Bulk.Changes", func(ctx context.Context, s *Services) (ChangePage, error) {
		if err := checkPage(q.From, q.Count); err != nil {
			return ChangePage{}, err
		}
		changes, total, err := s.Bulk.Changes(ctx, q.PlanID, bulk.ChangeQuery{
			Verdict: domain.Verdict(q.Verdict), Search: q.Search, Used: q.Used, From: q.From, Count: q.Count,
		})
		return ChangePage{Changes: list(changes, changeView), Total: total}, err
	})
}

// Recheck reads the people of a plan afresh before it is confirmed; meanwhile "recheck" events tell how far it is.
// Where somebody has changed, the answer's plan is another one, to be looked at. CancelRecheck gives an error with code
// "cancelled".
func (x *Bulk) Recheck(planID string) (RecheckView, error) {
	return call(x.given(planID), "Bulk.Recheck", func(ctx context.Context, s *Services) (RecheckView, error) {
		knockForPlan(ctx, s, planID)
		r, err := s.Bulk.Recheck(ctx, planID)
		if err != nil {
			return RecheckView{}, err
		}
		v := RecheckView{Changed: r.Changed, Names: list(r.Names, func(n string) string { return n }), Checked: r.Checked, Skipped: r.Skipped}
		v.Plan, err = planView(ctx, s, r.Plan)
		return v, err
	})
}

// CancelRecheck stops reading the people of a plan; without such a reading it does nothing.
func (x *Bulk) CancelRecheck(planID string) error {
	return do(x.given(planID), "Bulk.CancelRecheck", func(_ context.Context, s *Services) error {
		s.Bulk.CancelRecheck(planID)
		return nil
	})
}

// Discard deletes a plan that was not run.
func (x *Bulk) Discard(planID string) error {
	return do(x.given(planID), "Bulk.Discard", func(ctx context.Context, s *Services) error { return s.Bulk.Discard(ctx, planID) })
}

// Confirm starts the run of a plan, once; hash is what the operator saw, typed the number of changes where it must be
// typed. key is the source's key for changes where it is asked for at each run, else ""; it is kept in memory for this
// run only. A run about people ends the selection: whoever is selected afterwards was chosen afterwards.
func (x *Bulk) Confirm(planID, hash, typed, key string) (RunView, error) {
	return call(x.given(planID, hash, typed, key), "Bulk.Confirm", func(ctx context.Context, s *Services) (RunView, error) {
		knockForPlan(ctx, s, planID)
		run, err := s.Bulk.Confirm(ctx, planID, hash, typed, domain.NewSecret(key))
		return begun(s, run, err)
	})
}

// begun ends the selection that a run about people was made of.
func begun(s *Services, run domain.Run, err error) (RunView, error) {
	if action, ok := bulk.ActionOf(run.Action); err == nil && ok && action.Subject.Noun() == "person" {
		s.Directory.ClearSelection(run.SourceID)
	}
	return runView(run), err
}

// Raise is Confirm for a plan that stops: words are its words, reason says why its caps are raised; both stand in the
// run log. It ends the selection as Confirm does.
func (x *Bulk) Raise(planID, hash, words, reason, key string) (RunView, error) {
	return call(x.given(planID, hash, words, reason, key), "Bulk.Raise", func(ctx context.Context, s *Services) (RunView, error) {
		knockForPlan(ctx, s, planID)
		run, err := s.Bulk.Raise(ctx, planID, hash, words, reason, domain.NewSecret(key))
		return begun(s, run, err)
	})
}

// WithoutUsed stores, in the place of a plan, one without the people who used an app lately.
func (x *Bulk) WithoutUsed(planID string) (PlanView, error) {
	return call(x.given(planID), "Bulk.WithoutUsed", func(ctx context.Context, s *Services) (PlanView, error) {
		plan, err := s.Bulk.WithoutUsed(ctx, planID)
		if err != nil {
			return PlanView{}, err
		}
		return planView(ctx, s, plan)
	})
}

// Pause pauses a run after the calls under way.
func (x *Bulk) Pause(runID string) error {
	return do(x.given(runID), "Bulk.Pause", func(ctx context.Context, s *Services) error { return s.Bulk.Pause(ctx, runID) })
}

// Resume goes on with a paused run; key is as in Confirm.
func (x *Bulk) Resume(runID, key string) error {
	return do(x.given(runID, key), "Bulk.Resume", func(ctx context.Context, s *Services) error {
		knockForRun(ctx, s, runID)
		return s.Bulk.Resume(ctx, runID, domain.NewSecret(key))
	})
}

// Stop ends a run after the calls under way; the rest is not started.
func (x *Bulk) Stop(runID string) error {
	return do(x.given(runID), "Bulk.Stop", func(ctx context.Context, s *Services) error { return s.Bulk.Stop(ctx, runID) })
}

// PreviewUndo stores a plan that takes a run back.
func (x *Bulk) PreviewUndo(runID string) (PlanView, error) {
	return call(x.given(runID), "Bulk.PreviewUndo", func(ctx context.Context, s *Services) (PlanView, error) {
		knockForRun(ctx, s, runID)
		plan, err := s.Bulk.PlanUndo(ctx, runID)
		if err != nil {
			return PlanView{}, err
		}
		return planView(ctx, s, plan)
	})
}

// PreviewRetry stores a plan that tries a run's refused and unknown results again.
func (x *Bulk) PreviewRetry(runID string) (PlanView, error) {
	return call(x.given(runID), "Bulk.PreviewRetry", func(ctx context.Context, s *Services) (PlanView, error) {
		knockForRun(ctx, s, runID)
		plan, err := s.Bulk.PlanRetry(ctx, runID)
		if err != nil {
			return PlanView{}, err
		}
		return planView(ctx, s, plan)
	})
}
