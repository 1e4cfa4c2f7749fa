package sourcetest

import (
	"slices"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// oneGroup reads groups one by one, with their members: each must be what the whole read says, a large one must say that it was not read
// whole, and one that is not there must be no error. A group that is taken for smaller than it is would be deleted with people in it.
func (s Subject) oneGroup(t *testing.T) {
	s.bubble(t, sim.Config{People: 300, Seed: 4}, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		reader, ok := src.(source.GroupReader)
		if !ok {
			t.Fatal("every kind reads single groups: no group is deleted without")
		}
		got, err := Collect(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		members := map[string][]string{}
		for _, u := range got.Users {
			for _, id := range u.GroupIDs {
				members[id] = append(members[id], u.AccountID)
			}
		}
		small, large := 0, 0
		for id, g := range got.Groups {
			if len(members[id]) > domain.MaxGroupMembers {
				large++
			} else {
				small++
			}
			if small > 12 || large > 2 {
				continue
			}
			slices.Sort(members[id])
			for _, by := range []string{id, ""} {
				now, err := reader.ReadGroup(t.Context(), g.DirectoryID, by, g.Name)
				if err != nil || !now.There || now.GroupID != id || now.Name != g.Name {
					t.Fatalf("%s by %q: %+v, %v", g.Name, by, now.Group, err)
				}
				sameGroup(t, now, g, members[id])
			}
		}
		if small < 3 || large == 0 {
			t.Fatalf("%d small groups, %d large ones", small, large)
		}
		for _, absent := range []string{"", "0a4a30c5-a87a-4600-a8c7-62c042ced31b"} {
			if now, err := reader.ReadGroup(t.Context(), s.truth(w).Directory(), absent, "no such group"); err != nil || now.There {
				t.Errorf("no such group: %+v, %v", now, err)
			}
		}
	})
}

// sameGroup compares a group that was read alone with what the whole read says of it and its members.
func sameGroup(t *testing.T, now domain.GroupNow, g domain.Group, members []string) {
	t.Helper()
	var have []string
	for _, u := range now.Members {
		have = append(have, u.AccountID)
	}
	slices.Sort(have)
	whole := now.Whole && slices.Equal(have, members)
	if len(members) > domain.MaxGroupMembers {
		whole = !now.Whole && max(now.MemberCount, len(have)) > domain.MaxGroupMembers
	}
	if !whole {
		t.Errorf("%s has %d members; read %d, counted %d, whole %t", g.Name, len(members), len(have), now.MemberCount, now.Whole)
	}
	if now.Opens == domain.Unknown || g.AppCount == 0 && now.Opens != domain.No || len(g.GrantsAccess) > 0 && now.Opens != domain.Yes {
		t.Errorf("%s opens %v: %v", g.Name, g.GrantsAccess, now.Opens)
	}
}
