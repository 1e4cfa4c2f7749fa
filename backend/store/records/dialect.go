package records

import (
	"context"
	"log/slog"
	"path/filepath"

	"seatkeeper/backend/store/migrations"
	"seatkeeper/backend/store/sqlite"
)

// All that is SQLite's own stands here; a test keeps it out of the other files. Another database needs its own Open,
// contains and migrations, and its marks for values in updateItem and countItems. Writing transactions come one after
// the other, and a reading one sees one moment.

// application is PRAGMA application_id of the file: "SKR1".
const application = 0x534b5231

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

// contains is the condition that a text column holds a text, whatever characters it is of.
func contains(column string) string { return "instr(" + column + ", ?) > 0" }
