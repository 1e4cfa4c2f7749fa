package bindings

import (
	"context"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

// Sync is the local copy.
type Sync struct{ *core }

// Start starts a sync.
func (x *Sync) Start(sourceID string) (SyncView, error) {
	return call(x.given(sourceID), "Sync.Start", func(ctx context.Context, s *Services) (SyncView, error) {
		knock(s, sourceID)
		if _, err := s.Mirror.Start(ctx, sourceID); err != nil {
			return SyncView{}, err
		}
		return syncState(ctx, s, sourceID)
	})
}

// StartChanges starts a sync of only what has changed since the last one; where that cannot be told, everything is
// read, with a note why.
func (x *Sync) StartChanges(sourceID string) (SyncView, error) {
	return call(x.given(sourceID), "Sync.StartChanges", func(ctx context.Context, s *Services) (SyncView, error) {
		knock(s, sourceID)
		if _, err := s.Mirror.StartChanges(ctx, sourceID); err != nil {
			return SyncView{}, err
		}
		return syncState(ctx, s, sourceID)
	})
}

// Cancel stops a running sync; the local copy stays as it was.
func (x *Sync) Cancel(sourceID string) error {
	return do(x.given(sourceID), "Sync.Cancel", func(_ context.Context, s *Services) error {
		s.Mirror.Cancel(sourceID)
		return nil
	})
}

// State tells the state of the local copy.
func (x *Sync) State(sourceID string) (SyncView, error) {
	return call(x.given(sourceID), "Sync.State", func(ctx context.Context, s *Services) (SyncView, error) { return syncState(ctx, s, sourceID) })
}

func syncState(ctx context.Context, s *Services, sourceID string) (SyncView, error) {
	last, fresh, err := s.Mirror.State(ctx, sourceID)
	if err != nil {
		return SyncView{}, err
	}
	v := syncView(last)
	v.SourceID = sourceID
	v.Revision, v.CompleteAt, v.Partial = fresh.Revision, stamp(fresh.CompleteAt), fresh.Partial
	v.Stale = fresh.Revision != 0 && fresh.Old(time.Now(), bulk.MaxAge)
	v.People, v.Groups = fresh.People, fresh.Groups
	v.ChangesAt, v.Resumable = stamp(fresh.ChangesAt), fresh.Resumable
	v.CanFollow = fresh.Followed && !v.Stale
	return v, nil
}

// syncView converts what a progress event carries; it knows nothing of the last complete sync.
func syncView(s domain.Sync) SyncView {
	state := s.State
	if state == "" {
		state = domain.SyncNever
	}
	v := SyncView{
		SourceID: s.SourceID, State: string(state), Kind: string(s.Kind), Note: s.Note, Resumed: s.Resumed, StartedAt: stamp(s.StartedAt), FinishedAt: stamp(s.FinishedAt),
		Step: s.Progress.Step, PeopleDone: s.Progress.People, PeopleTotal: s.Progress.PeopleTotal, GroupsDone: s.Progress.Groups,
		GroupsTotal: s.Progress.GroupsTotal, Requests: s.Progress.Requests, WaitingMS: s.Progress.Waiting.Milliseconds(),
		SilentMS: s.Progress.Silent.Milliseconds(), Party: s.Progress.Party,
		Added: s.Added, Changed: s.Changed, Removed: s.Removed, Drift: domain.Visible(s.Drift), People: s.People, Groups: s.Groups,
	}
	if s.Error != nil {
		v.Problem = problemOf(s.Error)
	}
	return v
}
