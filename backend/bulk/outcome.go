package bulk

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

// What the engine puts up with.
const (
	maxHold      = 5 * time.Minute  // longest wait that a rate limit may ask for; beyond it the run pauses
	maxThrottled = 5                // how often in a row calls may be put off before the run pauses
	maxUnsent    = 3                // how often in a row a call may fail to leave this machine before the run pauses
	maxUnclear   = 3                // how many calls in a row may end without a clear answer before the run pauses
	maxAttempts  = 2                // how often a call may be sent that got no clear answer; the second time after a proof of absence
	callLimit    = 6 * time.Minute  // backstop: a source has shorter limits of its own, but may wait for a rate limit first
	unsentPause  = 2 * time.Second  // before a call that never left is tried again
	firstHold    = time.Second      // first wait when Atlassian does not say how long; doubled each time
	longestHold  = 30 * time.Second // and at most this
)

// answer says what one call, or the settling of one, came to.
type answer int

const (
	answerDone      answer = iota // carried out, by its own answer
	answerRefused                 // certainly not carried out, and asking again would not help
	answerAlready                 // refused, because it is so already by somebody else's hand
	answerThrottled               // certainly not carried out; ask again later
	answerUnsent                  // never left this machine
	answerHalt                    // certainly not carried out, and no other call of the run would be
	answerUnclear                 // nobody knows: first message of a call that is then settled
	answerSettled                 // two equal reads: state says what they showed
	answerUnsettled               // could not be read: stays in intent
)

// outcome is a message from a call to the loop. A call sends answerUnclear at once and its final outcome later.
type outcome struct {
	item    domain.Item
	answer  answer
	err     *domain.Error
	receipt *domain.Receipt
	state   domain.State // for answerSettled; undecided when reads kept differing
	rescue  bool         // settles an item of an earlier process
}

// classify reads the error of a call. Whoever does not say that a call was not carried out, may have carried it out.
func classify(err error) (answer, *domain.Error) {
	if err == nil {
		return answerDone, nil
	}
	e := domain.AsError(err)
	if e.Effect != domain.NotApplied {
		return answerUnclear, e
	}
	switch e.Code {
	case domain.RateLimited:
		return answerThrottled, e
	case domain.AuthFailed:
		return answerHalt, e
	case domain.Unreachable, domain.Cancelled:
		if e.Reason == "closed" { // no other call would find it open
			return answerHalt, keysChanged()
		}
		return answerUnsent, e
	case domain.Forbidden:
		if e.Reason == "ip_allowlist" || e.Reason == "scope" {
			return answerHalt, e
		}
	case domain.Unsupported, domain.Internal:
		if e.Receipt == nil { // not Atlassian's word about this person
			return answerHalt, e
		}
	case domain.Invalid, domain.NotFound, domain.Conflict, domain.Stale:
	}
	return answerRefused, e
}

// keysChanged is why a run pauses whose connection was closed under it.
func keysChanged() *domain.Error {
	return &domain.Error{
		Code: domain.Cancelled, Reason: "closed", Effect: domain.NotApplied,
		Message: "The source or one of its keys was changed or removed while the run used it.", Hint: "Resume goes on with what is set now.",
	}
}

// sendTask makes one call, and settles it by reading when its answer is not clear. The item's intent is on disk.
func (r *runner) sendTask(it domain.Item) {
	defer r.rescueTask(it, false)
	got, e, receipt := r.send(it.Change)
	if receipt != nil {
		it.Receipt = receipt
	}
	if got == answerRefused && it.Attempts == 1 && r.isSoAlready(it.Change, e) {
		got = answerAlready
	}
	if got != answerUnclear {
		r.outcomes <- outcome{item: it, answer: got, err: e, receipt: receipt}
		return
	}
	r.outcomes <- outcome{item: it, answer: answerUnclear, err: e, receipt: receipt}
	r.outcomes <- r.settle(it, false)
}

// isSoAlready tells whether a change was refused because it is there already: somebody else was quicker. The words of a
// refusal differ between servers and languages, so the state is read. An undo must not take back what the run did not
// do, so this is not done but already so.
func (r *runner) isSoAlready(c domain.Change, e *domain.Error) bool {
	switch e.Code {
	case domain.Conflict, domain.NotFound, domain.Invalid:
	default:
		return false
	}
	if e.Reason == "license" || e.Receipt == nil {
		return false
	}
	found, err := r.readOne(c)
	return err == nil && r.stateOf(found[c.Target.Key()], c) == r.of(c).Goal
}

// send makes the call. A panic in an action or source is an unclear answer.
func (r *runner) send(c domain.Change) (got answer, e *domain.Error, receipt *domain.Receipt) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("a call panicked", "seq", c.Seq, "panic", fmt.Sprint(p))
			got, e = answerUnclear, &domain.Error{Code: domain.Internal, Message: "Something went wrong inside Seatkeeper during this call.", Effect: domain.EffectUnknown}
		}
	}()
	ctx, cancel := context.WithTimeout(r.ctx, callLimit)
	defer cancel()
	src, err := r.hand()
	var answered domain.Receipt
	if err == nil {
		answered, err = r.of(c).Apply(ctx, src, c)
	}
	got, e = classify(err)
	switch {
	case e != nil && e.Receipt != nil:
		receipt = e.Receipt
	case !answered.SentAt.IsZero() || answered.Status != 0:
		receipt = &answered
	}
	return got, e, receipt
}

// rescueTask turns a panic of the engine's own code in a call's goroutine into "not settled": the item stays in intent,
// the run pauses.
func (r *runner) rescueTask(it domain.Item, rescue bool) {
	if p := recover(); p != nil {
		r.log.Error("a call's task panicked", "seq", it.Change.Seq, "panic", fmt.Sprint(p))
		r.outcomes <- outcome{item: it, answer: answerUnsettled, rescue: rescue, err: &domain.Error{Code: domain.Internal, Message: "Something went wrong inside Seatkeeper."}}
	}
}

// take takes one outcome in. The item it leads to goes to disk with the next dispatch.
func (r *runner) take(o outcome) {
	if o.answer == answerUnclear {
		if r.breaker.unclear(o.item.Change.Target.Key()) {
			_ = r.halt(domain.RunPaused, fmt.Sprintf("Atlassian gave no clear answer %d times in a row: %s", maxUnclear, sentence(o.err)))
		}
		return
	}
	r.calls--
	if o.rescue {
		r.settlers--
	}
	delete(r.busy, o.item.Change.Target.Key())
	it := o.item
	switch o.answer {
	case answerDone:
		r.breaker.clear()
		r.unconfirmed = append(r.unconfirmed, r.finish(it, domain.ItemDone, domain.ByAnswer, ""))
	case answerRefused:
		r.breaker.clear()
		if it.Attempts > 1 { // the first call may still be carried out, however late
			r.finish(it, domain.ItemUnknown, domain.ByAnswer, howUnknown+"a first call got no clear answer, the second was refused. "+sentence(o.err))
			break
		}
		r.finish(it, domain.ItemRefused, domain.ByAnswer, sentence(o.err))
	case answerAlready:
		r.breaker.clear()
		r.finish(it, domain.ItemAlready, domain.ByRead, "Somebody else was quicker: it was so already when the call was sent.")
	case answerThrottled:
		r.untried(it)
		r.throttle(o.err)
	case answerUnsent:
		r.untried(it)
		if r.breaker.unsent() {
			_ = r.halt(domain.RunPaused, sentence(o.err))
		}
		r.holdFor(unsentPause)
	case answerHalt:
		r.untried(it)
		_ = r.halt(domain.RunPaused, sentence(o.err))
	case answerSettled:
		r.settled(it, o.state)
	case answerUnsettled:
		_ = r.halt(domain.RunPaused, "The last calls got no clear answer, and reading what became of them failed: "+sentence(o.err))
	case answerUnclear:
	}
}

// finish gives an item its outcome.
func (r *runner) finish(it domain.Item, state domain.ItemState, by domain.Evidence, reason string) domain.Item {
	it.State, it.Evidence, it.Reason, it.FinishedAt = state, by, reason, now()
	r.pending = append(r.pending, it)
	if !toReadBack(it) {
		r.refresh.add(r, it)
	}
	return it
}

// untried puts an item back whose call was certainly not carried out: it does not count.
func (r *runner) untried(it domain.Item) {
	it.Attempts--
	r.planAgain(it)
}

// planAgain puts an item back, so that it is read afresh and sent once more.
func (r *runner) planAgain(it domain.Item) {
	it.State, it.IntentAt = domain.ItemPlanned, time.Time{}
	r.pending = append(r.pending, it)
	r.again = append(r.again, it)
}

// throttle waits as Atlassian asks, or pauses the run when that is too long or comes too often.
func (r *runner) throttle(e *domain.Error) {
	wait := e.RetryAfter
	n := r.breaker.throttled()
	if wait <= 0 {
		wait = min(firstHold<<min(n, 10), longestHold)
	}
	if wait > maxHold || n > maxThrottled || e.Reason == "quota" {
		_ = r.halt(domain.RunPaused, "Atlassian's rate limit: "+sentence(e))
		return
	}
	r.holdFor(wait)
}

func (r *runner) holdFor(d time.Duration) {
	if until := time.Now().Add(d); until.After(r.hold) {
		r.hold = until
	}
}

// judge looks at people as just read and decides what may be sent.
func (r *runner) judge(c chunk) {
	if c.err != nil {
		r.again = append(r.again, again(c)...)
		r.readFailed(c.err)
		return
	}
	r.breaker.readOK()
	if c.end {
		r.exhausted = true
		return
	}
	if r.waits = c.step > r.stepAt && c.barred == nil; r.waits {
		return
	}
	if c.barred != nil {
		r.stepAt, r.barred = c.step, c.barred
	}
	r.cursor = max(r.cursor, c.last)
	for _, it := range c.items {
		if why := r.barred[it.Change.Target.Key()]; why != "" && it.Attempts == 0 {
			r.finish(it, domain.ItemSkipped, domain.ByPlan, why)
			continue
		}
		seen := c.found[it.Change.Target.Key()]
		state, protected, goal := r.stateOf(seen, it.Change), r.protected(seen, it.Change), r.of(it.Change).Goal
		switch {
		case it.Attempts > 0 && state == goal:
			r.finish(it, domain.ItemDone, domain.ByRead, "An earlier call got no clear answer; it was carried out late.")
		case it.Attempts > 0 && (state != it.Change.Expect || protected != ""):
			r.finish(it, domain.ItemUnknown, domain.ByRead, howUnknown+fmt.Sprintf("a call got no clear answer, and now the state is %s.", quoted(state)))
		case protected != "":
			r.finish(it, domain.ItemSkipped, domain.ByRead, protected)
		case state == goal:
			r.finish(it, domain.ItemAlready, domain.ByRead, "Was already so just before the call.")
		case state != it.Change.Expect:
			r.finish(it, domain.ItemSkipped, domain.ByRead, fmt.Sprintf("Changed since the preview: was %s, is now %s.", quoted(it.Change.Expect), quoted(state)))
		default:
			r.ready = append(r.ready, ready{item: it, read: c.at})
		}
	}
}

// again gives back the items of a failed read that are not found by the cursor.
func again(c chunk) []domain.Item {
	if c.last == 0 {
		return c.items
	}
	return nil
}

// readFailed waits or pauses; the source has tried again by itself before it fails.
func (r *runner) readFailed(err error) {
	if r.halted { // the fetch was called off
		return
	}
	e := domain.AsError(err)
	if e.Code == domain.RateLimited {
		r.throttle(e)
		return
	}
	if e.Reason == "closed" {
		e = keysChanged()
	}
	_ = r.halt(domain.RunPaused, sentence(e))
}

// breaker counts what goes wrong in a row.
type breaker struct {
	unclears  map[string]bool // people or groups
	unsents   int
	throttles int
}

// clear forgets everything: a call was answered.
func (b *breaker) clear() { *b = breaker{} }

// readOK forgets what a successful read disproves.
func (b *breaker) readOK() { b.unsents = 0 }

func (b *breaker) unclear(who string) (trips bool) {
	if b.unclears == nil {
		b.unclears = map[string]bool{}
	}
	b.unclears[who] = true
	return len(b.unclears) >= maxUnclear
}

func (b *breaker) unsent() (trips bool) {
	b.unsents++
	return b.unsents >= maxUnsent
}

func (b *breaker) throttled() int {
	b.throttles++
	return b.throttles
}

// sentence is an error in words for the operator.
func sentence(err error) string {
	e := domain.AsError(err)
	if e == nil {
		return ""
	}
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " " + e.Hint
}
