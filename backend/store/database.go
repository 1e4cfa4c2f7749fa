package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"

	"seatkeeper/backend/store/feed"
	"seatkeeper/backend/store/migrations"
)

// PRAGMA application_id of the two files: a database of another program, or one file under the other's name, is refused.
const (
	applicationMirror = 0x534b4d31 // "SKM1"
	applicationRuns   = 0x534b5231 // "SKR1"
)

// readerCache is how much of the file a reading connection keeps in memory.
const readerCache = "cache_size(-16384)"

// readers bounds the connections that read at the same time; the writer is always one.
const readers = 4

// handle is one pool of connections, as GORM for rows with a model and as database/sql for hot paths.
type handle struct {
	sql *sql.DB
	orm *gorm.DB
}

// database is one open file: one connection that writes, and a pool that cannot, so that a reader never waits for a sync.
type database struct {
	path        string
	what        string // the contents, for messages
	application int
	synchronous string
	steps       []migrations.Migration
	fold        int      // pages of the write-ahead log after which it is folded into the file, and begun anew
	frequent    []string // statements of writing transactions that are compiled once, see again
	log         *slog.Logger

	uncleanAtOpen bool       // the program ended without closing the file
	fresh         bool       // it was made just now
	sealed        bool       // it is as its seal says
	condemned     *condemned // nil for a file that cannot be rebuilt

	write handle
	read  handle

	compiled map[string]*sql.Stmt // of frequent, on the connection that writes

	declaration declaration // of the transaction that is writing
	shelf       *feed.Shelf // for rows that go into this file many at a time, nil until there were some
	fed         bool        // such rows may still be attached to the connection that writes
}

// openDatabase opens the file that d describes.
func openDatabase(ctx context.Context, d database) (*database, error) {
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	var err error
	if d.write, err = d.open(ctx, writing, 1); err != nil {
		return nil, err
	}
	if err = d.check(ctx); err == nil {
		err = d.upgrade(ctx)
	}
	if err == nil {
		err = d.compile(ctx)
	}
	if err == nil {
		d.read, err = d.open(ctx, reading, readers)
	}
	if err != nil {
		_ = d.close()
		return nil, err
	}
	return &d, nil
}

// compile prepares the frequent statements.
func (d *database) compile(ctx context.Context) error {
	d.compiled = make(map[string]*sql.Stmt, len(d.frequent))
	for _, text := range d.frequent {
		statement, err := d.write.sql.PrepareContext(ctx, text) //nolint:sqlclosecheck // with the pool
		if err != nil {
			return d.fault("prepare a statement", err)
		}
		d.compiled[text] = statement
	}
	return nil
}

// again gives one of the frequent statements to a writing transaction. A statement with its triggers takes longer to compile than to run.
func (d *database) again(ctx context.Context, tx *sql.Tx, text string) *sql.Stmt {
	return tx.StmtContext(ctx, d.compiled[text])
}

// mode is what a pool is for.
type mode int

const (
	writing mode = iota
	reading
)

// open opens one pool.
func (d *database) open(ctx context.Context, m mode, connections int) (handle, error) {
	pool, err := sql.Open(sqlite.DriverName, d.dsn(m))
	if err != nil {
		return handle{}, d.fault("open", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	// GORM asks for the version as it starts: the first real access to the file.
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return handle{}, d.fault("open", err)
	}
	orm, err := gorm.Open(&sqlite.Dialector{Conn: pool}, &gorm.Config{
		Logger: quietLogger{d.log}, TranslateError: true, SkipDefaultTransaction: true,
	})
	if err != nil {
		_ = pool.Close()
		return handle{}, d.fault("open", err)
	}
	return handle{sql: pool, orm: orm}, nil
}

// dsn builds the address of the file. Pragmas are set on each connection of a pool.
func (d *database) dsn(m mode) string {
	q := url.Values{}
	pragma := func(p string) { q.Add("_pragma", p) }
	pragma("busy_timeout(5000)")
	if m == writing {
		pragma("journal_mode(WAL)")
		pragma("cache_size(-65536)")
		pragma("journal_size_limit(67108864)")
		pragma(fmt.Sprintf("wal_autocheckpoint(%d)", d.fold))
		q.Set("_txlock", "immediate") // else a read that turns into a write fails instead of waiting
	} else {
		pragma(readerCache)
		pragma("query_only(1)")
	}
	pragma("synchronous(" + d.synchronous + ")")
	pragma("foreign_keys(1)")
	return fileURI(d.path) + "?" + q.Encode()
}

// fileURI gives SQLite's URI of a path, in which a question mark or percent sign means itself.
func fileURI(path string) string {
	p := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" && !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	p = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(p)
	if strings.HasPrefix(p, "/") {
		return "file://" + p
	}
	return "file:" + p
}

// close closes the readers first: the last connection to go is then the writer, which folds the journal into the file.
func (d *database) close() error {
	var errs []error
	if d.condemned != nil {
		d.condemned.end()
		d.condemned.work.Wait()
	}
	for _, h := range []handle{d.read, d.write} {
		if h.sql != nil {
			errs = append(errs, h.sql.Close())
		}
	}
	if d.shelf != nil && errors.Join(errs...) == nil {
		errs = append(errs, d.shelf.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return d.fault("close", err)
	}
	if d.read.sql != nil { // it was open
		d.seal()
	}
	return nil
}

// update runs fn in one writing transaction; an error of fn rolls it back and is returned as it is. doing completes
// "could not ...", for the log.
func (d *database) update(ctx context.Context, doing string, fn func(tx *sql.Tx) error) error {
	if err := d.usable(); err != nil {
		return err
	}
	conn, err := d.write.sql.Conn(ctx) // the only one: whoever has it has the fields about the writing transaction
	if err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	defer func() { _ = conn.Close() }()
	d.breakSeal()
	if err := d.unfeed(ctx, conn); err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	defer func() { _ = tx.Rollback() }()
	d.declaration = declaration{counts: d.declaration.counts} // this transaction has the only connection that writes
	if err := fn(tx); err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	if err := d.countGeneration(ctx, tx); err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	if err := tx.Commit(); err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	return nil
}

// feed lets statements of the transaction read tables as fed.name, once in a transaction.
func (d *database) feed(ctx context.Context, tx *sql.Tx, tables ...*feed.Table) error {
	if d.shelf == nil {
		var err error
		if d.shelf, err = feed.NewShelf(); err != nil {
			return fmt.Errorf("hand rows over: %w", err)
		}
	}
	d.fed = true
	_, err := execute(ctx, tx, "ATTACH ? AS fed", d.shelf.Put(feed.Database(tables...)))
	return err
}

// unfeed takes away what an earlier transaction was fed with, which it could not do itself: SQLite detaches nothing within one.
func (d *database) unfeed(ctx context.Context, conn *sql.Conn) error {
	if !d.fed {
		return nil
	}
	var attached bool
	err := conn.QueryRowContext(ctx, "SELECT count(*) FROM pragma_database_list WHERE name = 'fed'").Scan(&attached)
	if err == nil && attached {
		_, err = conn.ExecContext(ctx, "DETACH fed")
	}
	if err != nil {
		return fmt.Errorf("take rows away: %w", err)
	}
	d.shelf.Put(nil)
	d.fed = false
	return nil
}

// view runs fn in one reading transaction: everything that fn reads is of the same moment.
func (d *database) view(ctx context.Context, doing string, fn func(tx *sql.Tx) error) error {
	if err := d.usable(); err != nil {
		return err
	}
	tx, err := d.read.sql.BeginTx(ctx, nil)
	if err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(tx); err != nil {
		return d.faultWithin(ctx, doing, err)
	}
	return nil
}

// exists tells whether there is something under that name.
func exists(path string) bool {
	_, err := os.Lstat(path) //nolint:gosec // in the folder that the user chose
	return !errors.Is(err, os.ErrNotExist)
}

// pragmaInt reads a pragma that is a number.
func pragmaInt(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, name string) (int, error) {
	var n int
	if err := q.QueryRowContext(ctx, "PRAGMA "+name).Scan(&n); err != nil {
		return 0, fmt.Errorf("read pragma %s: %w", name, err)
	}
	return n, nil
}
