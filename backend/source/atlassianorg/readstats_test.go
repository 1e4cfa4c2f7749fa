package atlassianorg

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"seatkeeper/backend/domain"
)

// Whoever comes twice in a directory counts once in its groups, and once among the people in however many directories;
// a group that misses nobody is not read again.
func TestReadStatsCountsOnce(t *testing.T) {
	t.Parallel()
	counts, random := newReadStats(nil), rand.New(rand.NewPCG(1, 2))
	people, members, groups := map[string]bool{}, map[string]map[string]bool{}, map[string]string{}
	for range 40_000 {
		dir, account := fmt.Sprint("dir-", random.IntN(30)), fmt.Sprint("account-", random.IntN(4000))
		if random.IntN(20) == 0 {
			dir = ""
		}
		group := dir + " group" // the groups of a directory are its own
		people[account], groups[group] = true, dir
		if members[group] == nil {
			members[group] = map[string]bool{}
		}
		members[group][account] = true
		counts.take(&batch{Batch: domain.Batch{Users: []domain.User{{AccountID: account, GroupIDs: []string{group}}}}, dir: dir})
	}
	for group, dir := range groups {
		if counts.members[group] != len(members[group]) {
			t.Errorf("%s has %d members, want %d", group, counts.members[group], len(members[group]))
		}
		counts.take(&batch{Batch: domain.Batch{Groups: []domain.Group{{GroupID: group, DirectoryID: dir, MemberCount: len(members[group])}}}, dir: dir})
	}
	if counts.now.People != len(people) || counts.now.Groups != len(groups) {
		t.Errorf("%+v, want %d people in %d groups", counts.now, len(people), len(groups))
	}
	if short := counts.shortGroups(); len(short) > 0 {
		t.Error("would be read again:", short)
	}
}
