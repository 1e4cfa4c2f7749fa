package sqlite

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// quietLogger is GORM's logger: failed statements at debug level, and never a value, since these are people.
type quietLogger struct{ log *slog.Logger }

// LogMode is part of GORM's interface; the level is slog's business.
func (l quietLogger) LogMode(logger.LogLevel) logger.Interface { return l }

// Info drops what GORM has to say.
func (l quietLogger) Info(context.Context, string, ...any) {}

// Warn drops what GORM has to say.
func (l quietLogger) Warn(context.Context, string, ...any) {}

// Error drops what GORM has to say: errors come back to the caller.
func (l quietLogger) Error(context.Context, string, ...any) {}

// Trace logs a failed statement, with placeholders instead of values.
func (l quietLogger) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), err error) {
	if err == nil || errors.Is(err, gorm.ErrRecordNotFound) || !l.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	text, _ := statement()
	l.log.DebugContext(ctx, "statement failed", "sql", text, "took", time.Since(begin), "error", err)
}

// ParamsFilter drops the values from what Trace gets.
func (l quietLogger) ParamsFilter(_ context.Context, text string, _ ...any) (string, []any) {
	return text, nil
}
