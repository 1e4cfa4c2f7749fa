package bulk

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// A plan above these shares of the source's people, or groups, stops. The floors keep small sources out of it: a few
// people are a large share there, and their names fit on a screen.
const (
	stopPercent = 25
	stopFloor   = 10 // up to so many never stop
	// The same for what an undo does not give back whole.
	stopPercentForGood = 5
	stopFloorForGood   = 5
	// stopWindow is how far back runs of the same action count with a plan: cut into slices it would harm as many.
	stopWindow = 24 * time.Hour
)

// stopCap is the share above which a plan of the action stops, and how many never do.
func (a Action) stopCap() (percent, floor int) {
	if !a.Reversible || a.Subject.ends() {
		return stopPercentForGood, stopFloorForGood
	}
	return stopPercent, stopFloor
}

// mayStop tells whether size can stop a plan. What gives people back what a run took must not be held up, however large
// the mistake; nor is an undo of new groups, which deletes only those that nobody is in yet. An undo that takes from
// people stops as any other plan.
func (a Action) mayStop(p domain.Plan) bool {
	return a.Risk != RiskLow && (p.UndoOf == "" || !a.Gives && !a.Subject.ends())
}

// reach is whom changes are about, and who loses an app by them with a group; by the target's key and by account id.
type reach struct{ subjects, losers map[string]bool }

func newReach() reach { return reach{map[string]bool{}, map[string]bool{}} }

func (r reach) add(subject string, b *domain.GroupBefore) {
	r.subjects[subject] = true
	if b != nil {
		for _, account := range b.Lose {
			r.losers[account] = true
		}
	}
}

// PastRuns is the part of the store that tells what was done before a plan.
type PastRuns interface {
	// Runs returns a page of runs, newest first, and how many match in all.
	Runs(ctx context.Context, q domain.RunQuery) ([]domain.Run, int, error)
	// ItemsOf counts what runs of some actions, or of several in order, begun since a time, did, may have done or are
	// about to do at a source.
	ItemsOf(ctx context.Context, sourceID string, actions []string, since time.Time) (int, error)
	// UnrefreshedOf returns what Store.Unrefreshed does for all runs of a source, and the items in intent.
	UnrefreshedOf(ctx context.Context, sourceID string) ([]domain.Item, error)
}

// today is the reach of a plan together with that of the last day's runs of the same action, or of one of its steps.
// Who was given back by a later run is not counted, who is meant twice is counted once.
func (e *Engine) today(ctx context.Context, p domain.Plan, a Action, own reach, all int) (reach, error) {
	if !a.mayStop(p) {
		return own, nil
	}
	since := now().Add(-stopWindow)
	before, err := e.o.Store.ItemsOf(ctx, p.SourceID, stepsOf(a.Kind), since.Add(-stopWindow))
	if err != nil {
		return own, fmt.Errorf("count what the last day's runs did: %w", err)
	}
	if percent, floor := a.stopCap(); before == 0 || !a.Subject.ends() && !exceeds(len(own.subjects)+before, all, percent, floor) {
		return own, nil // even if nobody was meant twice
	}
	runs, err := e.recent(ctx, p.SourceID, a, since)
	if err != nil {
		return own, err
	}
	left := map[target]*domain.GroupBefore{}
	for _, r := range runs {
		err := e.o.Store.EachItem(ctx, r.ID, func(it domain.Item) error {
			kinds := stepsOf(r.Action)
			kind := kinds[min(it.Change.Step, len(kinds)-1)]
			switch t := targetOf(it.Change); {
			case slices.Contains(stepsOf(a.Kind), kind):
				if mayHaveChanged(it.State, r) {
					left[t] = it.Change.Before
				}
			case it.State == domain.ItemDone && slices.Contains(stepsOf(a.Inverse), kind):
				delete(left, t)
			}
			return nil
		})
		if err != nil {
			return own, fmt.Errorf("read what the last day's runs did: %w", err)
		}
	}
	sum := reach{maps.Clone(own.subjects), maps.Clone(own.losers)}
	for t, before := range left {
		sum.add(t.subject, before)
	}
	return sum, nil
}

func mayHaveChanged(s domain.ItemState, r domain.Run) bool {
	return s == domain.ItemDone || s == domain.ItemUnknown || s == domain.ItemIntent || s == domain.ItemPlanned && r.Active()
}

// recent gives the runs since a time that share a step with an action or its way back, oldest first; those that never
// stop are left out.
func (e *Engine) recent(ctx context.Context, sourceID string, a Action, since time.Time) ([]domain.Run, error) {
	var runs []domain.Run
	for {
		// A run may have begun long before it did most of its work.
		page, total, err := e.o.Store.Runs(ctx, domain.RunQuery{SourceIDs: []string{sourceID}, From: since.Add(-stopWindow), Offset: len(runs), Limit: 500})
		if err != nil {
			return nil, fmt.Errorf("look for the last day's runs: %w", err)
		}
		runs = append(runs, page...)
		if len(page) == 0 || len(runs) >= total {
			break
		}
	}
	shared := func(r domain.Run, kind string) bool {
		return slices.ContainsFunc(stepsOf(r.Action), func(one string) bool { return slices.Contains(stepsOf(kind), one) })
	}
	runs = slices.DeleteFunc(runs, func(r domain.Run) bool {
		forward := shared(r, a.Kind)
		return !forward && !shared(r, a.Inverse) || forward && !a.mayStop(domain.Plan{UndoOf: r.UndoOf}) ||
			!r.Active() && r.CreatedAt.Before(since) && r.FinishedAt.Before(since)
	})
	slices.Reverse(runs)
	return runs, nil
}

func exceeds(count, all, percent, floor int) bool { return count > floor && count*100 > all*percent }

// guardStop says what stops the plan.
func guardStop(in guardInput) []domain.GuardFinding {
	if !in.action.mayStop(in.plan) {
		return nil
	}
	percent, floor := in.action.stopCap()
	var found []domain.GuardFinding
	stop := func(rule string, own, count, all int, what, does, verb string) {
		if own == 0 || !exceeds(count, all, percent, floor) {
			return
		}
		earlier := ""
		if n := count - own; n > 0 {
			earlier = "with the " + domain.Thousands(n) + " of the last 24 hours "
		}
		many := domain.Thousands(count) + " of " + domain.Thousands(all) + " " + what
		found = append(found, domain.GuardFinding{
			Level: domain.GuardStop, Rule: rule,
			Message: fmt.Sprintf("This plan stops: %sit would %s (%s).", earlier, strings.Replace(does, "…", many, 1), share(count, all)),
			Hint:    fmt.Sprintf("Above %d %% of the %s it goes on only when you raise the cap for this plan, in words and with a reason.", percent, what),
			Stop:    &domain.Stop{Count: count, Of: all, Limit: percent, Words: verb + " " + many},
		})
	}
	all := in.total
	if in.action.Subject.ends() {
		all += len(in.today.subjects) - len(in.reach.subjects) // the last day's are gone, and belong to the whole
	}
	verb := strings.ToLower(in.action.Verb)
	stop("stop", len(in.reach.subjects), len(in.today.subjects), all, in.action.what(), lowerFirst(in.action.Sentence(in.plan, "…")), verb)
	stop("stop_access", len(in.reach.losers), len(in.today.losers), in.fresh.People, "people", "take access to an app from …", "take access from")
	return found
}

// stillHolds refuses a plan that other runs, since it was made, have made one that stops, or stops for more than was
// said: plans that are made side by side and confirmed one after the other.
func (e *Engine) stillHolds(ctx context.Context, p domain.Plan, a Action) error {
	if !a.mayStop(p) {
		return nil
	}
	since, err := e.o.Store.ItemsOf(ctx, p.SourceID, stepsOf(a.Kind), p.CreatedAt)
	if err != nil {
		return fmt.Errorf("count what runs did since the preview: %w", err)
	}
	if since == 0 {
		return nil
	}
	l, err := e.local(ctx, p.SourceID)
	if err != nil {
		return err
	}
	in := guardInput{plan: p, action: a, fresh: l.fresh, total: a.Subject.in(l), reach: newReach()}
	err = e.o.Store.EachChange(ctx, p.ID, func(c domain.Change) error {
		if c.Verdict == domain.VerdictChange {
			in.reach.add(c.Target.Key(), c.Before)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the plan's changes: %w", err)
	}
	if in.today, err = e.today(ctx, p, a, in.reach, in.total); err != nil {
		return err
	}
	for _, f := range guardStop(in) {
		said := func(old domain.GuardFinding) bool {
			return old.Stop != nil && old.Rule == f.Rule && old.Stop.Count >= f.Stop.Count
		}
		if !slices.ContainsFunc(p.Findings, said) {
			return domain.Errorf(domain.Stale, "Another run began since this preview. %s", f.Message).WithHint("Make a new preview.")
		}
	}
	return nil
}

// raise checks the words and the reason that raise the caps of a plan, and gives what is recorded; nil for a plan that
// nothing stops.
func raise(p domain.Plan, a consent) (*domain.Raised, error) {
	wanted := p.RaiseWords()
	if wanted == "" {
		return nil, nil //nolint:nilnil // nothing was raised, and nothing is wrong
	}
	if !sameWords(a.words, wanted) {
		return nil, &domain.Error{
			Code: domain.Invalid, Field: "words", Message: "These are not the words that raise the cap for this plan.", Hint: "Type: " + wanted,
		}
	}
	r := &domain.Raised{Words: clip(strings.TrimSpace(a.words)), Reason: clip(strings.TrimSpace(a.reason))}
	if !strings.ContainsFunc(r.Reason, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
		return nil, &domain.Error{Code: domain.Invalid, Field: "reason", Message: "The reason is missing.", Hint: "Say why so many are meant; it is kept in the run log."}
	}
	for _, f := range p.Findings {
		if f.Stop != nil {
			r.Caps = append(r.Caps, f.Message)
		}
	}
	return r, nil
}

// sameWords compares what was typed; case, blanks and the commas of numbers do not matter.
func sameWords(typed, wanted string) bool {
	plain := func(s string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(s), ",", "")), " ")
	}
	return plain(typed) == plain(wanted)
}

// share writes a part in percent, never smaller than it is.
func share(count, all int) string {
	return strconv.FormatFloat(math.Ceil(float64(count)*1000/float64(max(all, 1)))/10, 'f', -1, 64) + " %"
}

func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}
