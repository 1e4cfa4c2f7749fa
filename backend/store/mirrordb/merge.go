package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// merger turns what a sync has staged into the local copy, within one transaction.
type merger struct {
	*stager
	tx    *sql.Tx
	now   int64
	short domain.Shortfall
	// changes says that only what has changed was delivered; nil in a full sync.
	changes *domain.Changes
	// left are the groups that were read alone meanwhile.
	left []string
}

// commit does the whole of it and returns the finished row of the sync.
func (m *merger) commit(ctx context.Context) (syncModel, error) {
	row := syncModel{
		ID: m.id, Source: m.source, State: string(domain.SyncDone), StartedAt: m.started, FinishedAt: m.now,
		Drift: m.short.Sentence, Kind: string(domain.SyncFull), Note: m.note,
	}
	if m.changes != nil {
		row.Kind = string(domain.SyncChanges)
	}
	if m.first() {
		if err := m.scan(ctx, &row.Added, "SELECT count(*) FROM main.users WHERE source = ?1 AND removed_at = 0",
			m.source); err != nil {
			return row, err
		}
		if err := m.noteListed(ctx); err != nil {
			return row, err
		}
	} else if err := m.merge(ctx, &row); err != nil {
		return row, err
	}
	counts := `SELECT count(*) FROM main.%s WHERE source = ?1 AND removed_at = 0`
	if err := m.scan(ctx, &row.People, fmt.Sprintf(counts, "users"), m.source); err != nil {
		return row, err
	}
	if err := m.scan(ctx, &row.Groups, fmt.Sprintf(counts, "groups"), m.source); err != nil {
		return row, err
	}
	if err := m.keepPlace(ctx); err != nil {
		return row, err
	}
	_, err := m.exec(ctx, `UPDATE main.syncs
		SET state = ?2, finished_at = ?3, people = ?4, groups = ?5, added = ?6, changed = ?7,
		removed = ?8, drift = ?9, kind = ?10, note = ?11 WHERE id = ?1`,
		m.id, row.State, row.FinishedAt, row.People, row.Groups, row.Added, row.Changed, row.Removed, row.Drift,
		row.Kind, row.Note)
	return row, err
}

// merge finds out who differs, and writes only these.
func (m *merger) merge(ctx context.Context, row *syncModel) error {
	if m.changes != nil {
		if err := m.removeGone(ctx); err != nil {
			return err
		}
	} else if err := m.refuseEmpty(ctx); err != nil {
		return err
	}
	if err := m.leaveRefreshed(ctx); err != nil {
		return err
	}
	// Counted before anything is written: new people, and those who are back.
	if err := m.scan(ctx, &row.Added, `SELECT count(*) FROM sync.touched t LEFT JOIN main.users u ON u.id = t.user_id
		WHERE u.id IS NULL OR u.removed_at <> 0`); err != nil {
		return err
	}
	var touched int
	if err := m.scan(ctx, &touched, "SELECT count(*) FROM sync.touched"); err != nil {
		return err
	}
	row.Changed = touched - row.Added
	if err := m.noteChanges(ctx); err != nil {
		return err
	}
	if err := m.writePeople(ctx); err != nil {
		return err
	}
	if err := m.removePeople(ctx, row); err != nil {
		return err
	}
	return m.writeThings(ctx)
}

// removePeople marks people as removed who are not there any more.
func (m *merger) removePeople(ctx context.Context, row *syncModel) (err error) {
	if m.changes == nil && m.short.FewerPeople {
		return nil // a listing that was cut off says nothing about who is missing from it
	}
	// A person who was read afresh since the sync began is not judged by it.
	row.Removed, err = m.exec(ctx, `UPDATE main.users SET removed_at = ?2 WHERE source = ?1 AND removed_at = 0
		AND refreshed_at NOT BETWEEN ?3 AND ?2 
			AND id IN (SELECT user_id FROM sync.missing)`, m.source, m.now, m.started)
	if err != nil {
		return err
	}
	return m.noteGone(ctx)
}

// refuseEmpty refuses a read without a single person where there were people: whatever it is, it is not an organization
// that everybody left between two syncs.
func (m *merger) refuseEmpty(ctx context.Context) error {
	var came, before int
	if err := m.scan(ctx, &came, "SELECT count(*) FROM sync.received"); err != nil || came > 0 {
		return err
	}
	if err := m.scan(ctx, &before, "SELECT count(*) FROM main.users WHERE source = ?1 AND removed_at = 0",
		m.source); err != nil || before == 0 {
		return err
	}
	return &domain.Error{
		Code: domain.Internal, Reason: "empty",
		Message: fmt.Sprintf("Atlassian delivered no people, where there were %d before. The local copy was left as it is.", before),
		Hint:    "Test the connection of this source, then sync again.",
	}
}

// leaveRefreshed takes people out of the staged rows who were read afresh since the sync began: that is newer. Not so
// whoever was read at a time that is still to come, when the clock was ahead: every sync would leave that person as
// they were then.
func (m *merger) leaveRefreshed(ctx context.Context) error {
	tables := []string{"sync.touched", "staged.users"} // the last one names them
	for _, t := range setTables {
		tables = append([]string{"staged." + t.name, "sync.gone_" + t.name}, tables...)
	}
	for _, table := range tables {
		person := "user_id"
		if table == "staged.users" {
			person = "id"
		}
		if _, err := m.exec(ctx, `DELETE FROM `+table+` WHERE `+person+` IN (SELECT s.id FROM staged.users s
			CROSS JOIN main.users u ON u.id = s.id 
				WHERE u.refreshed_at BETWEEN ?1 AND ?2)`, m.started, m.now); err != nil {
			return err
		}
	}
	return nil
}

// writePeople writes what findDifferences has found. CROSS JOIN keeps SQLite from walking the many rows instead of the
// few people.
func (m *merger) writePeople(ctx context.Context) error {
	sets := joinColumns(func(c userColumn) string { return c.name + " = excluded." + c.name })
	if _, err := m.exec(ctx, `INSERT INTO main.users (id, source, `+userNames("")+`, removed_at, refreshed_at)
		SELECT s.id, s.source, `+userNames("s.")+`, 0, 0 FROM sync.touched t
			CROSS JOIN staged.users s ON s.id = t.user_id
		WHERE true ON CONFLICT (id) DO UPDATE SET removed_at = 0, `+sets+`
		WHERE removed_at <> 0 OR (`+userNames("users.")+`) IS NOT (`+userNames("excluded.")+`)`); err != nil {
		return err
	}
	for _, t := range setTables {
		columns, conflict := t.columns(), "DO NOTHING"
		if t.value != "" {
			conflict = "DO UPDATE SET " + t.value + " = excluded." + t.value
		}
		for _, statement := range []string{
			`DELETE FROM main.` + t.name + ` WHERE (source, user_id, ` + t.key + `) 
				IN (SELECT ?1, user_id, key FROM sync.gone_` + t.name + `)`,
			`INSERT INTO main.` + t.name + ` (` + columns + `) SELECT ` + columns + ` FROM staged.` + t.name + `
				WHERE source = ?1 ON CONFLICT ` + conflict,
		} {
			if _, err := m.exec(ctx, statement, m.source); err != nil {
				return fmt.Errorf("write %s: %w", t.name, err)
			}
		}
	}
	return nil
}

// writeThings brings the small tables up to date.
func (m *merger) writeThings(ctx context.Context) error {
	if len(m.left) > 0 {
		if err := m.leaveGroups(ctx, m.left); err != nil {
			return err
		}
	}
	for _, table := range things {
		columns := thingColumns[table]
		joined := strings.Join(columns, ", ")
		var sets, old, now []string
		for _, c := range columns {
			sets = append(sets, c+" = excluded."+c)
			old = append(old, table+"."+c)
			now = append(now, "excluded."+c)
		}
		if _, err := m.exec(ctx, `INSERT INTO main.`+table+` (id, source, `+joined+`, removed_at)
			SELECT id, source, `+joined+`, 0 FROM staged.`+table+` WHERE true
			ON CONFLICT (id) DO UPDATE SET removed_at = 0, `+strings.Join(sets, ", ")+`
			WHERE removed_at <> 0 OR (`+strings.Join(old, ", ")+`) IS NOT (`+strings.Join(now, ", ")+`)`); err != nil {
			return err
		}
		if table == "groups" && m.short.FewerGroups {
			continue
		}
		if _, err := m.exec(ctx, `UPDATE main.`+table+` SET removed_at = ?2 WHERE source = ?1 AND removed_at = 0
			AND id NOT IN (SELECT id FROM staged.`+table+`)`, m.source, m.now); err != nil {
			return err
		}
	}
	if err := m.writeGrants(ctx); err != nil {
		return err
	}
	if _, err := m.exec(ctx, `DELETE FROM main.domains WHERE source = ?1 AND 
		name NOT IN (SELECT name FROM staged.domains)`, m.source); err != nil {
		return err
	}
	_, err := m.exec(ctx, `INSERT INTO main.domains (source, name, verified) SELECT source, name, verified
		FROM staged.domains WHERE true
		ON CONFLICT DO UPDATE SET verified = excluded.verified WHERE verified <> excluded.verified`)
	return err
}

// exec executes a statement and returns how many rows it wrote.
func (m *merger) exec(ctx context.Context, statement string, args ...any) (int, error) {
	return sqlite.Exec(ctx, m.tx, m.sql(statement), args...)
}

// scan reads one number.
func (m *merger) scan(ctx context.Context, into *int, query string, args ...any) error {
	return sqlite.One(ctx, m.tx, m.sql(query), args, into)
}

// keepDigests keeps the digests of the people whose rows a full sync has written. Somebody who was read afresh
// meanwhile has other rows.
func (m *merger) keepDigests(ctx context.Context) error {
	if m.changes != nil {
		return nil
	}
	_, err := m.exec(ctx, `INSERT INTO main.digests (source, user_id, digest) SELECT ?1, r.user_id, r.digest
		FROM staged.users s CROSS JOIN sync.received r ON r.user_id = s.id WHERE s.source = ?1 AND s.refreshed_at = 0
		ON CONFLICT DO UPDATE SET digest = excluded.digest`, m.source)
	return err
}
