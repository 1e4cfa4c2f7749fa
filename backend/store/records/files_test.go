package records

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm/schema"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/migrations"
	"seatkeeper/backend/store/sqlite"
)

const testSource = "S1"

func tryOpen(dir string) (*Store, error) {
	return Open(context.Background(), dir, slog.New(slog.DiscardHandler))
}

func openTest(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := tryOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func addSource(t testing.TB, s *Store, id string) {
	t.Helper()
	err := s.SaveSource(context.Background(), domain.Source{ID: id, Kind: domain.KindAtlassianOrg, Name: id, CreatedAt: time.Unix(1, 0)})
	if err != nil {
		t.Fatal(err)
	}
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

// filled makes a folder with a closed file that holds something.
func filled(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	s := openTest(t, dir)
	addSource(t, s, testSource)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Whatever is done to the file that cannot be rebuilt: an error, or the rows that were there; never a panic and never
// an empty database.
func TestMutatedFiles(t *testing.T) {
	dir := filled(t)
	original, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	refused, opened := 0, 0
	for range 150 {
		at := t.TempDir()
		b := append([]byte{}, original...)
		switch random.IntN(3) {
		case 0:
			b = b[:random.IntN(len(b))]
		case 1:
			for range 1 + random.IntN(20) {
				b[random.IntN(len(b))] = byte(random.UintN(256))
			}
		default:
			start := random.IntN(len(b))
			clear(b[start:min(len(b), start+random.IntN(20000))])
		}
		if err := os.WriteFile(filepath.Join(at, FileName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := tryOpen(at)
		if err != nil {
			refused++
			if e := domain.AsError(err); e.Message == "" || e.Hint == "" {
				t.Fatal(err)
			}
			continue
		}
		all, err := s.Sources(t.Context())
		switch {
		case err != nil:
			refused++
		case len(all) == 0:
			t.Fatal("an empty database was made of a damaged one")
		default:
			opened++
		}
		_ = s.Close()
	}
	t.Logf("%d refused, %d readable", refused, opened)
	if refused < 50 {
		t.Errorf("only %d were refused", refused)
	}
}

func TestLockedFile(t *testing.T) {
	dir := filled(t)
	other, err := sql.Open(sqlite.DriverName, sqlite.URI(filepath.Join(dir, FileName))+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	s := openTest(t, dir)
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := s.db.Write.SQL.Exec("PRAGMA busy_timeout = 10"); err != nil {
		t.Fatal(err)
	}
	err = s.SetSetting(t.Context(), "a", "b")
	if e := domain.AsError(err); e == nil || e.Reason != "locked" || e.Code != domain.Conflict || e.Hint == "" {
		t.Fatal(err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		// Root may write everywhere; SQLite's own flag shows the same error.
		dir := filled(t)
		s := openTest(t, dir)
		if _, err := s.db.Write.SQL.Exec("PRAGMA query_only = 1"); err != nil {
			t.Fatal(err)
		}
		err := s.SetSetting(t.Context(), "a", "b")
		if e := domain.AsError(err); e == nil || e.Reason != "read_only" || e.Hint == "" {
			t.Fatal(err)
		}
		return
	}
	dir := filled(t)
	for _, f := range []string{FileName} {
		if err := os.Chmod(filepath.Join(dir, f), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }()
	s, err := tryOpen(dir)
	if err == nil {
		err = s.SetSetting(t.Context(), "a", "b")
		_ = s.Close()
	}
	if e := domain.AsError(err); e == nil || e.Reason != "read_only" && e.Reason != "io" {
		t.Fatal(err)
	}
}

// What WriteItems has returned survives a loss of power: the connection that writes waits for the disk (FULL is 2).
func TestEveryCommitIsOnDisk(t *testing.T) {
	s := openTest(t, t.TempDir())
	if level, err := sqlite.Pragma(t.Context(), s.db.Write.SQL, "synchronous"); err != nil || level != 2 {
		t.Errorf("synchronous is %d, %v", level, err)
	}
}

// Every column of a model is a column of its table and the other way around, so that neither GORM nor the statements
// that are written by hand can drift from the schema.
func TestModelsFitTheSchema(t *testing.T) {
	s := openTest(t, t.TempDir())
	for _, model := range []schema.Tabler{
		sourceModel{}, settingModel{}, taskModel{}, taskRunModel{}, savedFilterModel{}, personListModel{}, planModel{}, changeModel{}, runModel{}, itemModel{},
		&dayModel{}, countedAppModel{},
	} {
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

// An upgrade copies the old file, and one that fails half-way leaves the schema of before.
func TestUpgrade(t *testing.T) {
	dir := filled(t)
	path := filepath.Join(dir, FileName)
	now := migrations.Runs.Steps()
	d := sqlite.File{Path: path, What: "x", Application: application, Synchronous: "FULL", Log: slog.New(slog.DiscardHandler)}
	d.Steps = append(append([]migrations.Migration{}, now...), migrations.Migration{
		Number: len(now) + 1, Name: "good", Statements: []string{"CREATE TABLE one (a INTEGER)"},
	}, migrations.Migration{
		Number: len(now) + 2, Name: "bad", Statements: []string{"CREATE TABLE two (a INTEGER)", "no statement"},
	})
	if _, err := sqlite.Open(t.Context(), d); err == nil {
		t.Fatal("a step that fails must fail the upgrade")
	}
	copied := fmt.Sprintf("%s.v%d.bak", path, len(now))
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	d.Steps[len(now)+1].Statements = []string{"CREATE TABLE two (a INTEGER)"}
	up, err := sqlite.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := sqlite.Pragma(t.Context(), up.Write.SQL, "user_version"); err != nil || v != len(now)+2 {
		t.Fatal(v, err)
	}
	if err := up.Close(); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, "newer") // the program of before
	if err := os.Rename(copied, path); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir) // the copy is whole
	if all, err := s.Sources(t.Context()); err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
}
