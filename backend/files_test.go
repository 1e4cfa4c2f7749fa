package backend_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
)

// savers calls every bound method that writes a file which the operator chose.
func (p *program) savers(t *testing.T) map[string]func() (bindings.Exported, error) {
	t.Helper()
	src := p.connect(t)
	list := p.query(t, src.ID, `status = active AND role is empty AND source = invited`)
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: 3}))(t)
	run := p.run(t, must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend"}))(t))
	must(p.api.Saved.Save(src.ID, bindings.SavedDraft{Name: "Mine", Filter: "status = active"}))(t)
	p.file(t, "export-users.csv", "User id,User name,email,User status,Added to org\n712020:nobody,Nobody,nobody@else.org,Active,\n")
	imported := must(p.api.Imports.Choose(src.ID))(t)
	draft := must(p.api.Lists.Paste(src.ID, "nobody@else.org"))(t)
	everybody := p.query(t, src.ID, "")
	return map[string]func() (bindings.Exported, error){
		"People.Export": func() (bindings.Exported, error) {
			return p.api.People.Export(bindings.ExportRequest{ID: "x", SourceID: src.ID, Snapshot: everybody.ID, Format: "csv"})
		},
		"Groups.Export": func() (bindings.Exported, error) {
			return p.api.Groups.Export(bindings.GroupQuery{SourceID: src.ID}, "xlsx")
		},
		"Overview.ExportTrend": func() (bindings.Exported, error) {
			return p.api.Overview.ExportTrend(bindings.TrendQuery{SourceID: src.ID, Days: 30}, "csv")
		},
		"Runs.Export":  func() (bindings.Exported, error) { return p.api.Runs.Export(run.ID, "json") },
		"Saved.Export": func() (bindings.Exported, error) { return p.api.Saved.Export(nil) },
		"Imports.SaveUnmatched": func() (bindings.Exported, error) {
			return p.api.Imports.SaveUnmatched(imported.ID)
		},
		"Lists.SaveMisses": func() (bindings.Exported, error) { return p.api.Lists.SaveMisses(draft.ID) },
	}
}

// TestNothingIsSavedOverTheProgramsData: whatever is exported, and however the path is written, the program's own files stay as they are.
func TestNothingIsSavedOverTheProgramsData(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	p := start(t, 40)
	savers := p.savers(t)
	for _, bound := range p.api.List() {
		typ := reflect.TypeOf(bound)
		for m := range typ.Methods() {
			name := strings.TrimPrefix(typ.String(), "*bindings.") + "." + m.Name
			if m.Type.NumOut() == 2 && m.Type.Out(0) == reflect.TypeFor[bindings.Exported]() && savers[name] == nil {
				t.Errorf("%s writes a file and is not tried here", name)
			}
		}
	}
	docs := t.TempDir()
	at := func(name string) string { return filepath.Join(docs, name) }
	own := filepath.Join(p.dataDir, "runs.db")
	usual := filepath.Join(os.Getenv("XDG_DATA_HOME"), "seatkeeper") // of another workspace than the open one
	if err := errors.Join(
		os.MkdirAll(usual, 0o700), os.WriteFile(filepath.Join(usual, "mirror.db"), []byte("x"), 0o600),
		os.Symlink(own, at("link.csv")), os.Link(own, at("second.csv")), os.Symlink(p.dataDir, at("folder")),
	); err != nil {
		t.Fatal(err)
	}
	t.Chdir(docs)
	relative, err := filepath.Rel(docs, own)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]string{
		own: "own data", filepath.Join(p.dataDir, "mirror.db"): "own data", filepath.Join(p.dataDir, "keys.enc"): "own data",
		filepath.Join(p.dataDir, "new.csv"): "own data", at("link.csv"): "own data", at("second.csv"): "own data", at("folder/new.csv"): "own data",
		relative: "own data", filepath.Join(usual, "mirror.db"): "own data", p.dataDir: "a folder",
	}
	for name, save := range savers {
		before, err := os.ReadDir(p.dataDir)
		if err != nil {
			t.Fatal(err)
		}
		for path, word := range refused {
			head := signature(t, own)
			p.window.save = path
			_, err := save()
			if e := (*domain.Error)(nil); !errors.As(err, &e) || e.Code != domain.Invalid || !strings.Contains(e.Message, word) || e.Hint == "" {
				t.Errorf("%s to %s: %v", name, path, err)
			}
			if !bytes.Equal(signature(t, own), head) {
				t.Fatalf("%s to %s: runs.db was replaced", name, path)
			}
		}
		after, err := os.ReadDir(p.dataDir)
		if err != nil || len(after) != len(before) {
			t.Errorf("%s leaves something in the data folder: %v, %v", name, after, err)
		}
		p.window.save = at(name + ".out")
		if done, err := save(); err != nil || done.Rows == 0 {
			t.Errorf("%s to a folder of the operator's: %+v, %v", name, done, err)
		}
	}
	if _, err := p.api.Runs.List(bindings.RunQuery{Limit: 10}); err != nil {
		t.Error(err)
	}
}

// signature is the beginning of a file, by which a database is known.
func signature(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 16 {
		t.Fatal(err)
	}
	return data[:16]
}
