package task

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
)

// What the tests outside see: the kinds import this package, so its tests cannot stand inside.
const (
	Every      = every
	MaxRetries = maxRetries
	MaxPending = maxPending
)

// Look looks at a moment that a test chooses, as after a sleep or a change of the clock, which no fake clock can do.
func (s *Service) Look(ctx context.Context, now time.Time) error { return s.look(ctx, now) }

// Pending are the occurrences that wait.
func Pending(t domain.Task, now time.Time) []Occurrence { return pending(t, now) }
