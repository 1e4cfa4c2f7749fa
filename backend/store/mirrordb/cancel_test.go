package mirrordb

import (
	"context"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"seatkeeper/backend/domain"
)

// stepContext ends at the n-th time that somebody asks whether it has ended: at every step of a piece of work in turn.
type stepContext struct {
	context.Context //nolint:containedctx // it is one

	mu    sync.Mutex
	steps int
	done  chan struct{}
}

func newStepContext(steps int) *stepContext {
	return &stepContext{Context: context.Background(), steps: steps, done: make(chan struct{})}
}

func (c *stepContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.steps == 0 {
		close(c.done)
	}
	c.steps--
	return c.done
}

func (c *stepContext) Err() error {
	select {
	case <-c.done:
		return context.Canceled
	default:
		return nil
	}
}

// A commit that is stopped at any of its steps has changed nothing.
func TestCommitIsAllOrNothing(t *testing.T) {
	s := openTest(t, t.TempDir())
	contents := two()
	syncAll(t, s, testSource, contents[0].batches(200))
	kept := digests(t, s)
	for step := 0; ; step += 1 + rand.IntN(7) { // other ones each time
		begun, err := s.BeginSync(t.Context(), testSource)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range contents[1].batches(200) {
			if err := s.StageBatch(t.Context(), begun.ID, b); err != nil {
				t.Fatal(err)
			}
		}
		_, err = s.CommitSync(newStepContext(step), begun.ID, domain.Shortfall{})
		if err == nil {
			t.Logf("stopped at %d steps", step)
			if step < 30 {
				t.Error("these are too few")
			}
			break
		}
		if domain.CodeOf(err) != domain.Cancelled {
			t.Fatal(step, err)
		}
		if err := s.AbortSync(t.Context(), begun.ID, domain.Sync{State: domain.SyncCancelled}); err != nil {
			t.Fatal(step, err)
		}
		if diff := difference(t, s, testSource, contents[0]); diff != "" {
			t.Fatalf("stopped at step %d: %s", step, diff)
		}
		if !maps.Equal(kept, digests(t, s)) {
			t.Fatalf("stopped at step %d: the digests are not those of the rows", step)
		}
	}
	compare(t, s, testSource, contents[1])
}

// A batch that is stopped at any of its steps has written nothing, and can be written afterwards.
func TestBatchIsAllOrNothing(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(50)
	begun, err := s.BeginSync(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	written := 0
	for i, b := range o.batches(20) {
		for step := 0; ; step++ {
			err := s.StageBatch(newStepContext(step), begun.ID, b)
			if err == nil {
				written += len(b.Users)
				t.Logf("batch %d stopped at %d steps", i, step)
				break
			}
			if domain.CodeOf(err) != domain.Cancelled {
				t.Fatal(i, step, err)
			}
			if people, _, err := s.StagedCounts(t.Context(), begun.ID); err != nil || people != written {
				t.Fatal(i, step, people, err)
			}
		}
	}
	if _, err := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{}); err != nil {
		t.Fatal(err)
	}
	compare(t, s, testSource, o)
}
