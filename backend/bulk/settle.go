package bulk

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

// How an unclear answer is settled by reading.
const (
	readGap    = 5 * time.Second // least distance between the two reads that must agree
	maxReads   = 5               // when no two in a row agree, it cannot be known
	readTries  = 3               // how often one read may fail
	readWait   = 5 * time.Second // between such tries
	howUnknown = "It cannot be known whether this was carried out: "
)

// undecided is the state after reads that kept differing.
const undecided domain.State = ""

// settleTask settles an item that an earlier process left in intent.
func (r *runner) settleTask(it domain.Item) {
	defer r.rescueTask(it, true)
	r.outcomes <- r.settle(it, true)
}

// settle reads until two reads in a row agree, after Atlassian had time to show the change.
func (r *runner) settle(it domain.Item, rescue bool) outcome {
	o := outcome{item: it, answer: answerUnsettled, rescue: rescue}
	if err := sleep(r.ctx, time.Until(it.IntentAt.Add(r.of(it.Change).Visible))); err != nil {
		o.err = domain.AsError(err)
		return o
	}
	last := undecided
	for n := range maxReads {
		if n > 0 {
			if err := sleep(r.ctx, readGap); err != nil {
				o.err = domain.AsError(err)
				return o
			}
		}
		state, err := r.readState(it.Change)
		if err != nil {
			o.err = domain.AsError(err)
			return o
		}
		if n > 0 && state == last {
			o.answer, o.state = answerSettled, state
			return o
		}
		last = state
	}
	o.answer, o.state = answerSettled, undecided
	return o
}

// readState reads one target's state, with a few tries.
func (r *runner) readState(c domain.Change) (domain.State, error) {
	for try := 1; ; try++ {
		found, err := r.readOne(c)
		if err == nil {
			return r.stateOf(found[c.Target.Key()], c), nil
		}
		e, wait := domain.AsError(err), readWait
		if e.Code == domain.RateLimited && e.RetryAfter > 0 && e.RetryAfter <= maxHold {
			wait = e.RetryAfter
		}
		if try == readTries || e.Code != domain.RateLimited && e.Code != domain.Unreachable {
			return "", err
		}
		if err := sleep(r.ctx, wait); err != nil {
			return "", err
		}
	}
}

func (r *runner) readOne(c domain.Change) (map[string]Reading, error) {
	ctx, cancel := context.WithTimeout(r.ctx, callLimit)
	defer cancel()
	return r.read(ctx, []domain.Item{{Change: c}})
}

// settled gives an item the end that two equal reads prove, or lets it be sent once more when they prove that nothing
// happened.
func (r *runner) settled(it domain.Item, state domain.State) {
	switch {
	case state == r.of(it.Change).Goal:
		r.finish(it, domain.ItemDone, domain.ByRead, "")
	case state == it.Change.Expect && it.Attempts < maxAttempts:
		it.Reason = "A first call got no clear answer; two readings showed that it was not carried out."
		r.planAgain(it)
	case state == it.Change.Expect:
		r.finish(it, domain.ItemUnknown, domain.ByRead, fmt.Sprintf("%sno clear answer came %d times, and two readings still showed %s.", howUnknown, it.Attempts, quoted(state)))
	case state == undecided:
		r.finish(it, domain.ItemUnknown, domain.ByRead, howUnknown+"readings kept differing.")
	default:
		r.finish(it, domain.ItemUnknown, domain.ByRead, fmt.Sprintf("%stwo readings showed %s.", howUnknown, quoted(state)))
	}
}
