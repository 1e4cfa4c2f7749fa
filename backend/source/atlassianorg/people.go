package atlassianorg

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

const (
	chosenAtOnce   = 10              // Atlassian's limit for a list of ids
	manyGroups     = 25              // a person with so many groups may have more than the own list shows
	directoriesFor = 5 * time.Minute // how long the list of directories is good for reading chosen people
)

// ReadUsers reads chosen people afresh in every directory and merges what the directories say.
func (o *org) ReadUsers(ctx context.Context, accountIDs []string) ([]domain.User, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	if len(accountIDs) > chosenAtOnce {
		return nil, domain.Errorf(domain.Invalid, "At most %d people can be read at once.", chosenAtOnce)
	}
	for _, id := range accountIDs {
		if err := atlassian.CheckID("account id", id); err != nil {
			return nil, err
		}
	}
	dirs, err := o.knownDirectories(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading directories: %w", err)
	}
	found, err := o.search(ctx, dirs, accountIDs)
	if err != nil {
		return nil, fmt.Errorf("reading people: %w", err)
	}
	if err := o.tellDirectories(ctx, found); err != nil {
		return nil, fmt.Errorf("reading the state in each directory: %w", err)
	}
	if err := o.completeGroups(ctx, found); err != nil {
		return nil, fmt.Errorf("reading groups of people: %w", err)
	}
	missing := slices.DeleteFunc(slices.Clone(accountIDs), func(id string) bool {
		_, ok := found[id]
		return ok
	})
	if len(missing) > 0 { // perhaps managed accounts that are in no directory
		rows, err := o.api.Users(ctx, admin.AnyDirectory, admin.UserQuery{AccountIDs: missing})
		if err != nil {
			return nil, fmt.Errorf("reading people outside the directories: %w", err)
		}
		for _, row := range rows {
			found[row.AccountID] = userOf(row, "")
		}
	}
	users := make([]domain.User, 0, len(found))
	for _, id := range slices.Sorted(maps.Keys(found)) {
		users = append(users, found[id])
	}
	return users, nil
}

// ReadSeatHolders lists who takes a seat of an app.
func (o *org) ReadSeatHolders(ctx context.Context, appID string) ([]string, error) {
	q := admin.UserQuery{ResourceIDs: []string{appID}, RoleIDs: []string{"atlassian/user", "atlassian/admin"}, Statuses: []string{string(domain.StatusActive)}}
	ids, fits, err := withApp(ctx, o.api, q, func(u admin.User) string { return u.AccountID })
	if err == nil && !fits {
		err = atlassian.Misfit("people who do not have the app that was asked for")
	}
	if err != nil {
		return nil, fmt.Errorf("reading who takes a seat: %w", err)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// search asks all directories at once for the chosen people.
func (o *org) search(ctx context.Context, dirs []admin.Directory, accountIDs []string) (map[string]domain.User, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pages := make([][]admin.User, len(dirs))
	var work sync.WaitGroup
	for i, d := range dirs {
		work.Go(func() {
			rows, err := o.api.Users(ctx, d.DirectoryID, admin.UserQuery{AccountIDs: accountIDs})
			if err != nil {
				cancel(err)
			}
			pages[i] = rows
		})
	}
	work.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	found := map[string]domain.User{}
	for i, d := range dirs {
		for _, row := range pages[i] {
			u := userOf(row, d.DirectoryID)
			if before, known := found[row.AccountID]; known {
				u = mergeUsers(before, u)
			}
			found[row.AccountID] = u
		}
	}
	return found, nil
}

// tellDirectories reads the state in each directory of people who are in several and active in all. It is not
// documented whether the list of one directory shows the state there or the state over all; as soon as two lists have
// differed about somebody, it is the former.
func (o *org) tellDirectories(ctx context.Context, found map[string]domain.User) error {
	var alike []string
	for id, u := range found {
		if len(u.Memberships) < 2 {
			continue
		}
		first := u.Memberships[0].Status
		if slices.ContainsFunc(u.Memberships, func(m domain.DirectoryMembership) bool { return m.Status != first }) {
			o.separate.Store(true)
		}
		if first == domain.StatusActive {
			alike = append(alike, id)
		}
	}
	if o.separate.Load() {
		return nil
	}
	states := make([]map[string]string, len(alike))
	work, ctx := errgroup.WithContext(ctx)
	for i, id := range alike {
		work.Go(func() error {
			roles, err := o.api.RolesOf(ctx, id)
			if err != nil && !absent(err) {
				return err
			}
			states[i] = map[string]string{}
			for _, r := range roles {
				states[i][r.DirectoryID] = r.DirectoryStatus
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i, id := range alike {
		for j, m := range found[id].Memberships {
			if states[i][m.DirectoryID] == string(domain.StatusSuspended) {
				found[id].Memberships[j].Status = domain.StatusSuspended
			}
		}
	}
	return nil
}

// completeGroups adds the groups that are missing from people's own lists. It is not documented whether the list of
// somebody with very many groups is cut off, so the groups of all these people together are asked for: one more than
// their lists have proves a cut. From then on, and for whoever has many groups, each person's groups are asked for
// alone. A change is settled by this reading, so it must not be short.
func (o *org) completeGroups(ctx context.Context, found map[string]domain.User) error {
	if len(found) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(found))
	listed := map[string]bool{}
	for _, u := range found {
		for _, g := range u.GroupIDs {
			listed[g] = true
		}
	}
	if !o.cut.Load() {
		more, err := o.beyond(ctx, ids, func(g string) bool { return listed[g] })
		if err != nil {
			return err
		}
		if len(more) > 0 {
			o.cut.Store(true)
		}
	}
	if !o.cut.Load() {
		ids = slices.DeleteFunc(ids, func(id string) bool { return len(found[id].GroupIDs) < manyGroups })
	}
	alone := make([][]string, len(ids))
	work, ctx := errgroup.WithContext(ctx)
	for i, id := range ids {
		work.Go(func() (err error) {
			alone[i], err = o.beyond(ctx, []string{id}, func(g string) bool { return slices.Contains(found[id].GroupIDs, g) })
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i, id := range ids {
		u := found[id]
		u.GroupIDs = union(u.GroupIDs, alone[i])
		found[id] = u
	}
	return nil
}

// knownDirectories is the list of directories, read again after a few minutes.
func (o *org) knownDirectories(ctx context.Context) ([]admin.Directory, error) {
	o.mu.Lock()
	dirs, fresh := o.directories, time.Since(o.listedAt) < directoriesFor
	o.mu.Unlock()
	if fresh && len(dirs) > 0 {
		return dirs, nil
	}
	dirs, err := o.listDirectories(ctx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	o.directories, o.listedAt = dirs, time.Now()
	o.mu.Unlock()
	return dirs, nil
}
