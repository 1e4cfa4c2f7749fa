package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glebarez/sqlite"

	"seatkeeper/backend/domain"
)

// The local copy can be read again, so a damaged one is never worked with and never in the way: from the first sign on it refuses every
// read and write, and the next opening sets it aside and begins an empty one.

// condemnedSuffix marks a damaged copy that is still in its place.
const condemnedSuffix = ".condemned"

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
func (d *database) condemn(why error) {
	d.condemned.once.Do(func() {
		d.condemned.yes.Store(true)
		d.log.Error("the local copy is damaged and will be built again", "file", filepath.Base(d.path), "error", why)
		// Also after a crash or a kill: the damage may be where opening does not look.
		if err := os.WriteFile(d.path+condemnedSuffix, nil, 0o600); err != nil {
			d.log.Warn("the damaged local copy was not marked", "error", err)
		}
		close(d.condemned.told)
	})
}

// usable refuses a file that was condemned.
func (d *database) usable() error {
	if d.condemned != nil && d.condemned.is() {
		return d.damaged("")
	}
	return nil
}

// noticed looks at an error that goes out: damage condemns the file, and what cannot be told from damage has it looked through.
func (d *database) noticed(e *domain.Error) {
	if d.condemned == nil || d.condemned.is() || d.condemned.ctx.Err() != nil {
		return
	}
	switch {
	case e.Reason == "damaged", e.Reason == "not_a_database":
		d.condemn(e)
	case e.Reason == "" && d.read.sql != nil && d.condemned.looking.CompareAndSwap(false, true):
		d.condemned.work.Go(func() {
			defer d.condemned.looking.Store(false)
			_ = d.lookThrough(d.condemned.ctx, "integrity_check")
		})
	}
}

// lookThrough lets SQLite look at all pages. quick_check leaves out whether indexes say what the tables say.
func (d *database) lookThrough(ctx context.Context, how string) error {
	if err := d.usable(); err != nil {
		return err
	}
	var answer string
	if err := d.read.sql.QueryRowContext(ctx, "PRAGMA "+how+"(1)").Scan(&answer); err != nil {
		return d.faultWithin(ctx, "look through the file", err)
	}
	if answer != "ok" {
		return d.found(answer)
	}
	return d.compare(ctx)
}

// found condemns the file for what was found in it.
func (d *database) found(what string) error {
	e := d.damaged(what)
	d.condemn(e)
	return e
}

// compare finds what SQLite believes whatever it says: definitions, and ids that stand in two tables.
func (d *database) compare(ctx context.Context) error {
	same, err := d.asMade(ctx, d.read.sql)
	if err != nil {
		return err
	}
	if !same {
		return d.found("the schema is not what it was made as")
	}
	var wrong int
	err = d.read.sql.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM users u LEFT JOIN accounts a ON a.id = u.id WHERE (a.source, a.account_id) IS NOT (u.source, u.account_id)) +
		(SELECT count(*) FROM groups g LEFT JOIN refs r ON r.id = g.id WHERE (r.source, r.kind, r.ref) IS NOT (g.source, ?1, g.group_id)) +
		(SELECT count(*) FROM apps p LEFT JOIN refs r ON r.id = p.id WHERE (r.source, r.kind, r.ref) IS NOT (p.source, ?2, p.app_id)) +
		(SELECT count(*) FROM directories d LEFT JOIN refs r ON r.id = d.id WHERE (r.source, r.kind, r.ref) IS NOT (d.source, ?3, d.directory_id)) +
		(SELECT count(*) FROM users WHERE source NOT IN (SELECT key FROM sources))`, refGroup, refApp, refDirectory).Scan(&wrong)
	if err != nil {
		return d.faultWithin(ctx, "compare ids", err)
	}
	if wrong > 0 {
		return d.found(fmt.Sprintf("%d ids are not those of their numbers", wrong))
	}
	return nil
}

// asMade tells whether the tables and indexes are what the steps make.
func (d *database) asMade(ctx context.Context, in *sql.DB) (bool, error) {
	empty, err := sql.Open(sqlite.DriverName, ":memory:")
	if err != nil {
		return false, d.fault("make a schema to compare with", err)
	}
	defer func() { _ = empty.Close() }()
	empty.SetMaxOpenConns(1) // each connection would have a memory of its own
	for _, step := range d.steps {
		for _, statement := range step.Statements {
			if _, err := empty.ExecContext(ctx, statement); err != nil {
				return false, d.faultWithin(ctx, "make a schema to compare with", err)
			}
		}
	}
	var want, got string
	const schema = `SELECT coalesce(group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10) ORDER BY name), '')
		FROM main.sqlite_schema`
	if err = empty.QueryRowContext(ctx, schema).Scan(&want); err == nil {
		err = in.QueryRowContext(ctx, schema).Scan(&got)
	}
	return want == got, d.faultWithin(ctx, "read the schema", err)
}

// CheckCopy looks through the local copy; an error with the reason "damaged" says that it is built again.
func (s *Store) CheckCopy(ctx context.Context) error { return s.mirror.lookThrough(ctx, "quick_check") }

// Damaged is closed when the local copy turned out to be damaged: open the store anew.
func (s *Store) Damaged() <-chan struct{} { return s.mirror.condemned.told }

// openMirror opens the local copy, and begins an empty one in place of one that is damaged.
func (s *Store) openMirror(ctx context.Context, d database) error {
	if !exists(d.path + condemnedSuffix) {
		err := s.takeMirror(ctx, d)
		if err == nil || ctx.Err() != nil || !replaceable(d.path, err) {
			return err
		}
		s.log.ErrorContext(ctx, "the local copy cannot be opened and is built again", "error", err)
	}
	next, err := s.setAside(ctx, d.path)
	if err != nil {
		return err
	}
	if err := s.takeMirror(ctx, d); err != nil {
		return err
	}
	return s.mirror.update(ctx, "begin a new local copy", func(tx *sql.Tx) error {
		// Numbers of the old copy must not mean something else in the new one: a plan knows its sync, an open page its people.
		if _, err := execute(ctx, tx, "INSERT INTO sqlite_sequence (name, seq) VALUES ('syncs', ?)", time.Now().Unix()); err != nil {
			return err
		}
		_, err := execute(ctx, tx, "INSERT INTO accounts (id, source, account_id) VALUES (?, 0, '')", next)
		return err
	})
}

// takeMirror opens the local copy as it is.
func (s *Store) takeMirror(ctx context.Context, d database) (err error) {
	d.condemned = newCondemned()
	if s.mirror, err = openDatabase(ctx, d); err != nil {
		return err
	}
	s.mirror.declaration.counts = true             // not before: an upgrade begins without the table for it
	unknown := !s.mirror.sealed && !s.mirror.fresh // before this, an upgrade may have broken the seal
	if unknown {
		err = s.mirror.compare(ctx)
	}
	if err == nil {
		err = s.settleSyncs(ctx)
	}
	if err == nil && unknown {
		// Nothing tells whether the rows are what was written. Without digests the next full sync compares every one with what it receives.
		_, err = s.mirror.write.sql.ExecContext(ctx, "DELETE FROM digests")
		err = s.mirror.fault("forget the digests", err)
	}
	if err != nil {
		_ = s.mirror.close()
		s.mirror = nil
	}
	return err
}

// replaceable tells whether what is wrong with the file is the file. A folder of that name, or a file of a newer program, is not ours to move.
func replaceable(path string, err error) bool {
	info, errStat := os.Lstat(path)
	if errStat == nil && !info.Mode().IsRegular() {
		return false
	}
	e := domain.AsError(err)
	return e.Code == domain.Internal && slices.Contains([]string{"damaged", "not_a_database", "missing", ""}, e.Reason)
}
