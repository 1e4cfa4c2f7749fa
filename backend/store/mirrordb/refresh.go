package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// PutUsers writes people who were read afresh outside a sync: status, directories, platform roles and groups exactly as
// given, other fields where they are not empty. Access is written as given too, only that an app whose activity could
// not be read keeps the day that is known; of a person with a nil one the groups tell which apps there are. A sync that
// is running leaves them as they are written here. ReadAt is when the request for them was sent, zero for now: who was
// read later already stays as that reading showed.
func (s *Store) PutUsers(ctx context.Context, sourceID string, users []domain.User) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return err
	}
	if key == 0 {
		return domain.Errorf(domain.NotFound, "This source was never synced.").WithHint("Sync it first.")
	}
	g := alone(key, sourceID)
	return s.db.Update(ctx, "write refreshed people", func(tx *sql.Tx) error {
		w := newWriter(s, g)
		w.tx = tx
		users, err := w.withoutOvertaken(ctx, users)
		if err != nil || len(users) == 0 {
			return err
		}
		if err := w.replace(ctx, users); err != nil {
			return err
		}
		var accounts sqlite.Document
		for _, u := range users {
			accounts.Value(u.AccountID)
		}
		return s.notePeople(ctx, tx, key, idsOfAccounts, key, accounts.String())
	})
}

// alone is the stager of people and groups that are read outside a sync.
func alone(source int64, sourceID string) *stager {
	return &stager{source: source, sourceID: sourceID, rows: mainSchema, refs: newRefKeys(), appsSeen: map[int64]bool{}}
}

// readAt is when the oldest of some readings was begun, in Unix seconds.
func readAt(users []domain.User) int64 {
	oldest := time.Now().Unix()
	for _, u := range users {
		if !u.ReadAt.IsZero() {
			oldest = min(oldest, u.ReadAt.Unix())
		}
	}
	return oldest
}

// withoutOvertaken leaves out people of whom a reading that began later was written already: a slow answer must not put
// an old state back. A time in the future is of a wrong clock and proves nothing.
func (w *writer) withoutOvertaken(ctx context.Context, users []domain.User) ([]domain.User, error) {
	var accounts sqlite.Document
	for _, u := range users {
		accounts.Value(u.AccountID)
	}
	later := map[string]bool{}
	err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		var account string
		err := sqlite.Scan(rows, &account)
		later[account] = true
		return err
	}, `SELECT account_id FROM main.users WHERE source = ?1 AND id IN (`+idsOfAccounts+`) AND refreshed_at > ?3
		AND refreshed_at <= ?4`,
		w.source, accounts.String(), readAt(users), time.Now().Unix())
	if err != nil || len(later) == 0 {
		return users, err
	}
	return slices.DeleteFunc(slices.Clone(users), func(u domain.User) bool { return later[u.AccountID] }), nil
}

// replace writes people as they are now.
func (w *writer) replace(ctx context.Context, users []domain.User) error {
	if err := w.intern(ctx, domain.Batch{Users: users}); err != nil {
		return err
	}
	accounts := make([]string, len(users))
	for i := range users {
		accounts[i] = users[i].AccountID
	}
	known, err := w.receive(ctx, accounts)
	if err != nil {
		return err
	}
	ids := make([]int64, len(users))
	for i := range known {
		ids[i] = known[i].id
	}
	if err := w.knownApps(ctx); err != nil {
		return err
	}
	if err := w.unnamedApps(ctx, users); err != nil {
		return err
	}
	var all, statuses sqlite.Document
	for i := range users {
		all.Number(ids[i])
		statuses.Row(ids[i], statusCodes[statusAnywhere(&users[i])])
	}
	these, now := all.String(), time.Now().Unix()
	before, err := w.standing(ctx, these)
	if err != nil {
		return err
	}
	const ofThese = " WHERE source = ?1 AND user_id IN (SELECT value FROM json_each(?2))"
	for _, table := range []string{"user_directories", "user_roles", "memberships"} {
		d := all
		if err := w.exec(ctx, &d, "DELETE FROM staged."+table+ofThese); err != nil {
			return err
		}
	}
	untold, err := w.forgetAccess(ctx, users, ids)
	if err != nil {
		return err
	}
	var r rows
	for i := range users {
		r.add(w, ids[i], &users[i])
	}
	if err := w.insert(ctx, &r, newer); err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, `UPDATE main.users SET status = j.value ->> 1, removed_at = 0, refreshed_at = ?3
		FROM json_each(?2) j WHERE users.id = j.value ->> 0 AND users.source = ?1`, w.source, statuses.String(),
		readAt(users)); err != nil {
		return fmt.Errorf("write the states: %w", err)
	}
	if err := w.accessByGroups(ctx, untold); err != nil {
		return err
	}
	return w.noteRefresh(ctx, these, before, now)
}

// forgetAccess deletes the apps of those whose apps were told, but for those whose activity could not be read now.
// untold are the others.
func (w *writer) forgetAccess(
	ctx context.Context, users []domain.User, ids []int64,
) (untold sqlite.Document, err error) {
	var told, unread sqlite.Document
	for i := range users {
		if users[i].Access == nil {
			untold.Number(ids[i])
			continue
		}
		told.Number(ids[i])
		for _, a := range users[i].Access {
			if !a.Known {
				unread.Row(ids[i], w.ref(refApp, a.AppID))
			}
		}
	}
	_, err = sqlite.Exec(ctx, w.tx, `DELETE FROM main.access WHERE source = ?1 AND user_id
		IN (SELECT value FROM json_each(?2))
		AND (user_id, app_id) NOT IN (SELECT value ->> 0, value ->> 1
			FROM json_each(?3))`, w.source, told.String(), unread.String())
	return untold, err
}

// accessByGroups gives people the apps that their groups open, and takes those that no group of theirs opens any more:
// a source that tells only groups knows no other way to an app. An app that no group at all opens is left.
func (w *writer) accessByGroups(ctx context.Context, people sqlite.Document) error {
	const theirs = `FROM main.memberships m CROSS JOIN main.group_grants g ON g.source = ?1 AND g.group_id = m.group_id
		WHERE m.source = ?1 AND m.user_id `
	for _, statement := range []string{
		`DELETE FROM main.access WHERE source = ?1 AND user_id IN (SELECT value FROM json_each(?2))
			AND app_id IN (SELECT app_id FROM main.group_grants WHERE source = ?1)
			AND NOT EXISTS (SELECT 1 ` + theirs + `= access.user_id AND g.app_id = access.app_id)`,
		`INSERT OR IGNORE INTO main.access (source, user_id, app_id, day)
			SELECT ?1, m.user_id, g.app_id, -1 ` + theirs + `IN (SELECT value FROM json_each(?2))`,
	} {
		if _, err := sqlite.Exec(ctx, w.tx, statement, w.source, people.String()); err != nil {
			return fmt.Errorf("write the apps of groups: %w", err)
		}
	}
	return nil
}

// forgetBillable says of those who are in another state, or have apps now or none, that it is not known whether they
// count for Atlassian Guard: see keepBillable.
func (w *writer) forgetBillable(ctx context.Context, before, now standing) error {
	var people sqlite.Document
	for id, status := range now.status {
		if old, known := before.status[id]; known && (old != status || before.opens[id] != now.opens[id]) {
			people.Number(id)
		}
	}
	return w.exec(ctx, &people, `UPDATE main.users SET billable = 0 WHERE source = ?1 AND id
		IN (SELECT value FROM json_each(?2))`)
}

// knownApps notes which apps have a row.
func (w *writer) knownApps(ctx context.Context) error {
	return sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		var id int64
		err := sqlite.Scan(rows, &id)
		w.apps[id] = true
		return err
	}, "SELECT id FROM main.apps WHERE source = ?", w.source)
}

// idsOfAccounts selects the mirror's keys of people by account ids.
const idsOfAccounts = "SELECT id FROM accounts WHERE source = ?1 AND account_id IN (SELECT value FROM json_each(?2))"

// RemovePeople marks people as gone whom a fresh reading did not find. Unknown account ids are no error.
func (s *Store) RemovePeople(ctx context.Context, sourceID string, accountIDs []string) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil || key == 0 {
		return err
	}
	var doc sqlite.Document
	for _, a := range accountIDs {
		doc.Value(a)
	}
	const these = `source = ?1 AND removed_at = 0 AND id IN (` + idsOfAccounts + `)`
	return s.db.Update(ctx, "mark people as gone", func(tx *sql.Tx) error {
		if err := s.notePeople(ctx, tx, key, idsOfAccounts, key, doc.String()); err != nil {
			return err
		}
		args := []any{key, doc.String(), time.Now().Unix()}
		if _, err := sqlite.Exec(ctx, tx, `INSERT OR IGNORE INTO history (source, user_id, at, kind, ref)
			SELECT ?1, id, ?3, ?4, 0 FROM users WHERE `+these, append(args, historyGone)...); err != nil {
			return err
		}
		_, err := sqlite.Exec(ctx, tx, `UPDATE users SET removed_at = ?3, refreshed_at = ?3 WHERE `+these, args...)
		return err
	})
}
