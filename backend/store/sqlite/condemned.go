package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/domain"
)

// A file that can be rebuilt is never worked with when it is damaged, and never in the way: from the first sign on it
// refuses every read and write, and whoever opens it next sets it aside and begins an empty one.

// condemnedSuffix marks a damaged file that is still in its place; asideSuffix is of the last one that was set aside.
const (
	condemnedSuffix = ".condemned"
	asideSuffix     = ".damaged"
)

// condemned is whether a file that can be rebuilt was found damaged while it was open.
type condemned struct {
	yes     atomic.Bool
	once    sync.Once
	told    chan struct{}
	looking atomic.Bool // somebody looks through the file
	work    sync.WaitGroup
	end     context.CancelFunc
	ctx     context.Context //nolint:containedctx // of the looks, ends when the file is closed
}

func newCondemned() *condemned {
	c := &condemned{told: make(chan struct{})}
	c.ctx, c.end = context.WithCancel(context.Background())
	return c
}

func (c *condemned) is() bool { return c.yes.Load() }

// condemn says that the file is damaged; nothing is read from it or written to it any more.
func (d *DB) condemn(why error) {
	d.condemned.once.Do(func() {
		d.condemned.yes.Store(true)
		d.Log.Error(d.What+" is damaged and will be built again", "file", filepath.Base(d.Path), "error", why)
		// Also after a crash or a kill: the damage may be where opening does not look.
		if err := os.WriteFile(d.Path+condemnedSuffix, nil, 0o600); err != nil {
			d.Log.Warn("the damaged file was not marked", "error", err)
		}
		close(d.condemned.told)
	})
}

// Condemned is closed when a file that can be rebuilt turned out to be damaged.
func (d *DB) Condemned() <-chan struct{} { return d.condemned.told }

// Looked waits for the look through the file that an odd error has begun.
func (d *DB) Looked() { d.condemned.work.Wait() }

// Usable refuses a file that was condemned.
func (d *DB) Usable() error {
	if d.condemned != nil && d.condemned.is() {
		return d.Damaged("")
	}
	return nil
}

// noticed looks at an error that goes out: damage condemns the file, and what cannot be told from damage has it looked
// through.
func (d *DB) noticed(e *domain.Error) {
	if d.condemned == nil || d.condemned.is() || d.condemned.ctx.Err() != nil {
		return
	}
	switch {
	case e.Reason == "damaged", e.Reason == "not_a_database":
		d.condemn(e)
	case e.Reason == "" && d.Read.SQL != nil && d.condemned.looking.CompareAndSwap(false, true):
		d.condemned.work.Go(func() {
			defer d.condemned.looking.Store(false)
			_ = d.LookThrough(d.condemned.ctx, "integrity_check")
		})
	}
}

// LookThrough lets SQLite look at all pages. quick_check leaves out whether indexes say what the tables say.
func (d *DB) LookThrough(ctx context.Context, how string) error {
	if err := d.Usable(); err != nil {
		return err
	}
	var answer string
	if err := d.Read.SQL.QueryRowContext(ctx, "PRAGMA "+how+"(1)").Scan(&answer); err != nil {
		return d.FaultWithin(ctx, "look through the file", err)
	}
	if answer != "ok" {
		return d.found(answer)
	}
	return d.Compare(ctx)
}

// found condemns the file for what was found in it.
func (d *DB) found(what string) error {
	e := d.Damaged(what)
	d.condemn(e)
	return e
}

// Compare finds what SQLite believes whatever it says: definitions, and what the file's owner knows of the rows.
func (d *DB) Compare(ctx context.Context) error {
	same, err := d.asMade(ctx, d.Read.SQL)
	if err != nil {
		return err
	}
	if !same {
		return d.found("the schema is not what it was made as")
	}
	wrong, err := d.Rebuilt.Compare(ctx, d.Read.SQL)
	if err != nil {
		return d.FaultWithin(ctx, "compare rows", err)
	}
	if wrong != "" {
		return d.found(wrong)
	}
	return nil
}

// asMade tells whether the tables and indexes are what the steps make.
func (d *DB) asMade(ctx context.Context, in *sql.DB) (bool, error) {
	empty, err := sql.Open(DriverName, ":memory:")
	if err != nil {
		return false, d.Fault("make a schema to compare with", err)
	}
	defer func() { _ = empty.Close() }()
	empty.SetMaxOpenConns(1) // each connection would have a memory of its own
	for _, step := range d.Steps {
		for _, statement := range step.Statements {
			if _, err := empty.ExecContext(ctx, statement); err != nil {
				return false, d.FaultWithin(ctx, "make a schema to compare with", err)
			}
		}
	}
	var want, got string
	const schema = `SELECT coalesce(group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10) ORDER BY name), '')
		FROM main.sqlite_schema`
	if err = empty.QueryRowContext(ctx, schema).Scan(&want); err == nil {
		err = in.QueryRowContext(ctx, schema).Scan(&got)
	}
	return want == got, d.FaultWithin(ctx, "read the schema", err)
}

// IsCondemned tells whether the file in path was condemned when it was used last.
func IsCondemned(path string) bool { return Exists(path + condemnedSuffix) }

// Replaceable tells whether what is wrong with the file is the file. A folder of that name, or a file of a newer
// program, is not ours to move.
func Replaceable(path string, err error) bool {
	info, errStat := os.Lstat(path)
	if errStat == nil && !info.Mode().IsRegular() {
		return false
	}
	e := domain.AsError(err)
	return e.Code == domain.Internal && slices.Contains([]string{"damaged", "not_a_database", "missing", ""}, e.Reason)
}

// SetAside moves a damaged file out of the way, in place of one that was set aside before.
func SetAside(f File) error {
	d := DB{File: f}
	for _, suffix := range append([]string{""}, companions...) {
		old, now := f.Path+suffix, f.Path+asideSuffix+suffix
		if err := os.Remove(now); err != nil && !errors.Is(err, os.ErrNotExist) {
			return d.Fault("delete the damaged file of before", err)
		}
		if err := os.Rename(old, now); err != nil && !errors.Is(err, os.ErrNotExist) {
			return d.Fault("set the damaged file aside", err)
		}
	}
	for _, suffix := range []string{sealSuffix, condemnedSuffix} {
		if err := os.Remove(f.Path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return d.Fault("set the damaged file aside", err)
		}
	}
	f.Log.Warn("a damaged file was set aside", "file", filepath.Base(f.Path+asideSuffix))
	return nil
}
