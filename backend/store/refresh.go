package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
)

// PutUsers writes people who were read afresh outside a sync: status, directories, platform roles and groups exactly as
// given, Access as far as a person has any that is Known, other fields where they are not empty. A sync that is running
// leaves them as they are written here.
func (s *Store) PutUsers(ctx context.Context, sourceID string, users []domain.User) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return err
	}
	if key == 0 {
		return domain.Errorf(domain.NotFound, "This source was never synced.").WithHint("Sync it first.")
	}
	g := &stager{source: key, sourceID: sourceID, schema: mainSchema, refs: newRefKeys(), appsSeen: map[int64]bool{}}
	return s.mirror.update(ctx, "write refreshed people", func(tx *sql.Tx) error {
		w := &writer{stager: g, mirror: s.mirror, tx: tx, refs: newRefKeys(), apps: map[int64]bool{}}
		if err := w.replace(ctx, users); err != nil {
			return err
		}
		var accounts document
		for _, u := range users {
			accounts.value(u.AccountID)
		}
		return s.mirror.notePeople(ctx, tx, key, idsOfAccounts, key, accounts.String())
	})
}

// replace writes people as they are now.
func (w *writer) replace(ctx context.Context, users []domain.User) error {
	if err := w.intern(ctx, domain.Batch{Users: users}); err != nil {
		return err
	}
	ids, err := w.accounts(ctx, users)
	if err != nil {
		return err
	}
	if err := w.knownApps(ctx); err != nil {
		return err
	}
	if err := w.unnamedApps(ctx, users); err != nil {
		return err
	}
	var all, accessed, statuses document
	for i := range users {
		u, id := &users[i], ids[i]
		all.number(id)
		statuses.row(id, statusCode(u))
		if hasKnownAccess(u) {
			accessed.number(id)
		}
	}
	these, now := all.String(), time.Now().Unix()
	before, err := w.standing(ctx, these)
	if err != nil {
		return err
	}
	const ofThese = " WHERE source = ?1 AND user_id IN (SELECT value FROM json_each(?2))"
	for table, d := range map[string]document{"user_directories": all, "user_roles": all, "memberships": all, "access": accessed} {
		if err := w.exec(ctx, &d, "DELETE FROM staged."+table+ofThese); err != nil {
			return err
		}
	}
	// The columns of one person are joined as in a sync; only the status is simply the new one.
	if err := w.exec(ctx, &all, `UPDATE main.users SET refreshed_at = 0 WHERE source = ?1 AND id IN (SELECT value FROM json_each(?2))`); err != nil {
		return err
	}
	if err := w.feedPeople(ctx, users, ids); err != nil {
		return err
	}
	if err := w.writeFed(ctx); err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, `UPDATE main.users SET status = j.value ->> 1, removed_at = 0, refreshed_at = ?3
		FROM json_each(?2) j WHERE users.id = j.value ->> 0 AND users.source = ?1`, w.source, statuses.String(), now); err != nil {
		return fmt.Errorf("write the states: %w", err)
	}
	return w.noteRefresh(ctx, these, before, now)
}

// hasKnownAccess tells whether a refreshed person carries activity that may replace what is stored.
func hasKnownAccess(u *domain.User) bool {
	return slices.ContainsFunc(u.Access, func(a domain.AppAccess) bool { return a.Known })
}

// knownApps notes which apps have a row.
func (w *writer) knownApps(ctx context.Context) error {
	return eachRow(ctx, w.tx, func(rows *sql.Rows) error {
		var id int64
		err := scanRow(rows, &id)
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
	var doc document
	for _, a := range accountIDs {
		doc.value(a)
	}
	const these = `source = ?1 AND removed_at = 0 AND id IN (` + idsOfAccounts + `)`
	return s.mirror.update(ctx, "mark people as gone", func(tx *sql.Tx) error {
		if err := s.mirror.notePeople(ctx, tx, key, idsOfAccounts, key, doc.String()); err != nil {
			return err
		}
		args := []any{key, doc.String(), time.Now().Unix()}
		if _, err := execute(ctx, tx, `INSERT OR IGNORE INTO history (source, user_id, at, kind, ref)
			SELECT ?1, id, ?3, ?4, 0 FROM users WHERE `+these, append(args, historyGone)...); err != nil {
			return err
		}
		_, err := execute(ctx, tx, `UPDATE users SET removed_at = ?3, refreshed_at = ?3 WHERE `+these, args...)
		return err
	})
}
