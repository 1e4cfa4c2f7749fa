// Package store keeps everything that Seatkeeper remembers, in two SQLite files: mirror.db, the local copy of people, which
// can be read again from Atlassian, and runs.db, which cannot: sources, settings, plans and runs.
//
// It decides nothing. A damaged mirror.db is set aside and begun anew; runs.db never is: a file that it cannot read is an error that says
// what to do.
package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/feed"
	"seatkeeper/backend/store/migrations"
	"seatkeeper/backend/store/sqlite"
)

// The names of the two files within the data folder.
const (
	MirrorFile = "mirror.db"
	RunsFile   = "runs.db"
)

// PRAGMA application_id of the two files.
const (
	applicationMirror = 0x534b4d31 // "SKM1"
	applicationRuns   = 0x534b5231 // "SKR1"
)

// Store is the open database. Its methods may be called from several goroutines.
type Store struct {
	dir    string
	log    *slog.Logger
	mirror *sqlite.DB
	runs   *sqlite.DB

	touches touchBook

	counts      bool        // whether the copy counts generations
	declaration declaration // of the transaction that is writing to the copy
	shelf       *feed.Shelf // for rows that go into the copy many at a time, nil until there were some
	fed         bool        // such rows may still be attached to the connection that writes

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
	s.runs, err = sqlite.Open(ctx, sqlite.File{
		Path: filepath.Join(dir, RunsFile), What: "the run log and the settings",
		Application: applicationRuns, Synchronous: "FULL", Steps: migrations.Runs.Steps(), Frequent: []string{updateItem, countItems}, Log: log,
		Fold: 1000, // writing over the log again is safe on disk in half the time of making it longer
	})
	if err != nil {
		return nil, err
	}
	err = s.openMirror(ctx, sqlite.File{
		Path: filepath.Join(dir, MirrorFile), What: "the local copy of your people",
		Application: applicationMirror, Synchronous: "NORMAL", Steps: migrations.Mirror.Steps(), Log: log,
		Fold: 16000, // a sync changes the same pages again and again; 64 MB, as journal_size_limit
		Rebuilt: &sqlite.Rebuilt{
			Message: "The local copy was damaged and is being built again.",
			Hint:    "It is read afresh from Atlassian. Run logs, lists and settings are not touched.",
			Compare: compareIDs,
		},
		BeforeUpdate: func(ctx context.Context, conn *sql.Conn) error {
			s.declaration = declaration{}
			return s.unfeed(ctx, conn)
		},
		BeforeCommit: s.countGeneration,
	})
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all work and closes both files. A sync that is being written is lost; what was there before it stays.
func (s *Store) Close() error {
	var errs []error
	for _, d := range []*sqlite.DB{s.mirror, s.runs} {
		if d != nil {
			errs = append(errs, d.Close())
		}
	}
	if s.shelf != nil && errs[0] == nil {
		errs = append(errs, s.shelf.Close())
	}
	return errors.Join(errs...)
}

// refuseHalf refuses a folder that has the local copy, but lost the file that cannot be rebuilt.
func refuseHalf(dir string) error {
	if sqlite.Exists(filepath.Join(dir, MirrorFile)) && !sqlite.Exists(filepath.Join(dir, RunsFile)) {
		return &domain.Error{
			Code: domain.Internal, Reason: "missing",
			Message: "The file " + RunsFile + " with your sources and the run log is missing from " + dir + ".",
			Hint:    "Put it back from a backup, or move " + MirrorFile + " away too to start afresh.",
		}
	}
	return nil
}
