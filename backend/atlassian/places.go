package atlassian

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
)

// places are the calls that may be in flight. Of those who wait for one, the call with the most still to come after it is let in first:
// the longest listing decides how long a read takes, and must not stand behind what could be asked at any time.
type places struct {
	mu      sync.Mutex
	free    int
	waiting []*waiter // the next one first
}

type waiter struct {
	left int
	in   chan struct{} // closed once the place is taken for it
}

// seat is the place of a listing between two of its pages: it is kept for the moment until the next one is asked for, or the listing
// would stand in line again behind what came meanwhile.
type seat struct{ kept bool }

type (
	leftKey struct{}
	seatKey struct{}
)

func withSeat(ctx context.Context) context.Context { return context.WithValue(ctx, seatKey{}, &seat{}) }

// Ranked attaches to all calls made with the returned context how many more of their kind come after them, as far as it is known. Calls
// without it go before all others: somebody may be waiting in front of a window.
func Ranked(ctx context.Context, left func() int) context.Context {
	return context.WithValue(ctx, leftKey{}, left)
}

func leftOf(ctx context.Context) int {
	if left, ok := ctx.Value(leftKey{}).(func() int); ok {
		return left()
	}
	return math.MaxInt
}

// take waits for a place; give gives it back.
func (p *places) take(ctx context.Context) error {
	p.mu.Lock()
	if s, ok := ctx.Value(seatKey{}).(*seat); ok && s.kept {
		s.kept = false
		p.mu.Unlock()
		return nil
	}
	if p.free > 0 {
		p.free--
		p.mu.Unlock()
		return nil
	}
	w := &waiter{left: leftOf(ctx), in: make(chan struct{})}
	at := slices.IndexFunc(p.waiting, func(other *waiter) bool { return other.left < w.left })
	if at < 0 {
		at = len(p.waiting)
	}
	p.waiting = slices.Insert(p.waiting, at, w)
	p.mu.Unlock()
	select {
	case <-w.in:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if at = slices.Index(p.waiting, w); at >= 0 {
		p.waiting = slices.Delete(p.waiting, at, at+1)
	} else { // the place came at the same moment
		p.pass()
	}
	return fmt.Errorf("waiting for a place: %w", ctx.Err())
}

// give gives a place back, or keeps it for the next page of its listing unless one that is as long waits.
func (p *places) give(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := ctx.Value(seatKey{}).(*seat); ok && (len(p.waiting) == 0 || p.waiting[0].left < leftOf(ctx)) {
		s.kept = true
		return
	}
	p.pass()
}

// vacate gives a kept place back: the next page is not asked for yet, or never.
func (p *places) vacate(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := ctx.Value(seatKey{}).(*seat); ok && s.kept {
		s.kept = false
		p.pass()
	}
}

// pass gives a place to who waits. The lock is held.
func (p *places) pass() {
	if len(p.waiting) == 0 {
		p.free++
		return
	}
	close(p.waiting[0].in)
	p.waiting = slices.Delete(p.waiting, 0, 1)
}
