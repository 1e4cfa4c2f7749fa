package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/mirrordb"
	"seatkeeper/backend/store/records"
	"seatkeeper/backend/store/sqlite"
)

func TestOpenMakesPrivateFiles(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	if err := s.Records.SetSetting(t.Context(), "a", "1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Records.SetSetting(t.Context(), "a", "2"); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		info, _ := f.Info()
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f.Name(), info.Mode())
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{records.FileName, mirrordb.FileName} {
		if sqlite.Exists(filepath.Join(dir, name+"-wal")) {
			t.Errorf("%s was not closed cleanly", name)
		}
	}
	s = openTest(t, dir)
	if v, err := s.Records.Setting(t.Context(), "a"); v != "2" || err != nil {
		t.Fatal(v, err)
	}
	if _, err := s.Records.Setting(t.Context(), "b"); domain.CodeOf(err) != domain.NotFound {
		t.Fatal(err)
	}
}
