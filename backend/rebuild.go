package backend

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
	"seatkeeper/backend/workspace/secret"
)

// wholeCopy is the local copy as runs see it: while one that was damaged is built again nobody knows who is in an admin
// group, so nobody may be changed.
type wholeCopy struct {
	*mirrordb.Store

	loss func(context.Context) (domain.CopyLoss, error)
}

// Groups returns the groups of a source, from a whole copy only.
func (w wholeCopy) Groups(ctx context.Context, sourceID string) ([]domain.Group, error) {
	loss, err := w.loss(ctx)
	if err != nil {
		return nil, err
	}
	if building, _ := loss.Of(sourceID); building {
		return nil, &domain.Error{
			Code: domain.Stale, Reason: "building",
			Message: "The local copy is being built again, so it is not known yet who must not be changed.", Hint: "Go on when its full sync is done.",
		}
	}
	return w.Store.Groups(ctx, sourceID)
}

// everSynced is the age of a source's copy as the set-up sees it: one that is built again was there, so the first sync
// is not to do.
func everSynced(data *store.Databases) func(ctx context.Context, sourceID string) (domain.Freshness, error) {
	return func(ctx context.Context, sourceID string) (domain.Freshness, error) {
		fresh, err := data.Mirror.Freshness(ctx, sourceID)
		if err != nil || fresh.Revision != 0 {
			return fresh, err
		}
		loss, err := data.CopyLoss(ctx)
		if building, _ := loss.Of(sourceID); building {
			fresh.Revision = 1
		}
		return fresh, err
	}
}

// watch opens a session anew when its local copy turns out to be damaged. Everything that was made from that copy,
// lists and selections, ends with the session; runs under way end at an item's border and go on in the new one.
func (b *Backend) watch(s *session) {
	go func() {
		select {
		case <-s.over.Done():
		case <-s.data.Mirror.Damaged():
			b.replace(s)
		}
	}()
}

func (b *Backend) replace(s *session) {
	b.switching.Lock()
	defer b.switching.Unlock()
	if s.over.Err() != nil { // the program ends, or the demo was left
		return
	}
	b.closeDoor(&domain.Error{
		Code: domain.Unreachable, Reason: bindings.Reopening, Message: "The local copy was damaged and is being built again.", Hint: "Try again in a moment.",
	})
	if err := s.close(); err != nil {
		b.opt.Log.Error("close the damaged local copy", "error", err)
	}
	next, err := s.again(context.Background())
	if err == nil {
		b.mu.Lock()
		if b.demo == s {
			b.demo = next
		} else {
			b.home.Store(next)
		}
		b.mu.Unlock()
		err = b.takeUp(context.Background(), next)
	}
	if err != nil {
		b.opt.Log.Error("the local copy cannot be built again", "error", err)
		b.closeDoor(err)
		return
	}
	b.problem.Store(nil)
	b.announceSwitch()
}

// closeDoor keeps the window from asking.
func (b *Backend) closeDoor(why error) {
	b.problem.Store(&why)
	b.announceSwitch()
}

// Problem is why the workspace that was open cannot be asked now, nil while it can.
func (b *Backend) Problem() error {
	if why := b.problem.Load(); why != nil {
		return *why
	}
	return nil
}

// takeUp begins the full syncs that build a lost copy again, and goes on with interrupted runs, after these where there
// are any: a run needs to know whom it must spare.
func (b *Backend) takeUp(ctx context.Context, s *session) error {
	b.watch(s)
	loss, err := s.data.CopyLoss(ctx)
	if err != nil {
		return fmt.Errorf("look what a damaged local copy has cost: %w", err)
	}
	if len(loss.Sources) > 0 {
		go b.build(s, loss.Sources)
		return nil
	}
	if err := s.services.Bulk.Recover(ctx); err != nil {
		return fmt.Errorf("go on with interrupted runs: %w", err)
	}
	return nil
}

// unlockPoll is how often it is asked whether keys can be read again.
const unlockPoll = 5 * time.Second

// build reads sources in full, as soon as their keys can be read, and then goes on with interrupted runs.
func (b *Backend) build(s *session, sources []string) {
	ctx := s.over
	for s.services.Vault.State(ctx).Reason == secret.ReasonLocked {
		select {
		case <-time.After(unlockPoll):
		case <-ctx.Done():
			return
		}
	}
	for _, id := range sources {
		src, err := s.connections.Get(ctx, id)
		if err == nil && !src.Paused {
			_, err = s.services.Mirror.Start(ctx, id)
		}
		if err != nil && domain.CodeOf(err) != domain.Conflict { // one that runs already is as good
			b.opt.Log.Error("build the local copy again", "source", id, "error", err)
		}
	}
	for _, id := range sources {
		if _, err := s.services.Mirror.Wait(ctx, id); err != nil {
			b.opt.Log.Error("build the local copy again", "source", id, "error", err)
		}
	}
	if ctx.Err() != nil {
		return
	}
	if err := s.services.Bulk.Recover(ctx); err != nil {
		b.opt.Log.Error("go on with interrupted runs", "error", err)
	}
	b.opt.Bus.Publish(events.Event{Topic: events.SettingsChanged})
}
