package sourcetest

import (
	"slices"
	"testing"

	"seatkeeper/backend/sim"
)

// oddAnswers wants reads to put up with what says nothing wrong, and to tell of what is lost.
func (s Subject) oddAnswers(t *testing.T) {
	cfg := sim.Config{People: 150, Groups: 45, Seed: 2}
	read := func(f ...sim.Fault) (got Got, err error) {
		s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
			t.Helper()
			w.SetFaults(f...)
			src := s.Open(t, w, nil)
			defer src.Close()
			got, err = Collect(t.Context(), src)
		})
		return got, err
	}
	want, err := read()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("whole numbers with a fraction", func(t *testing.T) {
		got, err := read(sim.Fault{Kind: sim.FaultFractions})
		if err != nil {
			t.Fatal(err)
		}
		s.same(t, want, got)
	})
	if s.Members != "" {
		t.Run("a member who stands in the list twice", func(t *testing.T) {
			got, err := read(sim.Fault{Kind: sim.FaultRowTwice, Path: s.Members})
			if err != nil {
				t.Fatal(err)
			}
			s.same(t, want, got)
		})
	}
	for _, path := range s.listings() {
		t.Run("a row without an id on "+path, func(t *testing.T) {
			got, err := read(sim.Fault{Kind: sim.FaultNameless, Path: path})
			if err != nil {
				t.Fatal(err)
			}
			if got.Totals.Limited == "" {
				t.Errorf("nothing tells of the row; %d of %d people, %d of %d groups", len(got.Users), len(want.Users), len(got.Groups), len(want.Groups))
			}
			const pages = 10
			if lost := len(want.Users) - len(got.Users) + len(want.Groups) - len(got.Groups); lost > pages {
				t.Errorf("%d people and groups are lost with one row of a page", lost)
			}
		})
	}
}

// same wants two reads to have brought the same people in the same groups.
func (s Subject) same(t *testing.T, want, got Got) {
	t.Helper()
	if len(got.Users) != len(want.Users) || len(got.Groups) != len(want.Groups) || got.Totals.Limited != "" {
		t.Errorf("%d of %d people, %d of %d groups, %q", len(got.Users), len(want.Users), len(got.Groups), len(want.Groups), got.Totals.Limited)
	}
	for id, u := range want.Users {
		if have := got.Users[id]; !slices.Equal(have.GroupIDs, u.GroupIDs) {
			t.Errorf("%s is in %v, want %v", id, have.GroupIDs, u.GroupIDs)
		}
	}
	for id, g := range want.Groups {
		if g.MemberCount != got.Groups[id].MemberCount {
			t.Errorf("the group %s has %d members, want %d", g.Name, got.Groups[id].MemberCount, g.MemberCount)
		}
	}
}
