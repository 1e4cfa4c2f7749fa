package report_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

// lines is a format that writes one line for each item.
var lines = report.Format{Name: "lines", Extension: "txt", Run: func(w io.Writer, _ domain.Run) (report.Encoder, error) { return &lineEncoder{w: w}, nil }}

type lineEncoder struct{ w io.Writer }

func (e *lineEncoder) Item(it domain.Item) error {
	_, err := io.WriteString(e.w, it.Change.Target.Name+"\n")
	return err
}
func (e *lineEncoder) Close() error { return nil }

// anywhere is a place that nobody watches.
func anywhere(path string) report.Place {
	return report.At(path, func(string) bool { return false })
}

func items(names ...string) func(func(domain.Item) error) error {
	return func(fn func(domain.Item) error) error {
		for _, n := range names {
			if err := fn(domain.Item{Change: domain.Change{Target: domain.Target{Name: n}}}); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestFileIsWholeAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.txt")
	n, err := report.WriteRun(t.Context(), anywhere(path), lines, domain.Run{}, items("a", "b"))
	if err != nil || n != 2 {
		t.Fatalf("%d rows, %v", n, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if got := read(t, path); got != "a\nb\n" {
		t.Errorf("%q", got)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestFailureLeavesTheOldFile(t *testing.T) {
	boom := errors.New("boom")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, write := range map[string]func(path string) error{
		"items fail": func(path string) error {
			_, err := report.WriteRun(t.Context(), anywhere(path), lines, domain.Run{}, func(fn func(domain.Item) error) error {
				return errors.Join(items("half", strings.Repeat("x", 1<<17))(fn), boom)
			})
			return err
		},
		"cancelled": func(path string) error {
			_, err := report.WriteRun(cancelled, anywhere(path), lines, domain.Run{}, items("half"))
			return err
		},
		"format fails": func(path string) error {
			bad := report.Format{Name: "bad", Run: func(io.Writer, domain.Run) (report.Encoder, error) { return nil, boom }}
			_, err := report.WriteRun(t.Context(), anywhere(path), bad, domain.Run{}, items("half"))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "run.txt")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := write(path); err == nil {
				t.Fatal("no error")
			}
			if got := read(t, path); got != "old" {
				t.Errorf("the old file is now %q", got)
			}
			left, err := os.ReadDir(filepath.Dir(path))
			if err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestFileTroubleHasASentence(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "taken", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "no", "such", "run.txt"), filepath.Join(dir, "taken")} {
		_, err := report.WriteRun(t.Context(), anywhere(path), lines, domain.Run{}, items("a"))
		var e *domain.Error
		if !errors.As(err, &e) || e.Reason != "file" || e.Message == "" || e.Hint == "" {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
