package atlassianorg

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// mend reads the members of those groups one by one of which fewer people said to be members than the group counts. The list of
// groups of a person may be cut off for people with very many groups; a membership must not be lost because of that.
func (r *reader) mend(ctx context.Context) error {
	short := r.tally.shortGroups()
	if len(short) == 0 {
		return nil
	}
	r.tally.step("Groups")
	people, err := r.membersOf(ctx, short)
	if err != nil {
		return err
	}
	ids := slices.Sorted(maps.Keys(people))
	for chunk := range slices.Chunk(ids, mendBatch) {
		var b batch
		for _, id := range chunk {
			b.Users = append(b.Users, people[id])
		}
		r.tally.take(&b)
		if err := r.emit(b.Batch); err != nil {
			return err
		}
		r.tally.report()
	}
	return nil
}

// shortGroups are the ids of the groups that miss members, in order.
func (t *tally) shortGroups() []string {
	var short []string
	for id, g := range t.groups {
		if t.members[id] < g.count {
			short = append(short, id)
		}
	}
	slices.Sort(short)
	return short
}

// membersOf reads the members of several groups at once; the gate bounds how many. A person of several groups is merged into one.
func (r *reader) membersOf(ctx context.Context, groups []string) (map[string]domain.User, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		mu     sync.Mutex
		people = map[string]domain.User{}
		work   sync.WaitGroup
		queue  = make(chan string)
	)
	visit := func(group, dir string, raw json.RawMessage) error {
		rows, err := atlassian.Rows[admin.User](raw)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, row := range rows {
			u := userOf(row, dir)
			u.GroupIDs = union(u.GroupIDs, []string{group})
			if before, known := people[u.AccountID]; known {
				u = mergeUsers(before, u)
			}
			people[u.AccountID] = u
		}
		return nil
	}
	for range min(r.api.REST().Reads(), len(groups)) {
		work.Go(func() {
			for group := range queue {
				dir := r.tally.groups[group].dir
				err := r.api.WalkUsers(ctx, dir, admin.UserQuery{GroupIDs: []string{group}}, func(raw json.RawMessage) error {
					return visit(group, dir, raw)
				})
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, group := range groups {
		if ctx.Err() != nil {
			break
		}
		queue <- group
	}
	close(queue)
	work.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return people, nil
}
