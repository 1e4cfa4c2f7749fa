package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gorm.io/gorm/schema"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// options are those of a store that knows every source but "none", and forgets what is lost.
func options() Options {
	return Options{
		Log: slog.New(slog.DiscardHandler),
		Mark: func(_ context.Context, id string) (string, error) {
			if id == "none" {
				return "", domain.Errorf(domain.NotFound, "That source is not there any more.")
			}
			return "mark of " + id, nil
		},
		Lost: func(context.Context, []domain.LostImport) error { return nil },
	}
}

func tryOpen(dir string) (*Store, error) { return Open(context.Background(), dir, options()) }

func openTest(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := tryOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// wantRefusal opens dir and expects an error of that reason with a sentence and a hint.
func wantRefusal(t *testing.T, dir, reason string) {
	t.Helper()
	s, err := tryOpen(dir)
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	var e *domain.Error
	if !errors.As(err, &e) || e.Reason != reason || e.Message == "" || e.Hint == "" {
		t.Fatalf("%q: %+v", reason, err)
	}
}

// filled makes a folder with a closed copy that holds something.
func filled(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	s := openTest(t, dir)
	syncAll(t, s, testSource, newOrganization(200).batches(100))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func execIn(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open(sqlite.DriverName, sqlite.URI(filepath.Join(dir, FileName)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// Every column of a model is a column of its table and the other way around, so that neither GORM nor the statements
// that are written by hand can drift from the schema.
func TestModelsFitTheSchema(t *testing.T) {
	s := openTest(t, t.TempDir())
	for _, model := range []schema.Tabler{sourceModel{}, syncModel{}, directoryModel{}, appModel{}, groupModel{},
		domainModel{}} {
		parsed, err := schema.Parse(model, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		have := columns(t, s.db, model.TableName())
		for _, c := range parsed.DBNames {
			if !have[c] {
				t.Errorf("%s has no column %s", model.TableName(), c)
			}
			delete(have, c)
		}
		if len(have) > 0 {
			t.Errorf("the model of %s lacks %v", model.TableName(), have)
		}
	}
	for table, names := range thingColumns {
		have := columns(t, s.db, table)
		if len(have) != len(names)+3 {
			t.Errorf("%s has other columns: %v", table, have)
		}
	}
	if have := columns(t, s.db, "users"); len(have) != len(userColumns)+4 {
		t.Errorf("users has other columns: %v", have)
	}
}

func columns(t *testing.T, d *sqlite.DB, table string) map[string]bool {
	t.Helper()
	rows, err := d.Read.SQL.Query("SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all[name] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestOddFolderNames(t *testing.T) {
	for _, name := range []string{"with space", "what?", "100%41", "a#b", "x[1]*", "日本"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			continue // no name on this system
		}
		s, err := tryOpen(dir)
		if err != nil {
			t.Fatal(name, err)
		}
		o := newOrganization(20)
		syncAll(t, s, testSource, o.batches(10))
		syncAll(t, s, testSource, o.batches(10))
		compare(t, s, testSource, o)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 2 {
			t.Errorf("%s: %v %v", name, files, err)
		}
	}
}

// A sync of a source that is not there any more is not begun.
func TestNoSyncWithoutASource(t *testing.T) {
	s := openTest(t, t.TempDir())
	if _, err := s.BeginSync(t.Context(), "none"); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
	if last, err := s.LastSync(t.Context(), "none"); err != nil || last.State != domain.SyncNever {
		t.Error(last, err)
	}
}
