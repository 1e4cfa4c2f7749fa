package store_test

import (
	"log/slog"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store"
)

// TestSourcesKeepTheirOrder: sources that were added within one second stay in the order of adding, also after a change.
func TestSourcesKeepTheirOrder(t *testing.T) {
	s, err := store.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
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
