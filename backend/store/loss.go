package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// What only a damaged copy held, imported files and the history of what syncs found different, is not fetched out of it: a wrong day in it
// could make the wrong people look unused. It is said instead.

// remindFor is how long it is said that a file has to be imported again.
const remindFor = 30 * 24 * time.Hour

// lossSetting holds what a damaged copy has cost, in the file that is never rebuilt.
const lossSetting = "copy_loss"

// setAside moves the local copy out of the way, notes what is lost with it, and gives a number that is above those of its people.
func (s *Store) setAside(ctx context.Context, f sqlite.File) (next int64, err error) {
	loss, err := s.CopyLoss(ctx) // of an earlier time, not made good yet
	if err != nil {
		return 0, err
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return 0, err
	}
	loss.At, loss.Sources = time.Now(), nil
	for _, src := range sources {
		loss.Sources = append(loss.Sources, src.ID)
	}
	imports, next := readable(ctx, f.Path)
	for _, i := range imports {
		if slices.Contains(loss.Sources, i.SourceID) && i.Kind.Title() != "" && !slices.Contains(loss.Imports, i) {
			loss.Imports = append(loss.Imports, i)
		}
	}
	if err := s.keepLoss(ctx, loss); err != nil { // before the file moves: a crash between must not lose it
		return 0, err
	}
	return next, sqlite.SetAside(f)
}

// maxNumber bounds what is believed of a damaged file.
const maxNumber = 10_000_000

// readable reads from a damaged copy what can be read: which files were imported, and a number above those of its people.
func readable(ctx context.Context, path string) (imports []domain.LostImport, next int64) {
	next = 1
	for _, how := range []string{"?mode=ro", "?mode=ro&immutable=1"} { // with its journal, if that can be read
		pool, err := sql.Open(sqlite.DriverName, sqlite.URI(path)+how)
		if err != nil {
			continue
		}
		var most int64
		if err := pool.QueryRowContext(ctx, "SELECT max(id) FROM accounts").Scan(&most); err == nil && most < maxNumber {
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

func (s *Store) keepLoss(ctx context.Context, loss domain.CopyLoss) error {
	text, err := json.Marshal(loss)
	if err != nil {
		return fmt.Errorf("note what is lost: %w", err)
	}
	return s.SetSetting(ctx, lossSetting, string(text))
}

// CopyLoss tells what is still missing since a damaged copy was set aside: nothing, where none was or all is made good.
func (s *Store) CopyLoss(ctx context.Context) (domain.CopyLoss, error) {
	text, err := s.Setting(ctx, lossSetting)
	if domain.CodeOf(err) == domain.NotFound {
		return domain.CopyLoss{}, nil
	}
	var loss domain.CopyLoss
	if err == nil {
		err = json.Unmarshal([]byte(text), &loss)
	}
	if err != nil {
		return loss, s.runs.Fault("read what is lost", err)
	}
	if s.mirror == nil {
		return loss, nil
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return loss, err
	}
	known := func(id string) bool {
		return slices.ContainsFunc(sources, func(src domain.Source) bool { return src.ID == id })
	}
	var left domain.CopyLoss
	for _, id := range loss.Sources {
		fresh, err := s.Freshness(ctx, id)
		if err != nil {
			return loss, err
		}
		if known(id) && fresh.Revision == 0 {
			left.Sources = append(left.Sources, id)
		}
	}
	for _, i := range loss.Imports {
		now, err := s.Imports(ctx, i.SourceID)
		if err != nil {
			return loss, err
		}
		again := slices.ContainsFunc(now, func(o domain.Import) bool { return o.Kind == i.Kind })
		if known(i.SourceID) && !again && time.Since(loss.At) < remindFor {
			left.Imports = append(left.Imports, i)
		}
	}
	left.At = loss.At
	return left, nil
}
