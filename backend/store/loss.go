package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/glebarez/sqlite"

	"seatkeeper/backend/domain"
)

// What only a damaged copy held, imported files and the history of what syncs found different, is not fetched out of it: a wrong day in it
// could make the wrong people look unused. It is said instead.

// asideSuffix is of the last damaged copy that was set aside.
const asideSuffix = ".damaged"

// lossSetting holds what a damaged copy has cost, in the file that is never rebuilt.
const lossSetting = "copy_loss"

// setAside moves the local copy out of the way, notes what is lost with it, and gives a number that is above those of its people.
func (s *Store) setAside(ctx context.Context, path string) (next int64, err error) {
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
	imports, next := readable(ctx, path)
	for _, i := range imports {
		same := func(o domain.Import) bool { return o.SourceID == i.SourceID && o.Kind == i.Kind }
		if slices.Contains(loss.Sources, i.SourceID) && !slices.ContainsFunc(loss.Imports, same) {
			loss.Imports = append(loss.Imports, i)
		}
	}
	if err := s.keepLoss(ctx, loss); err != nil { // before the file moves: a crash between must not lose it
		return 0, err
	}
	for _, suffix := range append([]string{""}, companions...) {
		old, now := path+suffix, path+asideSuffix+suffix
		if err := os.Remove(now); err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, s.runs.fault("delete the damaged copy of before", err)
		}
		if err := os.Rename(old, now); err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, s.runs.fault("set the damaged copy aside", err)
		}
	}
	for _, suffix := range []string{sealSuffix, condemnedSuffix} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, s.runs.fault("set the damaged copy aside", err)
		}
	}
	s.log.WarnContext(ctx, "the damaged local copy was set aside", "file", filepath.Base(path+asideSuffix))
	return next, nil
}

// maxNumber bounds what is believed of a damaged file.
const maxNumber = 10_000_000

// readable reads from a damaged copy what can be read: which files were imported, and a number above those of its people.
func readable(ctx context.Context, path string) (imports []domain.Import, next int64) {
	next = 1
	for _, how := range []string{"?mode=ro", "?mode=ro&immutable=1"} { // with its journal, if that can be read
		pool, err := sql.Open(sqlite.DriverName, fileURI(path)+how)
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

func importsIn(ctx context.Context, pool *sql.DB) (imports []domain.Import) {
	rows, err := pool.QueryContext(ctx, `SELECT s.source_id, i.kind, i.file_name FROM imports i JOIN sources s ON s.key = i.source`)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() && len(imports) < maxLost {
		var i domain.Import
		if rows.Scan(&i.SourceID, &i.Kind, &i.FileName) != nil {
			break
		}
		i.FileName = strings.ToValidUTF8(i.FileName, "\uFFFD")
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
		return loss, s.runs.fault("read what is lost", err)
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
	missing := loss.Sources[:0]
	for _, id := range loss.Sources {
		fresh, err := s.Freshness(ctx, id)
		if err != nil {
			return loss, err
		}
		if known(id) && fresh.Revision == 0 {
			missing = append(missing, id)
		}
	}
	files := loss.Imports[:0]
	for _, i := range loss.Imports {
		now, err := s.Imports(ctx, i.SourceID)
		if err != nil {
			return loss, err
		}
		if known(i.SourceID) && !slices.ContainsFunc(now, func(o domain.Import) bool { return o.Kind == i.Kind }) {
			files = append(files, i)
		}
	}
	loss.Sources, loss.Imports = missing, files
	return loss, nil
}

// ForgetLostImports ends the reminder that files have to be imported again into a source.
func (s *Store) ForgetLostImports(ctx context.Context, sourceID string) error {
	loss, err := s.CopyLoss(ctx)
	if err != nil {
		return err
	}
	loss.Imports = slices.DeleteFunc(loss.Imports, func(i domain.Import) bool { return i.SourceID == sourceID })
	return s.keepLoss(ctx, loss)
}
