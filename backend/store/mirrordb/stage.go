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
//
// The rows of a sync go to tables of the same shape as the local copy's. A source that has a complete copy gets a file of
// its own for them, so that the copy is untouched until commit, and people go into a spool first, so that only those get rows of
// whom something else is delivered than before. Both are deleted when the sync ends, however it ends. The
// very first sync of a source writes into the copy itself, so that people can be looked at while it runs. What is kept of each person
// beside the rows is in files too, so that a sync takes the same memory however many there are.
type stager struct {
	id       int64
	source   int64
	sourceID string
	started  int64
	schema   string          // the tables' schema: mainSchema, or one attached for this sync
	file     string          // behind the schema, "" for mainSchema
	refs     refKeys         // directories, apps and groups met so far
	appsSeen map[int64]bool  // apps that have a row already
	spool    *spool          // users who were delivered; nil in the first sync
	facts    *spool          // account facts that were delivered: they may come before their people
	appsMet  map[string]bool // apps that people in the spool have
	apps     domain.User     // has each of them
	came     *delivery       // what was delivered about people as digests; without facts in the first sync until they are staged
	staged   *delivery       // what of it was staged; came itself in the first sync
	compared int64           // generation of the copy with which it was compared
	fed      *fedPeople      // memory that is used again
	place    domain.Place    // up to where the audit log need not be followed any more when this is saved
	note     string          // why it reads everything
	afresh   map[string]bool // groups that were read alone meanwhile, or are gone: that is newer; guarded by the store's mutex
}

const (
	mainSchema    = "main"
	stagingPrefix = "staging-"
)

// stagedTables are the tables that a sync writes.
var stagedTables = []string{
	"users", "user_directories", "user_roles", "access", "memberships", "directories", "apps", "groups", "domains", "grants_read", "group_grants",
	"digests",
}

// peopleStaging are the tables by person that a file of a sync has beside users.
func peopleStaging() []string {
	tables := []string{"touched", "missing", "digests"}
	for _, t := range setTables {
		tables = append(tables, t.name, "gone_"+t.name)
	}
	return tables
}

// sql puts the schema of the sync into a statement, for "staged.".
func (g *stager) sql(statement string) string {
	return strings.ReplaceAll(statement, "staged.", g.schema+".")
}

// attach makes the file of a sync and its tables.
func (s *Store) attach(ctx context.Context, g *stager) error {
	g.schema = fmt.Sprintf("sync%d", g.id)
	g.file = s.stagingFile(g, ".db")
	f, err := os.OpenFile(g.file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		g.spool, err = newSpool(s.stagingFile(g, ".spool"))
	}
	if err != nil {
		return s.db.Fault("make the sync's files", err)
	}
	statements := []string{
		// Nothing in this file has to survive a crash.
		"PRAGMA " + g.schema + ".journal_mode = MEMORY",
		"PRAGMA " + g.schema + ".synchronous = OFF",
		"PRAGMA " + g.schema + ".cache_size = -16384",
		"CREATE TABLE " + g.schema + ".touched (user_id INTEGER NOT NULL PRIMARY KEY)",
		// People of the copy whom the source does not have any more, or did not deliver.
		"CREATE TABLE " + g.schema + ".missing (user_id INTEGER NOT NULL PRIMARY KEY)",
	}
	for _, t := range setTables { // facts of staged people that are not so any more
		statements = append(statements, "CREATE TABLE "+g.schema+".gone_"+t.name+" (user_id INTEGER NOT NULL, key NOT NULL)")
	}
	for _, table := range stagedTables {
		var create string
		err := s.db.Read.SQL.QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", table).Scan(&create)
		if err != nil {
			return s.db.Fault("read the schema", err)
		}
		shape, found := strings.CutPrefix(create, "CREATE TABLE ")
		if !found {
			return s.db.Damaged("no shape of " + table)
		}
		statements = append(statements, "CREATE TABLE "+g.schema+"."+shape)
	}
	if _, err := s.db.Write.SQL.ExecContext(ctx, "ATTACH ? AS "+g.schema, sqlite.URI(g.file)); err != nil {
		return s.db.Fault("attach the sync's file", err)
	}
	for _, statement := range statements {
		if _, err := s.db.Write.SQL.ExecContext(ctx, statement); err != nil {
			return s.db.Fault("make the sync's tables", err)
		}
	}
	return nil
}

// stagingFile names a file of a sync.
func (s *Store) stagingFile(g *stager, end string) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s%d%s", stagingPrefix, g.id, end))
}

// openFiles makes the files that every sync has.
func (s *Store) openFiles(g *stager) (err error) {
	if g.facts, err = newSpool(s.stagingFile(g, ".facts")); err == nil {
		g.came, err = newDelivery(s.db.Newest(), s.stagingFile(g, ".came"))
	}
	return s.db.Fault("make the sync's files", err)
}

// detach deletes the files of a sync.
func (s *Store) detach(ctx context.Context, g *stager) {
	var err error
	for _, kept := range []*spool{g.spool, g.facts} {
		if kept != nil {
			err = errors.Join(err, kept.end())
		}
	}
	deliveries := []*delivery{g.came}
	if g.staged != g.came { // they are one in a first sync
		deliveries = append(deliveries, g.staged)
	}
	for _, d := range deliveries {
		if d != nil && d.pieces != nil {
			err = errors.Join(err, d.drop())
		}
	}
	if err != nil {
		s.o.Log.WarnContext(ctx, "could not delete what a sync has kept", "error", err)
	}
	if g.file == "" {
		return
	}
	//nolint:gosec // the schema was named here, after a number
	if _, err := s.db.Write.SQL.ExecContext(ctx, "DETACH "+g.schema); err != nil {
		s.o.Log.WarnContext(ctx, "could not detach the sync's file", "error", err)
	}
	//nolint:gosec // the file was named here, after a number
	if err := os.Remove(g.file); err != nil && !errors.Is(err, os.ErrNotExist) {
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

// StageBatch adds what a source has delivered to a running sync, in a transaction of its own. A batch without account or
// group ids is Internal: a source must not deliver it.
func (s *Store) StageBatch(ctx context.Context, syncID int64, b domain.Batch) error {
	g, err := s.stager(syncID)
	if err != nil {
		return err
	}
	for _, u := range b.Users {
		if u.AccountID == "" {
			return domain.Errorf(domain.Internal, "Atlassian's answer holds a person without an account id.").WithHint("Sync again.")
		}
	}
	for _, group := range b.Groups {
		if group.GroupID == "" {
			return domain.Errorf(domain.Internal, "Atlassian's answer holds a group without an id.").WithHint("Sync again.")
		}
	}
	if err := ctx.Err(); err != nil {
		return s.db.Fault("keep what was delivered", err)
	}
	if err := g.keepFacts(b.Accounts); err != nil {
		return s.db.Fault("keep what was delivered", err)
	}
	b.Accounts = nil
	if g.spool == nil {
		return s.stageBatch(ctx, g, b)
	}
	if err := g.keepUsers(b.Users); err != nil {
		return s.db.Fault("keep what was delivered", err)
	}
	b.Users = nil
	return s.stageBatch(ctx, g, b)
}

// keepUsers puts users into the spool.
func (g *stager) keepUsers(users []domain.User) error {
	for i := range users {
		g.meetApps(users[i].Access)
		x := g.came.user(&users[i])
		n, err := g.spool.keep(g.came.row, g.came.facts)
		if err != nil {
			return err
		}
		x.at = n
		if err := g.came.add(x); err != nil {
			return err
		}
	}
	return nil
}

// keepFacts puts facts into the spool. Those of a first sync count as delivered when they are staged.
func (g *stager) keepFacts(facts []domain.AccountFact) error {
	for _, f := range facts {
		n, err := g.facts.keep(encodeFact(f))
		if err != nil {
			return err
		}
		if g.spool == nil {
			continue
		}
		x := g.came.fact(f)
		x.at = n
		if err := g.came.add(x); err != nil {
			return err
		}
	}
	return nil
}

// meetApps notes the apps that people have: each needs a row, also where the people's own rows are as before.
func (g *stager) meetApps(access []domain.AppAccess) {
	for _, a := range access {
		if !g.appsMet[a.AppID] {
			g.appsMet[a.AppID] = true
			g.apps.Access = append(g.apps.Access, a)
		}
	}
}

// stageBatch writes a batch, if there is anything in it, and keeps the digests of what was written.
func (s *Store) stageBatch(ctx context.Context, g *stager, b domain.Batch) error {
	if len(b.Directories)+len(b.Apps)+len(b.Groups)+len(b.Users)+len(b.Domains)+len(b.Grants)+len(b.Accounts) == 0 {
		return nil
	}
	var ids []int64
	err := s.stage(ctx, g, func(w *writer) error {
		err := w.batch(ctx, b)
		ids = w.ids
		return err
	})
	if err == nil && len(b.Users)+len(b.Accounts) > 0 {
		err = s.db.Fault("keep what was delivered", g.staged.wrote(b, ids))
	}
	return err
}

// stage writes rows, in a transaction of its own.
func (s *Store) stage(ctx context.Context, g *stager, write func(*writer) error) error {
	w := &writer{stager: g, store: s, first: g.schema == mainSchema, refs: newRefKeys(), apps: map[int64]bool{}}
	err := s.db.Update(ctx, "write people", func(tx *sql.Tx) error {
		w.tx = tx
		if s.noteNobody(); g.schema == mainSchema {
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
