package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
	"seatkeeper/backend/store/records"
	"seatkeeper/backend/store/sqlite"
)

const testSource = "S1"

func tryOpen(dir string) (*store.Databases, error) {
	return store.Open(context.Background(), dir, slog.New(slog.DiscardHandler))
}

func openTest(t testing.TB, dir string) *store.Databases {
	t.Helper()
	d, err := tryOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// syncOnce stores one person of a source.
func syncOnce(t testing.TB, d *store.Databases) {
	t.Helper()
	begun, err := d.Mirror.BeginSync(t.Context(), testSource)
	if err == nil {
		err = d.Mirror.StageBatch(t.Context(), begun.ID, domain.Batch{Users: []domain.User{{AccountID: "a1", Name: "Secret Person"}}})
	}
	if err == nil {
		_, err = d.Mirror.CommitSync(t.Context(), begun.ID, domain.Shortfall{})
	}
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

// filled makes a folder with two closed databases that hold something.
func filled(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	d := openTest(t, dir)
	if err := d.Records.SaveSource(t.Context(), domain.Source{ID: testSource, Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	syncOnce(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func change(t testing.TB, path string, fn func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, fn(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestUnreadableFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		reason string
		spoil  func(t *testing.T, dir string)
	}{
		"text instead of a database": {"not_a_database", func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, records.FileName), func([]byte) []byte { return []byte(strings.Repeat("hello ", 100)) })
		}},
		"emptied": {"damaged", func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, records.FileName), func([]byte) []byte { return nil })
		}},
		"cut short": {"damaged", func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, records.FileName), func(b []byte) []byte { return b[:len(b)/2] })
		}},
		"one under the other's name": {"not_a_database", func(t *testing.T, dir string) {
			b, _ := os.ReadFile(filepath.Join(dir, mirrordb.FileName))
			change(t, filepath.Join(dir, records.FileName), func([]byte) []byte { return b })
		}},
		"of a newer program": {"newer", func(t *testing.T, dir string) { execIn(t, dir, records.FileName, "PRAGMA user_version = 99") }},
		"lost": {"missing", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, records.FileName)); err != nil {
				t.Fatal(err)
			}
		}},
		"lost, with its journal left": {"missing", func(t *testing.T, dir string) {
			for _, f := range []string{records.FileName, mirrordb.FileName} {
				if err := os.Remove(filepath.Join(dir, f)); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, records.FileName+"-wal"), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		"a folder": {"not_a_database", func(t *testing.T, dir string) {
			_ = os.Remove(filepath.Join(dir, mirrordb.FileName))
			if err := os.Mkdir(filepath.Join(dir, mirrordb.FileName), 0o700); err != nil {
				t.Fatal(err)
			}
		}},
		"broken inside after a crash": {"damaged", func(t *testing.T, dir string) {
			leaveUnclean(t, dir)
			change(t, filepath.Join(dir, records.FileName), func(b []byte) []byte {
				copy(b[len(b)-4096:], "broken page") // one that opening does not read
				return b
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t)
			c.spoil(t, dir)
			before := listing(t, dir)
			wantRefusal(t, dir, c.reason)
			if after := listing(t, dir); after != before {
				t.Errorf("the folder was changed:\n%s\n%s", before, after)
			}
		})
	}
}

// listing gives names and sizes of the two files.
func listing(t *testing.T, dir string) (all string) {
	t.Helper()
	for _, f := range []string{records.FileName, mirrordb.FileName} {
		if info, err := os.Stat(filepath.Join(dir, f)); err == nil {
			all += fmt.Sprintln(f, info.Size())
		}
	}
	return all
}

func execIn(t *testing.T, dir, file, statement string) {
	t.Helper()
	db, err := sql.Open(sqlite.DriverName, sqlite.URI(filepath.Join(dir, file)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// leaveUnclean leaves a journal, as a program does that was killed.
func leaveUnclean(t *testing.T, dir string) {
	t.Helper()
	s, err := tryOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Records.SetSetting(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	kept := map[string][]byte{}
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, records.FileName+suffix))
		if err != nil {
			t.Fatal(err)
		}
		kept[suffix] = b
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for suffix, b := range kept {
		if err := os.WriteFile(filepath.Join(dir, records.FileName+suffix), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
