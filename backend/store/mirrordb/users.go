package mirrordb

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// UsersByID returns whole people by the mirror's keys, any number of them, in the order of ids; unknown ids are left
// out. Somebody who is gone is among them, with RemovedAt. All are of one moment.
func (s *Store) UsersByID(ctx context.Context, sourceID string, ids []int64) ([]domain.User, error) {
	var users []domain.User
	err := s.db.View(ctx, "read people", func(tx *sql.Tx) error {
		r, err := newPeopleReader(ctx, tx, sourceID)
		if err != nil {
			return err
		}
		users, err = r.whole(ctx, ids)
		return err
	})
	return users, err
}

// UsersByAccount is UsersByID by Atlassian's account ids.
func (s *Store) UsersByAccount(ctx context.Context, sourceID string, accountIDs []string) ([]domain.User, error) {
	var users []domain.User
	err := s.db.View(ctx, "read people", func(tx *sql.Tx) error {
		r, err := newPeopleReader(ctx, tx, sourceID)
		if err != nil {
			return err
		}
		ids, err := r.keys(ctx, accountIDs)
		if err != nil {
			return err
		}
		users, err = r.whole(ctx, ids)
		return err
	})
	return users, err
}

// keys gives the keys of accounts, in their order, without the unknown ones.
func (r *peopleReader) keys(ctx context.Context, accountIDs []string) ([]int64, error) {
	byAccount := make(map[string]int64, len(accountIDs))
	for chunk := range slices.Chunk(accountIDs, usersPerStatement) {
		var doc sqlite.Document
		for _, a := range chunk {
			doc.Value(a)
		}
		err := sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error {
			var id int64
			var account string
			err := sqlite.Scan(rows, &id, &account)
			byAccount[account] = id
			return err
		}, "SELECT id, account_id FROM accounts WHERE source = ?1 AND account_id IN (SELECT value FROM json_each(?2))",
			r.source, doc.String())
		if err != nil {
			return nil, err
		}
	}
	ids := make([]int64, 0, len(accountIDs))
	for _, a := range accountIDs {
		if id, ok := byAccount[sqlite.Clean(a)]; ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// whole reads people with everything, in the order of ids.
func (r *peopleReader) whole(ctx context.Context, ids []int64) ([]domain.User, error) {
	groups, err := r.names(ctx, refGroup)
	if err != nil {
		return nil, err
	}
	apps, err := r.apps(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]*domain.User, len(ids))
	for chunk := range slices.Chunk(ids, usersPerStatement) {
		if err := r.chunk(ctx, chunk, apps, groups, found); err != nil {
			return nil, err
		}
	}
	users := make([]domain.User, 0, len(found))
	for _, id := range ids {
		if u, ok := found[id]; ok {
			users = append(users, *u)
		}
	}
	return users, nil
}

// chunk reads a few people with everything into found.
func (r *peopleReader) chunk(
	ctx context.Context, ids []int64, apps map[int64]domain.AppAccess, groups map[int64]string, found map[int64]*domain.User,
) error {
	var doc sqlite.Document
	for _, id := range ids {
		doc.Number(id)
	}
	args := []any{r.source, doc.String()}
	const these = "source = ?1 AND user_id IN (SELECT value FROM json_each(?2))"
	err := r.each(ctx, "u.source = ?1 AND u.id IN (SELECT value FROM json_each(?2))", these, args,
		func(u domain.User) error {
			found[u.ID] = &u
			return nil
		})
	if err != nil {
		return err
	}
	var user, ref int64
	var day int32
	err = sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error {
		err := sqlite.Scan(rows, &user, &ref, &day)
		if u := found[user]; u != nil {
			a := apps[ref]
			a.Known, a.LastActive = day >= 0, sqlite.FromUnix(int64(max(day, 0))*int64((24*time.Hour).Seconds()))
			u.Access = append(u.Access, a)
		}
		return err
	}, r.accessDays(these), args...)
	if err != nil {
		return err
	}
	return sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error {
		err := sqlite.Scan(rows, &user, &ref)
		if u := found[user]; u != nil {
			u.GroupIDs = append(u.GroupIDs, groups[ref])
		}
		return err
	}, "SELECT user_id, group_id FROM memberships WHERE "+these+" ORDER BY user_id, group_id", args...)
}

// apps reads ids and names of the apps by key, those that are gone too.
func (r *peopleReader) apps(ctx context.Context) (map[int64]domain.AppAccess, error) {
	apps := map[int64]domain.AppAccess{}
	err := sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error {
		var id int64
		var a domain.AppAccess
		err := sqlite.Scan(rows, &id, &a.AppID, &a.AppKey)
		apps[id] = a
		return err
	}, "SELECT id, app_id, app_key FROM apps WHERE source = ?", r.source)
	return apps, err
}
