// Package store keeps everything that Seatkeeper remembers, in two SQLite files: mirror.db, the local copy of people, which
// can be read again from Atlassian, and runs.db, which cannot: sources, settings, plans and runs.
//
// It decides nothing. A damaged mirror.db is set aside and begun anew; runs.db never is: a file that it cannot read is an error that says
// what to do.
package store

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/migrations"
)

// The names of the two files within the data folder.
const (
	MirrorFile = "mirror.db"
	RunsFile   = "runs.db"
)

// Store is the open database. Its methods may be called from several goroutines.
type Store struct {
	dir    string
	log    *slog.Logger
	mirror *database
	runs   *database

	touches touchBook

	mu      sync.Mutex
	stagers map[string]*stager // syncs that are being written, by source id; nil while one is beginning
}

// Open opens both files in dir, makes them when there are none, and brings an older schema up to date after taking a copy
// of the old file. dir must exist. The errors are of code Internal, Conflict or Unsupported with a Reason: "damaged",
// "not_a_database", "missing", "newer", "read_only", "locked", "disk_full" or "io"; no file is changed then. A local copy that is damaged is
// no error: it is set aside, and CopyLoss tells what has to be read again.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Store, error) {
	s := &Store{dir: dir, log: log, stagers: map[string]*stager{}, touches: touchBook{runs: map[string]map[string]touchedRun{}}}
	if err := refuseHalf(dir); err != nil {
		return nil, err
	}
	var err error
	// The file that cannot be rebuilt comes first: an installation that has mirror.db has had runs.db.
	s.runs, err = openDatabase(ctx, database{
		path: filepath.Join(dir, RunsFile), what: "the run log and the settings",
		application: applicationRuns, synchronous: "FULL", steps: migrations.Runs.Steps(), frequent: []string{updateItem, countItems}, log: log,
		fold: 1000, // writing over the log again is safe on disk in half the time of making it longer
	})
	if err != nil {
		return nil, err
	}
	err = s.openMirror(ctx, database{
		path: filepath.Join(dir, MirrorFile), what: "the local copy of your people",
		application: applicationMirror, synchronous: "NORMAL", steps: migrations.Mirror.Steps(), log: log,
		fold: 16000, // a sync changes the same pages again and again; 64 MB, as journal_size_limit
	})
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all work and closes both files. A sync that is being written is lost; what was there before it stays.
func (s *Store) Close() error {
	var first error
	for _, d := range []*database{s.mirror, s.runs} {
		if d == nil {
			continue
		}
		if err := d.close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// refuseHalf refuses a folder that has the local copy, but lost the file that cannot be rebuilt.
func refuseHalf(dir string) error {
	if exists(filepath.Join(dir, MirrorFile)) && !exists(filepath.Join(dir, RunsFile)) {
		return &domain.Error{
			Code: domain.Internal, Reason: "missing",
			Message: "The file " + RunsFile + " with your sources and the run log is missing from " + dir + ".",
			Hint:    "Put it back from a backup, or move " + MirrorFile + " away too to start afresh.",
		}
	}
	return nil
}
