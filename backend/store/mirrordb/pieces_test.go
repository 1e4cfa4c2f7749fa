package mirrordb

import (
	"slices"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// Within one batch as well as between two, whoever comes twice is one person, and accounts that have a key keep it. Ids
// and texts that are broken are the same broken ones everywhere.
func TestPeopleOfOneBatch(t *testing.T) {
	s := openTest(t, t.TempDir())
	const broken = "acc\xff\xfe\x00-\xc3"
	in := func(account, name string, groups ...string) domain.User {
		return domain.User{AccountID: account, Name: name, Status: domain.StatusActive, GroupIDs: groups}
	}
	batches := []domain.Batch{
		{Users: []domain.User{in("b", "B", "g2"), in("a", "A"), in(broken, "\xff\xff\x00broken", "g1"),
			in("b", "", "g1", "g2", "g1")}},
		{Users: []domain.User{in("c", "C"), in("a", "", "g3"), in("c", "", "g1"), in(broken, "", "g2\xff\xff")}},
		{Groups: []domain.Group{{GroupID: "g1"}, {GroupID: "g2"}, {GroupID: "g3"}, {GroupID: "g2\xff\xff"}}},
	}
	var keys [2][]int64
	for i := range keys { // the second sync finds them all
		syncAll(t, s, testSource, batches)
		users, err := s.UsersByAccount(t.Context(), testSource, []string{"a", "b", "c", broken})
		if err != nil || len(users) != 4 {
			t.Fatal(users, err)
		}
		for k, want := range []domain.User{
			in("a", "A", "g3"), in("b", "B", "g1", "g2"), in("c", "C", "g1"),
			in(sqlite.Clean(broken), sqlite.Clean("\xff\xff\x00broken"), "g1", sqlite.Clean("g2\xff\xff")),
		} {
			u := users[k]
			slices.Sort(u.GroupIDs)
			if u.ID == 0 || u.AccountID != want.AccountID || u.Name != want.Name ||
				!slices.Equal(u.GroupIDs, want.GroupIDs) {
				t.Errorf("sync %d: %+v, want %+v", i, u, want)
			}
			keys[i] = append(keys[i], u.ID)
		}
	}
	if !slices.Equal(keys[0], keys[1]) {
		t.Error(keys)
	}
}
