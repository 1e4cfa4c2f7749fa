// Package sqlite is the engine below both databases: it opens a file with one connection that writes and several that
// read, brings its schema up to date, and turns what SQLite says into errors for people.
//
// It knows no table. What stands in a file is the business of mirrordb and records.
package sqlite

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

	"seatkeeper/backend/store/migrations"
)

// DriverName is what database/sql knows the driver by.
const DriverName = sqlite.DriverName

// ReaderCache is how much of the file a reading connection keeps in memory.
const ReaderCache = "cache_size(-16384)"

// readers bounds the connections that read at the same time; the writer is always one.
const readers = 4

// File says what is to be opened.
type File struct {
	Path        string
	What        string // the contents, for messages
	Application int    // PRAGMA application_id: a database of another program, or one file under the other's name, is refused
	Synchronous string
	Steps       []migrations.Migration
	Fold        int      // pages of the write-ahead log after which it is folded into the file, and begun anew
	Frequent    []string // statements of writing transactions that are compiled once, see Prepared
	Log         *slog.Logger

	Rebuilt *Rebuilt // nil for a file that cannot be rebuilt

	BeforeUpdate func()                                      // before each writing transaction
	BeforeCommit func(ctx context.Context, tx *sql.Tx) error // at the end of each writing transaction
}

// Rebuilt is about a file that can be made anew, and is never worked with when it is damaged.
type Rebuilt struct {
	Message, Hint string // of the error that says it is damaged

	// Compare finds what SQLite believes whatever it says, such as ids that stand in two tables; "" for nothing.
	Compare func(ctx context.Context, in *sql.DB) (wrong string, err error)
}

// Pool is some connections, as GORM for rows with a model and as database/sql for hot paths.
type Pool struct {
	SQL *sql.DB
	ORM *gorm.DB
}

// DB is one open file: one connection that writes, and a pool that cannot, so that a reader never waits for a long
// transaction.
type DB struct {
	File

	Write Pool
	Read  Pool

	uncleanAtOpen bool       // the program ended without closing the file
	fresh         bool       // it was made just now
	sealed        bool       // it is as its seal says
	condemned     *condemned // nil for a file that cannot be rebuilt

	writing  *sql.Conn            // of the Update that runs
	compiled map[string]*sql.Stmt // of Frequent, on the connection that writes
}

// Open opens a file, makes it when there is none, and brings an older schema up to date after taking a copy of the old
// file. The folder must exist. The errors are of code Internal, Conflict or Unsupported with a Reason: "damaged",
// "not_a_database", "missing", "newer", "read_only", "locked", "disk_full" or "io"; the file is not changed then.
func Open(ctx context.Context, f File) (*DB, error) {
	d := &DB{File: f}
	if f.Rebuilt != nil {
		d.condemned = newCondemned()
	}
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	var err error
	if d.Write, err = d.open(ctx, writing, 1); err != nil {
		return nil, err
	}
	if err = d.check(ctx); err == nil {
		err = d.upgrade(ctx)
	}
	if err == nil {
		err = d.compile(ctx)
	}
	if err == nil {
		d.Read, err = d.open(ctx, reading, readers)
	}
	if err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// Newest is the number of the schema.
func (d *DB) Newest() int { return len(d.Steps) }

// AsLeft tells whether the rows are known to be what was written: the file was made just now, or is as its seal says.
func (d *DB) AsLeft() bool { return d.sealed || d.fresh }

// compile prepares the frequent statements.
func (d *DB) compile(ctx context.Context) error {
	d.compiled = make(map[string]*sql.Stmt, len(d.Frequent))
	for _, text := range d.Frequent {
		statement, err := d.Write.SQL.PrepareContext(ctx, text) //nolint:sqlclosecheck // with the pool
		if err != nil {
			return d.Fault("prepare a statement", err)
		}
		d.compiled[text] = statement
	}
	return nil
}

// Prepared gives one of the frequent statements to a writing transaction. A statement with its triggers takes longer to
// compile than to run.
func (d *DB) Prepared(ctx context.Context, tx *sql.Tx, text string) *sql.Stmt {
	return tx.StmtContext(ctx, d.compiled[text])
}

// mode is what a pool is for.
type mode int

const (
	writing mode = iota
	reading
)

// open opens one pool.
func (d *DB) open(ctx context.Context, m mode, connections int) (Pool, error) {
	pool, err := sql.Open(DriverName, d.dsn(m))
	if err != nil {
		return Pool{}, d.Fault("open", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	// GORM asks for the version as it starts: the first real access to the file.
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return Pool{}, d.Fault("open", err)
	}
	orm, err := gorm.Open(&sqlite.Dialector{Conn: pool}, &gorm.Config{
		Logger: quietLogger{d.Log}, TranslateError: true, SkipDefaultTransaction: true,
	})
	if err != nil {
		_ = pool.Close()
		return Pool{}, d.Fault("open", err)
	}
	return Pool{SQL: pool, ORM: orm}, nil
}

// dsn builds the address of the file. Pragmas are set on each connection of a pool.
func (d *DB) dsn(m mode) string {
	q := url.Values{}
	pragma := func(p string) { q.Add("_pragma", p) }
	pragma("busy_timeout(5000)")
	if m == writing {
		pragma("journal_mode(WAL)")
		pragma("cache_size(-65536)")
		pragma("journal_size_limit(67108864)")
		pragma(fmt.Sprintf("wal_autocheckpoint(%d)", d.Fold))
		q.Set("_txlock", "immediate") // else a read that turns into a write fails instead of waiting
	} else {
		pragma(ReaderCache)
		pragma("query_only(1)")
	}
	pragma("synchronous(" + d.Synchronous + ")")
	pragma("foreign_keys(1)")
	return URI(d.Path) + "?" + q.Encode()
}

// URI gives SQLite's URI of a path, in which a question mark or percent sign means itself.
func URI(path string) string {
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

// Close closes the readers first: the last connection to go is then the writer, which folds the journal into the file.
func (d *DB) Close() error {
	var errs []error
	if d.condemned != nil {
		d.condemned.end()
		d.condemned.work.Wait()
	}
	for _, p := range []Pool{d.Read, d.Write} {
		if p.SQL != nil {
			errs = append(errs, p.SQL.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return d.Fault("close", err)
	}
	if d.Read.SQL != nil { // it was open
		d.seal()
	}
	return nil
}

// Update runs fn in one writing transaction; an error of fn rolls it back and is returned as it is. doing completes
// "could not ...", for the log.
func (d *DB) Update(ctx context.Context, doing string, fn func(tx *sql.Tx) error) error {
	if err := d.Usable(); err != nil {
		return err
	}
	conn, err := d.Write.SQL.Conn(ctx) // the only one: whoever has it has what BeforeUpdate and BeforeCommit know about the writing transaction
	if err != nil {
		return d.FaultWithin(ctx, doing, err)
	}
	defer func() { _ = conn.Close() }()
	d.writing = conn
	d.breakSeal()
	if d.BeforeUpdate != nil {
		d.BeforeUpdate()
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return d.FaultWithin(ctx, doing, err)
	}
	defer func() { _ = tx.Rollback() }()
	err = fn(tx)
	if err == nil && d.BeforeCommit != nil {
		err = d.BeforeCommit(ctx, tx)
	}
	if err == nil {
		err = tx.Commit()
	}
	return d.FaultWithin(ctx, doing, err)
}

// View runs fn in one reading transaction: everything that fn reads is of the same moment.
func (d *DB) View(ctx context.Context, doing string, fn func(tx *sql.Tx) error) error {
	if err := d.Usable(); err != nil {
		return err
	}
	tx, err := d.Read.SQL.BeginTx(ctx, nil)
	if err != nil {
		return d.FaultWithin(ctx, doing, err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(tx); err != nil {
		return d.FaultWithin(ctx, doing, err)
	}
	return nil
}

// Exists tells whether there is something under that name.
func Exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// Pragma reads a pragma that is a number.
func Pragma(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, name string) (int, error) {
	var n int
	if err := q.QueryRowContext(ctx, "PRAGMA "+name).Scan(&n); err != nil {
		return 0, fmt.Errorf("read pragma %s: %w", name, err)
	}
	return n, nil
}
