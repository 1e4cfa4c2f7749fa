package sqlite

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/migrations"
)

// openOne makes a file with one table.
func openOne(t *testing.T) *DB {
	t.Helper()
	d, err := Open(t.Context(), File{
		Path: filepath.Join(t.TempDir(), "one.db"), What: "one table", Application: 7, Synchronous: "NORMAL", Log: slog.New(slog.DiscardHandler),
		Steps: []migrations.Migration{{Number: 1, Name: "one", Statements: []string{"CREATE TABLE one (a INTEGER)"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// database/sql rolls a transaction back by itself when its context ends; whoever commits then hears that it is over
// already.
func TestRolledBackByItsContextIsCancelled(t *testing.T) {
	if err := openOne(t).Fault("save", sql.ErrTxDone); domain.CodeOf(err) != domain.Cancelled {
		t.Error(err)
	}
}

// What stands before and at the end of a writing transaction is part of it: an error there leaves no row.
func TestHooksOfAWritingTransaction(t *testing.T) {
	d := openOne(t)
	var calls string
	d.BeforeUpdate = func() { calls += "begin " }
	d.BeforeCommit = func(_ context.Context, _ *sql.Tx) error { calls += "commit "; return nil }
	insert := func(tx *sql.Tx) error {
		calls += "write "
		_, err := Exec(t.Context(), tx, "INSERT INTO one VALUES (1)")
		return err
	}
	if err := d.Update(t.Context(), "write", insert); err != nil || calls != "begin write commit " {
		t.Fatal(calls, err)
	}
	refused := domain.Errorf(domain.Conflict, "Not now.")
	d.BeforeCommit = func(context.Context, *sql.Tx) error { return refused }
	if err := d.Update(t.Context(), "write", insert); domain.CodeOf(err) != domain.Conflict {
		t.Fatal(err)
	}
	var n int
	if err := d.View(t.Context(), "count", func(tx *sql.Tx) error { return One(t.Context(), tx, "SELECT count(*) FROM one", nil, &n) }); err != nil || n != 1 {
		t.Fatal(n, err)
	}
}
