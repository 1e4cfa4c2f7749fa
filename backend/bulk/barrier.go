package bulk

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
)

// A run of several steps begins one when the one before is over: no call is under way, and what was answered was read
// back. Whoever did not get through it is not taken further. All that is worked out from what stands on disk, so that a
// run goes on after a crash as before.

// stepOver tells whether nothing of the step that is under way is left to do.
func (r *runner) stepOver() bool {
	return r.calls == 0 && len(r.ready) == 0 && len(r.pending) == 0 && len(r.readBacks) == 0 && len(r.unconfirmed) == 0
}

// oneStep cuts the items of a chunk after the first one's step. Of a step that has not begun there are none, until next
// says that it may begin: then it says who is not taken into it.
func (r *runner) oneStep(ctx context.Context, c *chunk, next bool) error {
	first := c.items[0].Change.Step
	for i, it := range c.items {
		if it.Change.Step != first {
			c.items = c.items[:i]
			break
		}
	}
	if first == c.step {
		return nil
	}
	if c.step = first; !next {
		c.items = nil
		return nil
	}
	barred := map[string]string{}
	err := r.e.o.Store.EachItem(ctx, r.run.ID, func(it domain.Item) error {
		through := it.State == domain.ItemDone || it.State == domain.ItemAlready
		if it.Change.Step < first && !through && barred[it.Change.Target.Key()] == "" {
			barred[it.Change.Target.Key()] = notThrough(it)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look who got through the step before: %w", err)
	}
	c.barred = barred
	return nil
}

// notTaken tells whether a change was left out because an earlier step did not succeed.
func notTaken(it domain.Item) bool {
	return it.State == domain.ItemSkipped && it.Evidence == domain.ByPlan && it.Change.Verdict == domain.VerdictChange
}

// notThrough says why somebody is not taken into the next step.
func notThrough(it domain.Item) string {
	a, _ := ActionOf(it.Change.Action)
	return fmt.Sprintf("An earlier step, %s, did not succeed: %s", domain.Quote(a.Title), domain.Visible(it.Reason))
}
