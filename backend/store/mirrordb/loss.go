package mirrordb

import (
	"context"
	"database/sql"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// What only a damaged copy held, imported files and the history of what syncs found different, is not fetched out of
// it: a wrong day in it could make the wrong people look unused. It is said instead.

// setAside moves the local copy out of the way, says what is lost with it, and gives a number that is above those of
// its people.
func (s *Store) setAside(ctx context.Context, f sqlite.File) (next int64, err error) {
	imports, next := readable(ctx, f.Path)
	if err := s.o.Lost(ctx, imports); err != nil { // before the file moves: a crash between must not lose it
		return 0, err
	}
	return next, sqlite.SetAside(f)
}

// maxNumber bounds what is believed of a damaged file.
const maxNumber = 10_000_000

// readable reads from a damaged copy what can be read: which files were imported, and a number above those of its
// people.
func readable(ctx context.Context, path string) (imports []domain.LostImport, next int64) {
	next = 1
	for _, how := range []string{"?mode=ro", "?mode=ro&immutable=1"} { // with its journal, if that can be read
		pool, err := sql.Open(sqlite.DriverName, sqlite.URI(path)+how)
		if err != nil {
			continue
		}
		var most int64
		if err := pool.QueryRowContext(ctx, "SELECT max(id) FROM accounts").Scan(&most); err == nil &&
			most < maxNumber {
			next = max(next, most+1)
		}
		if len(imports) == 0 {
			imports = importsIn(ctx, pool)
		}
		_ = pool.Close()
	}
	return imports, next
}

// maxLost bounds how many imported files of a damaged copy are named.
const maxLost = 100

func importsIn(ctx context.Context, pool *sql.DB) (imports []domain.LostImport) {
	rows, err := pool.QueryContext(ctx, `SELECT s.source_id, i.kind FROM imports i JOIN sources s ON s.key = i.source`)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() && len(imports) < maxLost {
		var i domain.LostImport
		if rows.Scan(&i.SourceID, &i.Kind) != nil {
			break
		}
		imports = append(imports, i)
	}
	_ = rows.Err() // what came is what there is
	return imports
}
