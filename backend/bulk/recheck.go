package bulk

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

const (
	// maxRecheck bounds how many people are read afresh before a run: beyond that it would take too long, and each person is read again just
	// before the call anyway.
	maxRecheck = 2000
	// recheckChunk people are read, then it is told how far it is.
	recheckChunk = 40
	shownNames   = 5
)

// target is what a change is about.
type target struct{ account, directory, group string }

// Recheck reads the people of a plan afresh and judges exactly its targets again. Where the result is another one, a new plan takes the place
// of the old one and must be looked at; else the plan stands as it is. CancelRecheck ends it with Cancelled; then, and on any other error,
// the plan stays.
func (e *Engine) Recheck(ctx context.Context, planID string) (domain.Recheck, error) {
	ctx, done, err := e.beginRecheck(ctx, planID)
	if err != nil {
		return domain.Recheck{}, err
	}
	defer done()
	p, err := e.GetPlan(ctx, planID)
	if err != nil {
		return domain.Recheck{}, err
	}
	if p.RunID != "" {
		return domain.Recheck{}, domain.Errorf(domain.Conflict, "This plan was confirmed before.").WithHint("Look at its run under Run logs.")
	}
	before := map[target]domain.Change{}
	targets, known := map[string][]domain.Target{}, map[string]domain.Target{}
	var accounts []string
	err = e.o.Store.EachChange(ctx, planID, func(c domain.Change) error {
		before[targetOf(c)] = c
		if _, seen := targets[c.Target.AccountID]; !seen {
			accounts = append(accounts, c.Target.AccountID)
			known[c.Target.AccountID] = c.Target
		}
		targets[c.Target.AccountID] = append(targets[c.Target.AccountID], c.Target)
		return nil
	})
	if err != nil {
		return domain.Recheck{}, fmt.Errorf("read the plan's changes: %w", err)
	}
	r := domain.Recheck{Plan: p}
	if r.Checked, r.Skipped, err = e.readAfresh(ctx, p, accounts); err != nil {
		return r, fmt.Errorf("read the plan's people afresh: %w", err)
	}
	if r.Checked == 0 {
		return r, nil
	}
	users, err := e.peopleOf(ctx, p.SourceID, accounts, known, p.CreatedAt)
	if err != nil {
		return r, err
	}
	after, err := e.judge(ctx, p, users, targets)
	if err != nil {
		return r, err
	}
	changed := differing(before, after)
	if len(changed) == 0 {
		return r, nil
	}
	again := domain.Plan{
		SourceID: p.SourceID, Action: p.Action, Params: p.Params, Note: p.Note, Selection: p.Selection, Trigger: p.Trigger, UndoOf: p.UndoOf,
	}
	if r.Plan, err = e.plan(ctx, again, users, targets); err != nil {
		return r, err
	}
	r.Changed = len(changed)
	for _, account := range changed[:min(len(changed), shownNames)] {
		r.Names = append(r.Names, known[account].Name)
	}
	e.o.Log.Info("people have changed since the preview", "plan", planID, "people", r.Changed, "new plan", r.Plan.ID)
	if err := e.Discard(ctx, planID); err != nil {
		e.o.Log.Warn("an outdated plan could not be discarded; it expires by itself", "plan", planID, "error", err)
	}
	return r, nil
}

// CancelRecheck ends a fresh look that is under way; without one it does nothing.
func (e *Engine) CancelRecheck(planID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if end := e.rechecks[planID]; end != nil {
		end()
	}
}

// beginRecheck notes that a plan's people are being read, once for each plan.
func (e *Engine) beginRecheck(ctx context.Context, planID string) (context.Context, func(), error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.rechecks[planID] != nil {
		return ctx, nil, domain.Errorf(domain.Conflict, "The people of this plan are being read already.")
	}
	ctx, end := context.WithCancel(ctx)
	e.rechecks[planID] = end
	return ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.rechecks, planID)
		end()
	}, nil
}

// readAfresh brings the local copy of the people up to date and tells how far it is.
func (e *Engine) readAfresh(ctx context.Context, p domain.Plan, accounts []string) (read int, skipped string, err error) {
	switch {
	case e.o.Refresh == nil:
		return 0, "This source cannot read single people. Each person is compared again just before the call.", nil
	case len(accounts) > maxRecheck:
		return 0, fmt.Sprintf("%d people are too many to be read again now. Each is compared again just before the call.", len(accounts)), nil
	}
	tell := func() {
		e.o.Bus.Publish(events.Event{
			Topic: events.PlanRechecked, SourceID: p.SourceID,
			Payload: domain.RecheckProgress{PlanID: p.ID, Done: read, Total: len(accounts)},
		})
	}
	tell()
	for chunk := range slices.Chunk(accounts, recheckChunk) {
		switch err := e.o.Refresh(ctx, p.SourceID, chunk); {
		case ctx.Err() != nil:
			return read, "", &domain.Error{Code: domain.Cancelled, Message: "Reading the people was stopped. Nothing was changed.", Err: ctx.Err()}
		case domain.CodeOf(err) == domain.Unsupported && read == 0:
			return 0, "This source cannot read single people. Each person is compared again just before the call.", nil
		case err != nil:
			return read, "", err
		}
		read += len(chunk)
		tell()
	}
	return read, "", nil
}

// judge makes the changes of a plan anew without storing them.
func (e *Engine) judge(ctx context.Context, p domain.Plan, users []domain.User, targets map[string][]domain.Target) (map[target]domain.Change, error) {
	action, ok := Actions.Get(p.Action)
	if !ok {
		return nil, domain.Errorf(domain.NotFound, "There is no action %q.", p.Action)
	}
	src, err := e.o.Source(ctx, p.SourceID)
	if err != nil {
		return nil, fmt.Errorf("look at the plan again: %w", err)
	}
	d := draft{plan: p, action: action, source: src, users: distinct(users), targets: targets}
	changes, err := e.changes(ctx, &d)
	if err != nil {
		return nil, fmt.Errorf("look at the plan again: %w", err)
	}
	all := make(map[target]domain.Change, len(changes))
	for _, c := range changes {
		all[targetOf(c)] = c
	}
	return all, nil
}

func targetOf(c domain.Change) target {
	return target{c.Target.AccountID, c.Target.DirectoryID, c.Target.GroupID}
}

// differing gives the people, in order, for whom two judgements differ in what is done or why not.
func differing(before, after map[target]domain.Change) []string {
	people := map[string]bool{}
	compare := func(a, b map[target]domain.Change) {
		for t, c := range a {
			other, there := b[t]
			if !there || c.Verdict != other.Verdict || c.Reason != other.Reason || c.Expect != other.Expect || c.Undo != other.Undo ||
				!reflect.DeepEqual(append([]domain.Diff{}, c.Diffs...), append([]domain.Diff{}, other.Diffs...)) {
				people[t.account] = true
			}
		}
	}
	compare(before, after)
	compare(after, before)
	var all []string
	for account := range people {
		all = append(all, account)
	}
	slices.Sort(all)
	return all
}
