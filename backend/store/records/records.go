// Package records keeps what must not be lost, in runs.db: sources, settings, saved filters, lists of people, plans, runs, daily counts and
// tasks.
//
// It knows nothing of the local copy, and never makes an empty file in place of one that it cannot read: that is an error which says what to do.
package records

import (
	"context"
	"log/slog"
	"path/filepath"

	"seatkeeper/backend/store/migrations"
	"seatkeeper/backend/store/sqlite"
)

// FileName is the name of the file within the data folder.
const FileName = "runs.db"

// application is PRAGMA application_id of the file: "SKR1".
const application = 0x534b5231

// Store is the open file. Its methods may be called from several goroutines.
type Store struct {
	db      *sqlite.DB
	touches touchBook
}

// Open opens the file in dir, and makes it when there is none; see sqlite.Open for the errors.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Store, error) {
	db, err := sqlite.Open(ctx, sqlite.File{
		Path: filepath.Join(dir, FileName), What: "the run log and the settings",
		Application: application, Synchronous: "FULL", Steps: migrations.Runs.Steps(), Frequent: []string{updateItem, countItems}, Log: log,
		Fold: 1000, // writing over the log again is safe on disk in half the time of making it longer
	})
	if err != nil {
		return nil, err
	}
	return &Store{db: db, touches: touchBook{runs: map[string]map[string]touchedRun{}}}, nil
}

// Close ends all work and closes the file.
func (s *Store) Close() error {
	return s.db.Close()
}
