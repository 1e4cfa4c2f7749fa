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
	// maxRecheck bounds how many people are read afresh before a run: beyond that it would take too long, and whoever
	// is to be changed is read again just before the call anyway. Whoever is said to be already so gets no call, so of
	// a larger plan they are the ones who are read.
	maxRecheck = 2000
	// recheckChunk people are read, then it is told how far it is.
	recheckChunk = 40
	shownNames   = 5
)

// target is what a change is about.
type target struct{ subject, directory, group, app, role string }

// Recheck reads the people or groups of a plan afresh and judges exactly its targets again. Where the result is another
// one, a new plan takes the place of the old one and must be looked at; else the plan stands as it is. CancelRecheck
// ends it with Cancelled; then, and on any other error, the plan stays.
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
	before := map[planned]domain.Change{}
	known := map[string]domain.Target{}
	var changes []domain.Change
	var targets, idle []domain.Target // one for each person or group; of idle ones something is said to be already so
	quiet := map[string]bool{}
	err = e.o.Store.EachChange(ctx, planID, func(c domain.Change) error {
		before[plannedOf(c)] = c
		if c.Verdict == domain.VerdictAlready && !quiet[c.Target.Key()] {
			quiet[c.Target.Key()] = true
			idle = append(idle, c.Target)
		}
		changes = append(changes, c)
		if _, seen := known[c.Target.Key()]; !seen {
			targets = append(targets, c.Target)
			known[c.Target.Key()] = c.Target
		}
		return nil
	})
	if err != nil {
		return domain.Recheck{}, fmt.Errorf("read the plan's changes: %w", err)
	}
	r := domain.Recheck{Plan: p}
	if r.Checked, r.Skipped, err = e.readAfresh(ctx, p, targets, idle); err != nil {
		return r, fmt.Errorf("read the plan's people afresh: %w", err)
	}
	if r.Checked == 0 {
		return r, nil
	}
	who, err := e.subjectsOf(ctx, p, changes)
	if err != nil {
		return r, err
	}
	if action, _ := ActionOf(p.Action); r.Skipped == "" {
		if err := action.Subject.complete(ctx, e, p, &who); err != nil {
			return r, err
		}
	}
	after, err := e.judge(ctx, p, who)
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
	if r.Plan, err = e.plan(ctx, again, who); err != nil {
		return r, err
	}
	r.Changed = len(changed)
	for _, key := range changed[:min(len(changed), shownNames)] {
		r.Names = append(r.Names, known[key].Name)
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

// readAfresh brings the local copy of the people up to date and tells how far it is; of too many only those who are
// idle.
func (e *Engine) readAfresh(ctx context.Context, p domain.Plan, targets, idle []domain.Target) (read int, skipped string, err error) {
	action, ok := ActionOf(p.Action)
	if !ok {
		return 0, "", domain.Errorf(domain.NotFound, "There is no action %s.", domain.Quote(p.Action))
	}
	refresh, what := action.Subject.refresh(e), action.what()
	single := "This source cannot read single " + what + ". Each is compared again just before the call."
	switch {
	case refresh == nil:
		return 0, single, nil
	case len(targets) > maxRecheck:
		skipped = fmt.Sprintf("%d %s are too many to be read again now. Each that is to be changed is compared again just before the call.", len(targets), what)
		if len(idle) > maxRecheck {
			skipped += fmt.Sprintf(" %d are said to be already so by the local copy: these get no call.", len(idle))
		}
		if len(idle) == 0 || len(idle) > maxRecheck {
			return 0, skipped, nil
		}
		targets = idle
	}
	tell := func() {
		e.o.Bus.Publish(events.Event{
			Topic: events.PlanRechecked, SourceID: p.SourceID,
			Payload: domain.RecheckProgress{PlanID: p.ID, Done: read, Total: len(targets)},
		})
	}
	tell()
	for chunk := range slices.Chunk(targets, recheckChunk) {
		switch err := refresh(ctx, p.SourceID, chunk); {
		case ctx.Err() != nil:
			return read, "", &domain.Error{Code: domain.Cancelled, Message: "Reading the " + what + " was stopped. Nothing was changed.", Err: ctx.Err()}
		case domain.CodeOf(err) == domain.Unsupported && read == 0:
			return 0, single, nil
		case err != nil:
			return read, "", err
		}
		read += len(chunk)
		tell()
	}
	return read, skipped, nil
}

// judge makes the changes of a plan anew without storing them.
func (e *Engine) judge(ctx context.Context, p domain.Plan, who subjects) (map[planned]domain.Change, error) {
	action, ok := ActionOf(p.Action)
	if !ok {
		return nil, domain.Errorf(domain.NotFound, "There is no action %s.", domain.Quote(p.Action))
	}
	src, err := e.o.Source(ctx, p.SourceID)
	if err != nil {
		return nil, fmt.Errorf("look at the plan again: %w", err)
	}
	d := draft{plan: p, action: action, source: src, subjects: who}
	changes, err := e.changes(ctx, &d)
	if err != nil {
		return nil, fmt.Errorf("look at the plan again: %w", err)
	}
	all := make(map[planned]domain.Change, len(changes))
	for _, c := range changes {
		all[plannedOf(c)] = c
	}
	return all, nil
}

// planned is a target within a step of a plan.
type planned struct {
	target

	step int
}

func plannedOf(c domain.Change) planned { return planned{targetOf(c), c.Step} }

func targetOf(c domain.Change) target { return keyOf(c.Target) }

func keyOf(t domain.Target) target { return target{t.Key(), t.DirectoryID, t.GroupID, t.AppID, t.Role} }

// differing gives the keys of the people or groups, in order, for whom two judgements differ in what is done or why
// not.
func differing(before, after map[planned]domain.Change) []string {
	differ := map[string]bool{}
	compare := func(a, b map[planned]domain.Change) {
		for t, c := range a {
			other, there := b[t]
			if !there || c.Verdict != other.Verdict || c.Reason != other.Reason || c.Expect != other.Expect || c.Undo != other.Undo ||
				!reflect.DeepEqual(c.Before, other.Before) ||
				!reflect.DeepEqual(append([]domain.Diff{}, c.Diffs...), append([]domain.Diff{}, other.Diffs...)) {
				differ[t.subject] = true
			}
		}
	}
	compare(before, after)
	compare(after, before)
	var all []string
	for key := range differ {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}
