// Package store opens the two databases of a data folder, and does the little that concerns both: only ids go from one
// to the other.
//
// It keeps nothing itself. Whoever needs a database is given the one: the copy that can be read again (mirrordb), or
// what must not be lost (records).
package store

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/mirrordb"
	"seatkeeper/backend/store/records"
	"seatkeeper/backend/store/sqlite"
)

// Databases are the two open files.
type Databases struct {
	Mirror  *mirrordb.Store
	Records *records.Store
}

// Open opens both files in dir, which must exist, and makes them when there are none; see sqlite.Open for the errors. A
// local copy that is damaged is no error: it is set aside, and CopyLoss tells what has to be read again.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Databases, error) {
	if err := refuseHalf(dir); err != nil {
		return nil, err
	}
	// The file that cannot be rebuilt comes first: an installation that has mirror.db has had runs.db.
	kept, err := records.Open(ctx, dir, log)
	if err != nil {
		return nil, err
	}
	mirror, err := mirrordb.Open(ctx, dir, mirrordb.Options{Log: log, Mark: kept.SourceMark, Lost: kept.NoteCopyLoss})
	if err != nil {
		_ = kept.Close()
		return nil, err
	}
	return &Databases{Mirror: mirror, Records: kept}, nil
}

// Close ends all work and closes both files.
func (d *Databases) Close() error { return errors.Join(d.Mirror.Close(), d.Records.Close()) }

// refuseHalf refuses a folder that has the local copy, but lost the file that cannot be rebuilt.
func refuseHalf(dir string) error {
	if sqlite.Exists(filepath.Join(dir, mirrordb.FileName)) && !sqlite.Exists(filepath.Join(dir, records.FileName)) {
		return &domain.Error{
			Code: domain.Internal, Reason: "missing",
			Message: "The file " + records.FileName + " with your sources and the run log is missing from " + dir + ".",
			Hint:    "Put it back from a backup, or move " + mirrordb.FileName + " away too to start afresh.",
		}
	}
	return nil
}

// remindFor is how long it is said that a file has to be imported again.
const remindFor = 30 * 24 * time.Hour

// CopyLoss tells what is still missing since a damaged copy was set aside: nothing, where none was or all is made good.
func (d *Databases) CopyLoss(ctx context.Context) (domain.CopyLoss, error) {
	loss, err := d.Records.CopyLoss(ctx)
	if err != nil || loss.At.IsZero() {
		return loss, err
	}
	sources, err := d.Records.Sources(ctx)
	if err != nil {
		return loss, err
	}
	known := func(id string) bool {
		return slices.ContainsFunc(sources, func(src domain.Source) bool { return src.ID == id })
	}
	left := domain.CopyLoss{At: loss.At}
	for _, id := range loss.Sources {
		fresh, err := d.Mirror.Freshness(ctx, id)
		if err != nil {
			return loss, err
		}
		if known(id) && fresh.Revision == 0 {
			left.Sources = append(left.Sources, id)
		}
	}
	for _, i := range loss.Imports {
		now, err := d.Mirror.Imports(ctx, i.SourceID)
		if err != nil {
			return loss, err
		}
		again := slices.ContainsFunc(now, func(o domain.Import) bool { return o.Kind == i.Kind })
		if known(i.SourceID) && !again && time.Since(loss.At) < remindFor {
			left.Imports = append(left.Imports, i)
		}
	}
	return left, nil
}
