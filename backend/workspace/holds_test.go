package workspace_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"seatkeeper/backend/workspace"
)

func TestHolds(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data, other, docs := filepath.Join(base, "data"), filepath.Join(base, "other"), filepath.Join(base, "docs")
	at := func(parts ...string) string { return filepath.Join(append([]string{base}, parts...)...) }
	for _, dir := range []string{filepath.Join(data, "demo-1"), other, docs} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{at("data", "runs.db"), at("other", "seatkeeper.lock"), at("docs", "mine.csv")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		os.Symlink(data, at("link")), os.Symlink(at("data", "runs.db"), at("docs", "runs.csv")), os.Link(at("data", "runs.db"), at("docs", "second.csv")),
	); err != nil {
		t.Skip("links cannot be made here:", err)
	}
	t.Chdir(docs)
	for path, want := range map[string]bool{
		at("data", "runs.db"): true, at("data", "new.csv"): true, at("data", "demo-1", "new.csv"): true, at("data", "no", "such", "new.csv"): true,
		at("link", "new.csv"): true, at("data"): true, at("link", "demo-1", "runs.db"): true, at("docs", "..", "data", "x.csv"): true, filepath.Join("..", "data", "x.csv"): true,
		at("docs", "runs.csv"): true, at("docs", "second.csv"): true, at("other", "new.csv"): true,
		at("docs", "mine.csv"): false, at("docs", "new.csv"): false, "new.csv": false, at("data.csv"): false, at("database", "x.csv"): false,
	} {
		if got := workspace.Holds(path, data, at("never", "made")); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
