package bulk

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// The runner's patience.
const (
	readyLife  = 30 * time.Second // how long a fresh read may be old when its item is sent; older ones are read again
	diskRetry  = 5 * time.Second  // between tries to record after the disk failed
	eventEvery = 100 * time.Millisecond
)

// command is what an operator asks a run to do.
type command struct {
	state    domain.RunState
	reason   string
	unlocked *source.Unlocked // for a run that is to go on; nil where nothing is to be unlocked
	answer   chan error       // buffered
}

// ready is an item that may be sent: its person or group was read afresh and is as the plan expects.
type ready struct {
	item domain.Item
	read time.Time
}

// runner does one run. One goroutine (main) owns every field below "the loop's own"; the others only send it messages.
type runner struct {
	e        *Engine
	sourceID string
	action   Action
	reading  bool // the run was over before: nothing is sent or settled, what it changed is only read again
	log      *slog.Logger

	ctx       context.Context // ends when Close has lost patience
	cancel    context.CancelFunc
	disk      context.Context // never ends: what is known is recorded even while the program closes
	closing   chan struct{}   // closed by Close
	commands  chan command
	outcomes  chan outcome
	chunks    chan chunk // one fetch at a time
	confirmed chan readBack
	drained   chan struct{} // closed when no call is under way and none will be
	finished  chan struct{} // closed when nothing is left to do, the refresh included

	// The loop's own.
	run         domain.Run
	src         source.Source // with the key for reading
	locked      bool          // changes need the key for changes
	held        held          // that key, while calls are made with it
	next        held          // the same for the loop that begins after this one
	reader      eitherReader
	protect     protection.Rule
	prepared    bool // the source is open, and what an earlier process left is known
	halted      bool // nothing further is started
	closed      bool
	restart     bool          // resumed while the last calls were still under way
	unsettled   []domain.Item // found in intent: settled before anything else
	again       []domain.Item // planned once more, after a refusal to be asked or a proof of absence
	ready       []ready
	unconfirmed []domain.Item // done by their answer, not read back yet
	readBacks   []time.Time   // under way: the end of the oldest item of each
	left        time.Time     // end of the oldest item that will not be read back now
	marked      time.Time
	ended       time.Time     // when the loop ended; zero before
	pending     []domain.Item // outcomes that are not on disk yet
	broken      bool          // the disk failed
	retry       time.Time     // when to try the disk again
	calls       int           // under way, settling included
	settlers    int           // of these, the ones that settle items of an earlier process
	busy        map[string]bool
	fetching    bool
	stopFetch   context.CancelFunc
	cursor      int               // items up to here were looked at
	stepAt      int               // the step of the plan that is under way
	waits       bool              // the items after the cursor belong to the next one
	barred      map[string]string // why somebody is not taken further: by the target's key
	exhausted   bool              // no planned item after cursor
	hold        time.Time
	breaker     breaker
	refresh     refresher
	published   time.Time
	unseen      bool // something changed since the last event
}

func newRunner(e *Engine, r domain.Run, action Action) *runner {
	ctx, cancel := context.WithCancel(context.Background())
	return &runner{
		e: e, sourceID: r.SourceID, action: action, reading: !r.Active() && r.Counts[domain.ItemIntent] == 0, log: e.o.Log.With("run", r.ID), ctx: ctx, cancel: cancel, disk: context.WithoutCancel(ctx),
		closing: make(chan struct{}), commands: make(chan command), outcomes: make(chan outcome, 2*maxInFlight), chunks: make(chan chunk, 1), confirmed: make(chan readBack, maxReadBacks),
		drained: make(chan struct{}), finished: make(chan struct{}),
		run: r, halted: r.State != domain.RunRunning, busy: map[string]bool{}, stopFetch: func() {},
	}
}

// over tells whether no call is under way and none will be.
func (r *runner) over() bool {
	select {
	case <-r.drained:
		return true
	default:
		return false
	}
}

// main works until the run is done, paused, stopped or the engine closes.
func (r *runner) main() {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("the run's loop panicked", "panic", fmt.Sprint(p))
			r.settleDown(nil)
		}
		r.cancel()
		close(r.finished)
	}()
	if err := r.prepare(); err != nil {
		r.unprepared(err)
	} else {
		for r.step() {
			r.wait()
		}
	}
	if r.unseen && !r.closed { // the last results of a run that was halted
		r.publish(true)
	}
	r.ended = now()
	r.settleDown(func() {
		if !r.closed && r.prepared {
			r.refresh.rest(r)
		}
	})
}

// settleDown forgets the key for changes, takes the runner out of the way of others, then does the last work, then
// begins anew if the operator resumed meanwhile.
func (r *runner) settleDown(last func()) {
	r.held.lock()
	r.e.mu.Lock()
	if !r.over() {
		close(r.drained)
	}
	r.e.mu.Unlock()
	if last != nil {
		last()
	}
	r.e.mu.Lock()
	defer r.e.mu.Unlock()
	if r.e.runners[r.run.ID] == r {
		delete(r.e.runners, r.run.ID)
	}
	if r.restart && !r.e.closed {
		r.e.launch(r.run, r.action, r.next.u.Swap(nil))
	}
	r.next.lock()
}

// prepare opens the source and finds the items that need settling.
func (r *runner) prepare() error {
	src, err := r.e.o.Source(r.ctx, r.sourceID)
	if err != nil {
		return err
	}
	if src.Paused && r.run.State == domain.RunRunning {
		return domain.Errorf(domain.Conflict, "The source is paused.")
	}
	groups, err := r.e.o.People.Groups(r.ctx, r.sourceID)
	if err != nil {
		return fmt.Errorf("read the groups: %w", err)
	}
	if r.src, err = r.e.o.Open(r.ctx, r.sourceID); err != nil {
		return err
	}
	reader, ok := r.src.(source.UserReader)
	if err := r.action.Subject.readable(r.src); err != nil {
		return err
	}
	if !ok {
		return domain.Errorf(domain.Unsupported, "This source cannot read single people, so nothing can be checked before a change.")
	}
	r.reader = eitherReader{usual: reader, held: &r.held}
	if r.unsettled, err = r.e.o.Store.IntentItems(r.ctx, r.run.ID); err != nil {
		return fmt.Errorf("look for open calls: %w", err)
	}
	if err := r.takeUp(); err != nil {
		return err
	}
	r.prepared = true
	if err := r.open(src); err != nil {
		// What an earlier process left is settled all the same: that needs no more than reading.
		_ = r.halt(domain.RunPaused, sentence(err))
	}
	r.protect = protection.New(src, groups, r.held.owners()...)
	return nil
}

// unprepared pauses a run that cannot even begin; one that was at rest keeps its state and reason.
func (r *runner) unprepared(err error) {
	r.log.Warn("the run cannot begin", "error", err)
	select {
	case <-r.closing:
		r.closed = true
	default:
		if r.run.State == domain.RunRunning {
			_ = r.halt(domain.RunPaused, sentence(err))
		}
	}
}

// step records what is known, starts what may start, and tells whether there is anything to wait for.
func (r *runner) step() bool {
	if !r.hold.IsZero() && !time.Now().Before(r.hold) {
		r.hold = time.Time{}
	}
	r.dispatch()
	if (r.halted || r.closed) && r.calls == r.settlers {
		r.held.lock()
	}
	r.fetch()
	r.confirmDone()
	switch {
	case r.calls > 0 || r.fetching:
		return true
	case r.closed:
		return false
	case len(r.pending) > 0 || len(r.readBacks) > 0 || len(r.unconfirmed) > 0:
		return true
	case r.halted && !r.broken:
		return false
	}
	if r.broken || r.more() {
		return true
	}
	r.complete()
	return r.broken
}

// more tells whether items are left to start.
func (r *runner) more() bool {
	return !r.exhausted || len(r.again) > 0 || len(r.ready) > 0 || len(r.unsettled) > 0
}

// wait blocks until something happened and takes it in, with everything else that is there already: results that come
// together share a transaction.
func (r *runner) wait() {
	timer := time.NewTimer(r.nap())
	defer timer.Stop()
	closing := r.closing
	if r.closed {
		closing = nil
	}
	select {
	case o := <-r.outcomes:
		r.take(o)
	case c := <-r.chunks:
		r.fetching = false
		r.judge(c)
	case b := <-r.confirmed:
		r.disproved(b)
	case c := <-r.commands:
		c.answer <- r.obey(c)
	case <-closing:
		r.closed, r.halted, r.restart = true, true, false
		r.stopFetch()
	case <-timer.C:
		r.publish(false)
	}
	for {
		select {
		case o := <-r.outcomes:
			r.take(o)
		default:
			return
		}
	}
}

// nap is how long wait may sleep.
func (r *runner) nap() time.Duration {
	d := time.Minute
	if r.unseen {
		d = min(d, time.Until(r.published.Add(eventEvery)))
	}
	if !r.hold.IsZero() {
		d = min(d, time.Until(r.hold))
	}
	if r.broken {
		d = min(d, time.Until(r.retry))
	}
	return max(d, 0)
}
