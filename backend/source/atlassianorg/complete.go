package atlassianorg

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// completeMemberships reads the members of those groups one by one of which fewer people said to be members than the
// group counts. The list of groups of a person may be cut off for people with very many groups; a membership must not
// be lost because of that. The note says, for the user, of how many groups the answers did not fit.
func (r *reader) completeMemberships(ctx context.Context) (note string, err error) {
	short := r.stats.shortGroups()
	if len(short) == 0 {
		return "", nil
	}
	r.stats.step("Groups")
	people, misfits, err := r.membersOf(ctx, short)
	if err != nil {
		return "", err
	}
	ids := slices.Sorted(maps.Keys(people))
	for chunk := range slices.Chunk(ids, completeBatch) {
		var b batch
		for _, id := range chunk {
			b.Users = append(b.Users, people[id])
		}
		r.stats.take(&b)
		if err := r.emit(b.Batch); err != nil {
			return "", err
		}
		r.stats.report()
	}
	if misfits > 0 {
		note = fmt.Sprintf("Asked for the members of a group, Atlassian named people who are not in it (%s): they were left out, and such a group may lack members.",
			groupsInWords(misfits))
	}
	return note, nil
}

func groupsInWords(n int) string {
	if n == 1 {
		return "of one group"
	}
	return fmt.Sprintf("of %d groups", n)
}

// shortGroups are the ids of the groups that miss members, in order.
func (t *readStats) shortGroups() []string {
	var short []string
	for id, g := range t.groups {
		if t.members[id] < g.count {
			short = append(short, id)
		}
	}
	slices.Sort(short)
	return short
}

// membersOf reads the members of several groups at once; the gate bounds how many. A person of several groups is merged
// into one. misfits counts the groups of which the answer named others too.
func (r *reader) membersOf(
	ctx context.Context, groups []string,
) (people map[string]domain.User, misfits int, err error) {
	var mu sync.Mutex
	people = map[string]domain.User{}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(r.api.REST().Reads())
	for _, group := range groups {
		work.Go(func() error {
			g := r.stats.groups[group]
			members, fits, err := inGroup(ctx, r.api, g.dir, group, g.count, -1,
				func(u admin.User) domain.User { return userOf(u, g.dir) })
			mu.Lock()
			defer mu.Unlock()
			if !fits && err == nil {
				misfits++
			}
			for _, u := range members {
				u.GroupIDs = union(u.GroupIDs, []string{group})
				if before, known := people[u.AccountID]; known {
					u = mergeUsers(before, u)
				}
				people[u.AccountID] = u
			}
			return err
		})
	}
	err = work.Wait()
	return people, misfits, err
}
