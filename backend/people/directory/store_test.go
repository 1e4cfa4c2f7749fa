package directory_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/store"
)

// TestOverTheRealStore compares the index with the oracle where both read the real database.
func TestOverTheRealStore(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	r := rand.New(rand.NewPCG(21, 21))
	c := randomOrg(r, 150).now
	if err := db.Records.SaveSource(ctx, domain.Source{ID: "s", Kind: domain.KindAtlassianOrg, Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	sync, err := db.Mirror.BeginSync(ctx, "s")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Mirror.StageBatch(ctx, sync.ID, domain.Batch{Directories: c.directories, Apps: c.apps, Groups: c.groups, Users: c.users, Domains: c.domains}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Mirror.CommitSync(ctx, sync.ID, domain.Shortfall{}); err != nil {
		t.Fatal(err)
	}

	s := directory.New(directory.Options{Store: db.Mirror, Protection: func(context.Context, string) (func(domain.User) string, error) {
		return func(domain.User) string { return "" }, nil
	}})
	defer s.Close()
	s.SetLists(c.lists)
	all, err := s.Query(ctx, directory.Query{SourceID: "s"})
	if err != nil || all.Total != len(c.users) || all.Partial {
		t.Fatalf("%+v, %v", all, err)
	}
	stored := &content{}
	if stored.users, err = db.Mirror.UsersByID(ctx, "s", ids(t, s, all.ID)); err != nil {
		t.Fatal(err)
	}
	if stored.apps, err = db.Mirror.Apps(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if stored.groups, err = db.Mirror.Groups(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if stored.domains, err = db.Mirror.Domains(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if stored.directories, err = db.Mirror.Directories(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if stored.freshness, err = db.Mirror.Freshness(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	stored.lists = c.lists
	oracle, infos := newOracle(stored), s.Fields()
	for range 400 {
		f := s.Format(randomFilter(r, stored, infos))
		snap, err := s.Query(ctx, directory.Query{SourceID: "s", Filter: f.Canonical})
		if err != nil {
			t.Fatalf("%s: %v", f.Canonical, err)
		}
		got := ids(t, s, snap.ID)
		slices.Sort(got)
		if want := oracle.matching(f.Tree, ""); !slices.Equal(got, want) {
			t.Fatalf("%s:\n  got %v\n want %v", f.Canonical, got, want)
		}
	}
	if n, err := s.SelectAll(ctx, query(t, s, "").ID); err != nil || n.Count != len(c.users) {
		t.Error(n, err)
	}
	users, err := s.SelectedUsers(ctx, "s")
	if err != nil || len(users) != len(c.users) {
		t.Errorf("%d of %d, %v", len(users), len(c.users), err)
	}
}
