package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
)

// What a damaged copy has cost is noted where it is not lost, and is said until it is made good.
func TestCopyLoss(t *testing.T) {
	dir := filled(t)
	s := openTest(t, dir)
	file := domain.Import{SourceID: testSource, Kind: domain.ImportUsers, FileName: "export.csv"}
	if err := s.Mirror.SaveImport(t.Context(), file, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, mirrordb.FileName)
	change(t, path, func(b []byte) []byte { b[len(b)-1] ^= 1; return b }) // SQLite can still read it
	if err := os.Remove(path + ".seal"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".condemned", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	loss := func(s *store.Databases, sources, imports int) {
		t.Helper()
		got, err := s.CopyLoss(t.Context())
		if err != nil || len(got.Sources) != sources || len(got.Imports) != imports {
			t.Fatalf("%+v %v", got, err)
		}
	}
	s = openTest(t, dir)
	loss(s, 1, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, dir) // it is still said
	loss(s, 1, 1)
	syncOnce(t, s)
	loss(s, 0, 1)
	if err := s.Mirror.SaveImport(t.Context(), file, nil); err != nil {
		t.Fatal(err)
	}
	loss(s, 0, 0)
}

// A source that is removed loses its people first. A program that ends between the two finds the source at the next
// start, without people, and it can be removed again.
func TestASourceIsRemovedInAnOrderThatSurvivesACrash(t *testing.T) {
	dir := filled(t)
	s := openTest(t, dir)
	if err := s.Mirror.DropSource(t.Context(), testSource); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // the program ends here
		t.Fatal(err)
	}
	s = openTest(t, dir)
	if all, err := s.Records.Sources(t.Context()); err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if f, err := s.Mirror.Freshness(t.Context(), testSource); err != nil || f.People != 0 || f.Revision != 0 {
		t.Fatalf("%+v %v", f, err)
	}
	if err := s.Mirror.DropSource(t.Context(), testSource); err != nil {
		t.Fatal(err)
	}
	if err := s.Records.DeleteSource(t.Context(), testSource); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Mirror.BeginSync(t.Context(), testSource); domain.CodeOf(err) != domain.NotFound {
		t.Error("a sync of a removed source:", err)
	}
}

// Pages that were kept are gone on from while nothing was changed that they depend on, and not afterwards.
func TestPagesAreOfTheSourceAsItIs(t *testing.T) {
	s := openTest(t, filled(t))
	begin := func() (resumed bool) {
		t.Helper()
		begun, err := s.Mirror.BeginSync(t.Context(), testSource)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := s.Mirror.OpenPageCache(t.Context(), begun.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, resumed = pages.Resumed()
		pages.Keep("people", "", "2", fmt.Append(nil, "page"))
		if err := pages.Close(false); err != nil {
			t.Fatal(err)
		}
		if err := s.Mirror.AbortSync(t.Context(), begun.ID, domain.Sync{State: domain.SyncCancelled}); err != nil {
			t.Fatal(err)
		}
		return resumed
	}
	if begin() || !begin() {
		t.Fatal("the same source does not go on")
	}
	if err := s.Records.SaveSource(t.Context(), domain.Source{ID: testSource, Name: "Acme", Settings: map[string]string{"org_id": "other"}}); err != nil {
		t.Fatal(err)
	}
	if begin() {
		t.Error("another organization goes on from the pages of the first")
	}
}
