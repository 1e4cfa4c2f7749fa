package schedule

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

// Minutes are the choices for how often only what has changed is read, between full syncs; 0 is never.
var Minutes = []int{0, 15, 30, 60, 120, 240}

// follow begins a sync of changes where one is due and waits for it. It counts from the last sync that ended, whoever began it, or from the
// last attempt of this process; a source whose audit log cannot be read has none, so that it is not read whole every few minutes.
func (s *Service) follow(ctx context.Context, v domain.SyncSchedule, now time.Time) error {
	if v.ChangesMinutes == 0 {
		return nil
	}
	_, fresh, err := s.o.Syncs.State(ctx, v.SourceID)
	if err != nil {
		return fmt.Errorf("read the state of a source: %w", err)
	}
	last := s.followed[v.SourceID]
	for _, t := range []time.Time{fresh.CompleteAt, fresh.ChangesAt} {
		if t.After(last) {
			last = t
		}
	}
	if since := now.Sub(last); !fresh.Followed || since >= 0 && since < time.Duration(v.ChangesMinutes)*time.Minute {
		return nil
	}
	if s.locked(ctx) {
		return nil
	}
	s.followed[v.SourceID] = now
	if _, err := s.o.Syncs.StartChanges(ctx, v.SourceID); err != nil && domain.CodeOf(err) != domain.Conflict {
		s.o.Log.Warn("a scheduled sync of changes did not begin", "source", v.SourceID, "err", err)
		return nil
	}
	if _, err := s.o.Syncs.Wait(ctx, v.SourceID); err != nil {
		return fmt.Errorf("wait for a scheduled sync of changes: %w", err)
	}
	return nil
}

// goOn begins a full sync that the end of the program has interrupted again, once: it goes on where it was.
func (s *Service) goOn(ctx context.Context, sourceID string) error {
	if s.wentOn[sourceID] {
		return nil
	}
	s.wentOn[sourceID] = true
	last, fresh, err := s.o.Syncs.State(ctx, sourceID)
	if err != nil {
		return fmt.Errorf("read the state of a source: %w", err)
	}
	if !fresh.Resumable || last.Error == nil || last.Error.Reason != "interrupted" {
		return nil
	}
	if s.locked(ctx) {
		s.wentOn[sourceID] = false
		return nil
	}
	if _, err := s.o.Syncs.Start(ctx, sourceID); err != nil && domain.CodeOf(err) != domain.Conflict {
		s.o.Log.Warn("an interrupted sync did not go on", "source", sourceID, "err", err)
		return nil
	}
	if _, err := s.o.Syncs.Wait(ctx, sourceID); err != nil {
		return fmt.Errorf("wait for an interrupted sync: %w", err)
	}
	return nil
}
