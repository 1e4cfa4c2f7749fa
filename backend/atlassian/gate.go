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
	maxWait      = 5 * time.Minute // the longest single wait; beyond it the caller is told instead
	firstBackoff = time.Second     // after a 429 that names no time
	maxBackoff   = 30 * time.Second
)

// gate bounds the calls in flight and closes when the server asks to wait. While nothing is asked it adds no delay.
type gate struct {
	reads, writes places

	mu          sync.Mutex
	closedUntil time.Time
	spread      time.Duration // least distance between two starts
	spreadUntil time.Time
	lastStart   time.Time
	strikes     int // 429s in a row that named no time
}

func newGate(reads, writes int) *gate {
	return &gate{reads: places{free: reads}, writes: places{free: writes}}
}

// enter waits for a place and for the gate to be open. A wait beyond maxWait is a RateLimited error at once.
// The caller must call leave when the call is over.
func (g *gate) enter(ctx context.Context, write bool, notice func(time.Duration)) (leave func(), err error) {
	places := &g.reads
	if write {
		places = &g.writes
	}
	if err := places.take(ctx); err != nil {
		return nil, err
	}
	leave = func() { places.give(ctx) }
	for {
		wait := g.start()
		switch {
		case wait <= 0:
			return leave, nil
		case wait > maxWait:
			leave()
			return nil, tooLong(wait)
		}
		notice(wait)
		if err := pause(ctx, wait); err != nil {
			leave()
			return nil, err
		}
	}
}

// start claims the next start, or says how long to wait before asking again.
func (g *gate) start() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	wait := g.closedUntil.Sub(now)
	if g.spread > 0 && now.Before(g.spreadUntil) {
		wait = max(wait, earlier(g.lastStart.Add(g.spread), g.spreadUntil).Sub(now))
	}
	if wait <= 0 {
		g.lastStart = now
	}
	return wait
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// learn takes in what an answer says about the limits and returns how long a refused call should wait.
func (g *gate) learn(a advice) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if !a.refused {
		g.strikes = 0
		g.spread = 0
		switch {
		case a.exhausted && a.reset > 0:
			g.close(now.Add(a.reset))
			g.spread, g.spreadUntil = a.spread, now.Add(2*a.reset)
		case a.spread > 0:
			g.spread, g.spreadUntil = a.spread, now.Add(a.reset)
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
	g.close(now.Add(wait))
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

func tooLong(wait time.Duration) *domain.Error {
	return &domain.Error{
		Code: domain.RateLimited, Reason: "rate", Effect: domain.NotApplied, RetryAfter: wait,
		Message: fmt.Sprintf("Atlassian asks to wait %s before the next request.", wait.Round(time.Second)),
		Hint:    "Nothing was sent. Try again later.",
	}
}
