package atlassianorg

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

const (
	readsAtOnce    = 8
	chosenAtOnce   = 10              // Atlassian's limit for a list of ids
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
			return nil, err //nolint:wrapcheck // a domain error
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
			if slices.Contains(missing, row.AccountID) {
				found[row.AccountID] = userOf(row, "")
			}
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
	var ids []string
	seen := map[string]bool{}
	q := admin.UserQuery{ResourceIDs: []string{appID}, RoleIDs: []string{"atlassian/user", "atlassian/admin"}, Statuses: []string{string(domain.StatusActive)}}
	err := o.api.WalkUsers(ctx, admin.AnyDirectory, q, func(raw json.RawMessage) error {
		rows, err := atlassian.Rows[admin.User](raw)
		for _, row := range rows {
			if !seen[row.AccountID] {
				seen[row.AccountID] = true
				ids = append(ids, row.AccountID)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading who takes a seat: %w", err)
	}
	return ids, nil
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
			// A filter that the server ignores must not bring in somebody else.
			if !slices.Contains(accountIDs, row.AccountID) {
				continue
			}
			u := userOf(row, d.DirectoryID)
			if before, known := found[row.AccountID]; known {
				u = mergeUsers(before, u)
			}
			found[row.AccountID] = u
		}
	}
	return found, nil
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
