package atlassian

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

const (
	maxWait      = 5 * time.Minute // the longest single wait, whatever the server asks for; then it is asked again
	firstBackoff = time.Second     // after a 429 that names no time
	maxBackoff   = 30 * time.Second
)

// gate bounds the calls in flight and closes when the server asks to wait, for maxWait at most. While nothing is asked
// it adds no delay.
type gate struct {
	reads, writes places

	mu          sync.Mutex
	closedUntil time.Time
	asked       time.Duration // what the server asked for where that is more than maxWait: who comes meanwhile is told at once
	spread      time.Duration // least distance between two starts
	spreadUntil time.Time
	lastStart   time.Time
	strikes     int // 429s in a row that named no time

	knocked bool          // one call may try whether the gate is still closed at the other side
	probing bool          // it is under way
	changed chan struct{} // closed when it has ended
}

func newGate(reads, writes int) *gate {
	return &gate{reads: places{free: reads}, writes: places{free: writes}, changed: make(chan struct{})}
}

// knock lets one call through although the gate is closed, because the operator asks: the server may have been set
// right meanwhile. An open gate is left as it is.
func (g *gate) knock() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.knocked = time.Now().Before(g.closedUntil)
}

// entry is the way of one call through the gate. Its leave must be called when the call is over.
type entry struct {
	probe bool // it went through the closed gate
	leave func()
}

// enter waits for a place and for the gate to be open. Where the server asked for more than maxWait it is a RateLimited
// error at once.
func (g *gate) enter(ctx context.Context, write bool, notice func(time.Duration)) (entry, error) {
	places := &g.reads
	if write {
		places = &g.writes
	}
	if err := places.take(ctx); err != nil {
		return entry{}, err
	}
	for {
		wait, way := g.start()
		switch way {
		case wayProbe:
			return entry{probe: true, leave: func() { g.endProbe(); places.give(ctx) }}, nil
		case wayOpen:
			return entry{leave: func() { places.give(ctx) }}, nil
		case wayRefused:
			places.give(ctx)
			return entry{}, tooLong(wait)
		case wayWait:
		}
		notice(wait)
		if err := g.pause(ctx, wait); err != nil {
			places.give(ctx)
			return entry{}, err
		}
	}
}

// way is what the gate lets a call do.
type way int

const (
	wayWait way = iota
	wayOpen
	wayProbe   // through the closed gate
	wayRefused // it need not wait: the server asked for too long
)

// start claims the next start, or says how long to wait before asking again.
func (g *gate) start() (time.Duration, way) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	closed := g.closedUntil.Sub(now)
	if closed <= 0 {
		g.asked, g.knocked = 0, false
	}
	wait := closed
	if g.spread > 0 && now.Before(g.spreadUntil) {
		wait = max(wait, earlier(g.lastStart.Add(g.spread), g.spreadUntil).Sub(now))
	}
	switch {
	case wait <= 0:
		g.lastStart = now
		return 0, wayOpen
	case closed > 0 && g.knocked && !g.probing:
		g.knocked, g.probing, g.lastStart = false, true, now
		return 0, wayProbe
	case closed > 0 && g.asked > 0 && !g.probing:
		return g.asked, wayRefused
	}
	return wait, wayWait
}

// pause waits, or until somebody who knocked has had an answer.
func (g *gate) pause(ctx context.Context, wait time.Duration) error {
	g.mu.Lock()
	changed := g.changed
	g.mu.Unlock()
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-changed:
	case <-ctx.Done():
		return fmt.Errorf("waiting for Atlassian's limit: %w", ctx.Err())
	}
	return nil
}

// endProbe wakes who waits: the gate is open, or closed anew.
func (g *gate) endProbe() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probing = false
	close(g.changed)
	g.changed = make(chan struct{})
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// learn takes in what an answer says about the limits and returns how long a refused call should wait. Only the answer
// to a probe opens a closed gate: others may have been sent before it closed.
func (g *gate) learn(a advice, probe bool) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	reset := min(a.reset, maxWait)
	if !a.refused {
		g.strikes = 0
		g.spread = 0
		if probe {
			g.closedUntil, g.asked = time.Time{}, 0
		}
		switch {
		case a.exhausted && reset > 0:
			g.close(now.Add(reset))
			g.spread, g.spreadUntil = min(a.spread, maxBackoff), now.Add(2*reset)
		case a.spread > 0:
			g.spread, g.spreadUntil = min(a.spread, maxBackoff), now.Add(reset)
		}
		return 0
	}
	wait := a.wait
	if wait <= 0 {
		wait = a.reset
	}
	if wait <= 0 {
		if left := g.closedUntil.Sub(now); left > 0 { // one of several refused together: they count once
			return left
		}
		wait = backoff(firstBackoff, g.strikes, maxBackoff)
		g.strikes++
	}
	if wait > maxWait {
		g.asked = max(g.asked, wait)
	} else if probe {
		g.closedUntil, g.asked = time.Time{}, 0
	}
	g.close(now.Add(min(wait, maxWait)))
	return wait
}

// close keeps the gate shut until at least t.
func (g *gate) close(t time.Time) {
	if t.After(g.closedUntil) {
		g.closedUntil = t
	}
}

// backoff doubles first n times up to limit and adds up to a fifth, so that several clients do not come back together.
func backoff(first time.Duration, n int, limit time.Duration) time.Duration {
	d := limit
	if n < 16 && first<<n < limit {
		d = first << n
	}
	return d + time.Duration(rand.Int64N(int64(d/5)+1)) //nolint:gosec // spreading, not a secret
}

// pause sleeps unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for Atlassian's limit: %w", ctx.Err())
	}
}

// tooLong is the error of a call that is not sent, because the server asked for a wait that nobody would sit through.
func tooLong(asked time.Duration) *domain.Error {
	return &domain.Error{
		Code: domain.RateLimited, Reason: "rate", Effect: domain.NotApplied, RetryAfter: asked,
		Message: "Atlassian asks to wait " + waitInWords(asked) + " before the next request.",
		Hint:    "Nothing was sent. Seatkeeper asks again after five minutes at most, and at once when you start something by hand.",
	}
}

// waitInWords says a wait; one of more than a day is nothing that anybody meant.
func waitInWords(d time.Duration) string {
	if d > day {
		return "more than a day"
	}
	return d.Round(time.Second).String()
}

const day = 24 * time.Hour
