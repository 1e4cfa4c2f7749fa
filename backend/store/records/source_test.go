package records_test

import (
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/records"
)

// TestSourcesKeepTheirOrder: sources that were added within one second stay in the order of adding, also after a
// change.
func TestSourcesKeepTheirOrder(t *testing.T) {
	s, err := records.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	for _, id := range []string{"z", "a", "m", "z"} {
		if err := s.SaveSource(t.Context(), domain.Source{ID: id, Name: id, CreatedAt: at}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, src := range all {
		got += src.ID
	}
	if got != "zam" {
		t.Errorf("the order is %q, want %q", got, "zam")
	}
}

// TestSourcesKeepWhatIsKnownOfTheirKeys: also one that nothing is known of, which is every source of the time before.
func TestSourcesKeepWhatIsKnownOfTheirKeys(t *testing.T) {
	s, err := records.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	two := domain.Source{
		ID: "two", KeyOwners: []string{"a", "b"}, Lacks: map[domain.Capability]string{domain.CanSuspend: "it has scopes"},
		ChangeKey: domain.ChangeKey{Keeping: domain.KeyAsked, Owners: []string{"c"}, Expires: at, TestedAt: at},
	}
	for _, src := range []domain.Source{two, {ID: "one"}} {
		if err := s.SaveSource(t.Context(), src); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Sources(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, got := range all {
		if got.ID == "one" {
			if len(got.KeyOwners) != 0 || len(got.Lacks) != 0 || got.ChangeKey.Set() {
				t.Errorf("%+v", got)
			}
			continue
		}
		if !slices.Equal(got.KeyOwners, two.KeyOwners) || got.Lacks[domain.CanSuspend] != "it has scopes" || !reflect.DeepEqual(got.ChangeKey, two.ChangeKey) {
			t.Errorf("%+v", got)
		}
	}
}
