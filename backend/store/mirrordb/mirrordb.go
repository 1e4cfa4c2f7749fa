package mirrordb

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/migrations"
	"seatkeeper/backend/store/sqlite"
)

// FileName is the name of the file within the data folder.
const FileName = "mirror.db"

// application is PRAGMA application_id of the file: "SKM2". A file from before the first release, "SKM1", is begun
// anew.
const application = 0x534b4d32

// Options is what a store needs.
type Options struct {
	Log *slog.Logger
	// Mark stands for everything about a source that a read of it depends on; NotFound when there is no such source.
	Mark func(ctx context.Context, sourceID string) (string, error)
	// Lost notes, before a damaged copy is set aside, that it is lost, and which files were imported into it as far as
	// that can be read.
	Lost func(ctx context.Context, imports []domain.LostImport) error
}

// Store is the open file. Its methods may be called from several goroutines.
type Store struct {
	o   Options
	dir string
	db  *sqlite.DB

	mu      sync.Mutex
	stagers map[string]*stager // syncs that are being written, by source id; nil while one is beginning

	counts      bool        // whether the file counts generations
	declaration declaration // of the transaction that is writing
}

// Open opens the file in dir, and makes it when there is none; see sqlite.Open for the errors. A damaged copy is no
// error: it is set aside, and an empty one is begun.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	s := &Store{o: o, dir: dir, stagers: map[string]*stager{}}
	err := s.open(ctx, sqlite.File{
		Path: filepath.Join(dir, FileName), What: "the local copy of your people",
		Application: application, Synchronous: "NORMAL", Steps: migrations.Mirror.Steps(), Log: o.Log,
		Fold: 16000, // a sync changes the same pages again and again; 64 MB, as journal_size_limit
		Rebuilt: &sqlite.Rebuilt{
			Message: "The local copy was damaged and is being built again.",
			Hint:    "It is read afresh from Atlassian. Run logs, lists and settings are not touched.",
			Compare: compareIDs,
		},
		BeforeUpdate: func() { s.declaration = declaration{} },
		BeforeCommit: s.countGeneration,
	})
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all work and closes the file. A sync that is being written is lost; what was there before it stays.
func (s *Store) Close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	return err
}
