package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// stager is one sync that is being written.
type stager struct {
	id       int64
	source   int64
	sourceID string
	started  int64
	// the schema of staged rows: mainSchema in a source's first sync, else that of the sync's own file
	rows     string
	schema   string         // the schema of the sync's own file, "" for somebody who is read alone
	refs     refKeys        // directories, apps and groups that came so far
	appsSeen map[int64]bool // apps that have a row already
	buffer   rows           // memory that is used again
	compared int64          // generation of the copy when the sync began
	place    domain.Place   // up to where the audit log need not be followed any more when this is saved
	note     string         // why it reads everything
	// groups that were read alone meanwhile, or are gone: that is newer; guarded by the store's mutex
	afresh map[string]bool
}

const (
	mainSchema    = "main"
	stagingPrefix = "staging-"
)

// stagedTables are the tables that a sync writes.
var stagedTables = []string{
	"users", "user_directories", "user_roles", "access", "memberships", "directories", "apps", "groups", "domains",
	"grants_read", "group_grants",
}

// receivedTables are the tables that only a sync's own file has.
var receivedTables = []string{
	// everybody who was delivered
	"received (user_id INTEGER NOT NULL PRIMARY KEY, digest BLOB NOT NULL, billable INTEGER NOT NULL)",
	// What a second list of the source tells, also of accounts that are nobody here.
	"facts (user_id INTEGER NOT NULL PRIMARY KEY, billable INTEGER NOT NULL)",
	"touched (user_id INTEGER NOT NULL PRIMARY KEY)", // people of whom a row is new, different or gone
	"missing (user_id INTEGER NOT NULL PRIMARY KEY)", // people of the copy who were not delivered, or are gone
}

// sql puts the schemas of the sync into a statement, for "staged." and "sync.".
func (g *stager) sql(statement string) string {
	return strings.NewReplacer("staged.", g.rows+".", "sync.", g.schema+".").Replace(statement)
}

// first tells whether this is a source's first sync: there is hardly anything of the source yet.
func (g *stager) first() bool { return g.schema != "" && g.rows == mainSchema }

// stagingFile names the file of a sync.
func (s *Store) stagingFile(g *stager) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s%d.db", stagingPrefix, g.id))
}

// attach makes the file of a sync and its tables.
func (s *Store) attach(ctx context.Context, g *stager) error {
	file := s.stagingFile(g)
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // named after a number
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return s.db.Fault("make the sync's file", err)
	}
	statements := []string{
		// Nothing in this file has to survive a crash.
		"PRAGMA " + g.schema + ".journal_mode = MEMORY",
		"PRAGMA " + g.schema + ".synchronous = OFF",
		"PRAGMA " + g.schema + ".cache_size = -16384",
	}
	for _, table := range receivedTables {
		statements = append(statements, "CREATE TABLE "+g.schema+"."+table)
	}
	for _, t := range setTables { // facts of staged people that are not so any more
		statements = append(statements,
			"CREATE TABLE "+g.schema+".gone_"+t.name+" (user_id INTEGER NOT NULL, key NOT NULL)")
	}
	for _, table := range stagedTables {
		var create string
		err := s.db.Read.SQL.QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?",
			table).Scan(&create)
		if err != nil {
			return s.db.Fault("read the schema", err)
		}
		shape, found := strings.CutPrefix(create, "CREATE TABLE ")
		if !found {
			return s.db.Damaged("no shape of " + table)
		}
		statements = append(statements, "CREATE TABLE "+g.schema+"."+shape)
	}
	if _, err := s.db.Write.SQL.ExecContext(ctx, "ATTACH ? AS "+g.schema, sqlite.URI(file)); err != nil {
		return s.db.Fault("attach the sync's file", err)
	}
	for _, statement := range statements {
		if _, err := s.db.Write.SQL.ExecContext(ctx, statement); err != nil {
			return s.db.Fault("make the sync's tables", err)
		}
	}
	return nil
}

// detach deletes the file of a sync.
func (s *Store) detach(ctx context.Context, g *stager) {
	//nolint:gosec // the schema was named here, after a number
	if _, err := s.db.Write.SQL.ExecContext(ctx, "DETACH "+g.schema); err != nil {
		s.o.Log.WarnContext(ctx, "could not detach the sync's file", "error", err)
	}
	//nolint:gosec // the file was named here, after a number
	if err := os.Remove(s.stagingFile(g)); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.o.Log.WarnContext(ctx, "could not delete the sync's file", "error", err)
	}
}

// removeStaging deletes the files of syncs that a crash has ended.
func (s *Store) removeStaging() error {
	files, err := filepath.Glob(filepath.Join(escapeGlob(s.dir), stagingPrefix+"*"))
	for _, f := range files {
		err = errors.Join(err, os.Remove(f))
	}
	return s.db.Fault("delete what an interrupted sync left", err)
}

// escapeGlob makes a folder's name mean itself in a pattern.
func escapeGlob(dir string) string {
	if os.PathSeparator == '\\' {
		return dir // a backslash separates there, and nothing can be escaped
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

// StageBatch adds what a source has delivered to a running sync, in a transaction of its own. A batch without account
// or group ids is Internal: a source must not deliver it.
func (s *Store) StageBatch(ctx context.Context, syncID int64, b domain.Batch) error {
	g, err := s.stager(syncID)
	if err != nil {
		return err
	}
	for _, u := range b.Users {
		if u.AccountID == "" {
			return domain.Errorf(domain.Internal,
				"Atlassian's answer holds a person without an account id.").WithHint("Sync again.")
		}
	}
	for _, group := range b.Groups {
		if group.GroupID == "" {
			return domain.Errorf(domain.Internal,
				"Atlassian's answer holds a group without an id.").WithHint("Sync again.")
		}
	}
	return s.stage(ctx, g, func(w *writer) error { return w.batch(ctx, b) })
}

// stage writes rows, in a transaction of its own.
func (s *Store) stage(ctx context.Context, g *stager, write func(*writer) error) error {
	w := newWriter(s, g)
	err := s.db.Update(ctx, "write what was delivered", func(tx *sql.Tx) error {
		w.tx = tx
		if s.noteNobody(); g.first() {
			if err := s.noteSource(ctx, tx, g.source); err != nil {
				return err
			}
		}
		return write(w)
	})
	if err != nil {
		return err
	}
	// Only now are the keys on disk.
	for kind := range w.refs {
		maps.Copy(g.refs[kind], w.refs[kind])
	}
	maps.Copy(g.appsSeen, w.apps)
	return nil
}

// stager finds a running sync.
func (s *Store) stager(syncID int64) (*stager, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.stagers {
		if g != nil && g.id == syncID {
			return g, nil
		}
	}
	return nil, domain.Errorf(domain.Internal, "Sync %d is not running.", syncID)
}

// writer writes one batch within one transaction.
type writer struct {
	*stager
	db   *sqlite.DB
	tx   *sql.Tx
	refs refKeys        // keys found in this transaction
	apps map[int64]bool // apps that got a row in this transaction
}

func newWriter(s *Store, g *stager) *writer {
	return &writer{stager: g, db: s.db, refs: newRefKeys(), apps: map[int64]bool{}}
}

// batch writes everything in b.
func (w *writer) batch(ctx context.Context, b domain.Batch) error {
	if err := w.intern(ctx, b); err != nil {
		return err
	}
	if err := w.things(ctx, b); err != nil {
		return err
	}
	if err := w.grants(ctx, b.Grants); err != nil {
		return err
	}
	if err := w.people(ctx, b.Users); err != nil {
		return err
	}
	return w.facts(ctx, b.Accounts)
}

// exec executes a statement with the source as ?1 and the document as ?2, unless the document is empty.
func (w *writer) exec(ctx context.Context, doc *sqlite.Document, statement string) error {
	if doc.Len() == 0 {
		return nil
	}
	if _, err := sqlite.Exec(ctx, w.tx, w.sql(statement), w.source, doc.String()); err != nil {
		return fmt.Errorf("write %d rows: %w", doc.Len(), err)
	}
	doc.Reset()
	return nil
}
