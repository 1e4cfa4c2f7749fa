package bulk

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

// Confirm starts the run of a plan. hash is the hash of the plan as the operator saw it; typed is what the operator
// typed, which must be the number of changes where the plan asks for it.
//
// key is the source's key for changes where the operator is asked for it at each run, else empty. A key that is missing
// or not accepted is an error before anything begins, with Field "key" where it was typed.
//
// It works once for a plan. It fails with Stale when the plan is not what was seen or is older than an hour, or when
// runs since then made it one that stops; with Invalid (Field "typed") when the number is wrong, (Field "words") when
// the plan stops; and with Conflict when the guard blocks the plan, when it was confirmed before, or when another run
// of the source is not over.
func (e *Engine) Confirm(ctx context.Context, planID, hash, typed string, key domain.Secret) (domain.Run, error) {
	return e.confirm(ctx, planID, hash, consent{typed: strings.TrimSpace(typed)}, key)
}

// Raise is Confirm for a plan that stops: it raises the caps of this plan alone, by its words and a reason, both of
// which the run keeps. It fails also with Invalid (Field "words" or "reason").
func (e *Engine) Raise(ctx context.Context, planID, hash, words, reason string, key domain.Secret) (domain.Run, error) {
	return e.confirm(ctx, planID, hash, consent{words: words, reason: reason}, key)
}

// consent is what an operator says to a plan.
type consent struct {
	typed         string // the number of changes, where it is asked for
	words, reason string // what raises the caps at which the plan stops
}

func (e *Engine) confirm(ctx context.Context, planID, hash string, said consent, key domain.Secret) (domain.Run, error) {
	p, err := e.GetPlan(ctx, planID)
	if err != nil {
		return domain.Run{}, err
	}
	if err := e.mayConfirm(ctx, p, hash, said.typed); err != nil {
		return domain.Run{}, err
	}
	raised, err := raise(p, said)
	if err != nil {
		return domain.Run{}, err
	}
	src, err := e.o.Source(ctx, p.SourceID)
	if err != nil {
		return domain.Run{}, fmt.Errorf("confirm the plan: %w", err)
	}
	if src.Paused {
		return domain.Run{}, domain.Errorf(domain.Conflict, "The source is paused.").WithHint("Resume it under Sources first.")
	}
	action, ok := ActionOf(p.Action)
	if !ok {
		return domain.Run{}, domain.Errorf(domain.NotFound, "There is no action %s.", domain.Quote(p.Action))
	}
	r := domain.Run{
		ID: rand.Text(), PlanID: p.ID, SourceID: p.SourceID, SourceName: src.Name, Action: p.Action, ActionTitle: action.Title, Params: p.Params,
		Trigger: p.Trigger, Operator: e.o.Operator, Selection: p.Selection, Note: p.Note, UndoOf: p.UndoOf,
		State: domain.RunRunning, CreatedAt: now(), Confirmed: said.typed, Raised: raised,
	}
	if raised != nil {
		r.Confirmed, r.Note = raised.Words, cmp.Or(r.Note, raised.Reason)
	}
	unlocked, err := e.unlock(ctx, src, action, key)
	if err != nil {
		return domain.Run{}, err
	}
	if err := e.start(ctx, p, r, action, unlocked); err != nil {
		if unlocked != nil {
			unlocked.Close()
		}
		return domain.Run{}, err
	}
	return e.stored(context.WithoutCancel(ctx), r.ID)
}

// stored reads a run.
func (e *Engine) stored(ctx context.Context, runID string) (domain.Run, error) {
	r, err := e.o.Store.Run(ctx, runID)
	if err != nil {
		return r, fmt.Errorf("read the run: %w", err)
	}
	return r, nil
}

// mayConfirm checks everything that needs no lock; the store checks once more what two clicks could race for.
func (e *Engine) mayConfirm(ctx context.Context, p domain.Plan, hash, typed string) error {
	const again = "Make a new preview."
	switch {
	case p.RunID != "":
		return domain.Errorf(domain.Conflict, "This plan was confirmed before.").WithHint("Look at its run under Run logs.")
	case p.Hash != hash:
		return domain.Errorf(domain.Stale, "The plan is not the one that was shown.").WithHint(again)
	case !time.Now().Before(p.ExpiresAt):
		return domain.Errorf(domain.Stale, "The plan is older than an hour.").WithHint(again)
	case p.Blocked():
		for _, f := range p.Findings {
			if f.Level == domain.GuardBlock {
				return domain.Errorf(domain.Conflict, "%s", f.Message).WithHint(f.Hint)
			}
		}
	case p.MustType() && typed != strconv.Itoa(p.Counts[domain.VerdictChange]):
		return &domain.Error{
			Code: domain.Invalid, Field: "typed", Message: "The typed number is not the number of changes.",
			Hint: fmt.Sprintf("Type %d to confirm.", p.Counts[domain.VerdictChange]),
		}
	}
	stored, err := hashOf(p, func(fn func(domain.Change) error) error { return e.o.Store.EachChange(ctx, p.ID, fn) })
	if err != nil {
		return fmt.Errorf("check the stored plan: %w", err)
	}
	if stored != hash {
		return domain.Errorf(domain.Stale, "The stored plan was changed after it was shown.").WithHint(again)
	}
	return nil
}

// start stores the run and begins it with what was unlocked for it, nil for nothing. The lock is held over both, so
// that no two runs of a source can begin.
func (e *Engine) start(ctx context.Context, p domain.Plan, r domain.Run, action Action, unlocked *source.Unlocked) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.free(r.SourceID); err != nil {
		return err
	}
	if err := e.stillHolds(ctx, p, action); err != nil {
		return err
	}
	if err := e.stillAlready(ctx, p, action); err != nil {
		return err
	}
	if err := e.o.Store.StartRun(ctx, r, p.Hash, now()); err != nil {
		return fmt.Errorf("start the run: %w", err)
	}
	stored, err := e.o.Store.Run(context.WithoutCancel(ctx), r.ID) // it is running on disk, whoever gives up now
	if err != nil {
		return fmt.Errorf("start the run: %w", err)
	}
	e.launch(stored, action, unlocked)
	e.o.Bus.Publish(events.Event{Topic: events.RunsChanged, SourceID: r.SourceID})
	e.o.Log.Info("run started", "run", r.ID, "action", r.Action, "items", stored.Total)
	return nil
}

// free refuses while the engine is closing or calls of another run at the source are under way. The caller holds the
// lock.
func (e *Engine) free(sourceID string) error {
	if e.closed {
		return domain.Errorf(domain.Cancelled, "Seatkeeper is closing.")
	}
	for _, r := range e.runners {
		if r.sourceID == sourceID && !r.reading && !r.over() {
			return domain.Errorf(domain.Conflict, "Another run of this source is not over yet.").WithHint("Wait for it, or stop it.")
		}
	}
	return nil
}

// launch begins the work on a stored run in the background, which closes what was unlocked for it. The caller holds the
// lock.
func (e *Engine) launch(r domain.Run, action Action, unlocked *source.Unlocked) {
	run := newRunner(e, r, action)
	run.held.take(unlocked)
	e.runners[r.ID] = run
	go run.main()
}
