package mirrordb

import (
	"context"
	"database/sql"
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// grants stages what groups give their members. Of a group delivered twice the later delivery holds.
func (w *writer) grants(ctx context.Context, all []domain.Granting) error {
	var groups, rows sqlite.Document
	last := map[int64]int{}
	for i, g := range all {
		last[w.ref(refGroup, g.GroupID)] = i
	}
	for i, g := range all {
		id := w.ref(refGroup, g.GroupID)
		if last[id] != i {
			continue
		}
		groups.Number(id)
		for _, grant := range g.Grants {
			rows.Row(id, w.ref(refApp, grant.AppID), grant.Role, grant.Default)
		}
	}
	read := groups
	if err := w.exec(ctx, &read, `INSERT INTO staged.grants_read (source, group_id) SELECT ?1, value FROM json_each(?2)
		WHERE true
		ON CONFLICT DO NOTHING`); err != nil {
		return err
	}
	if err := w.exec(ctx, &groups, `DELETE FROM staged.group_grants WHERE source = ?1 AND group_id
		IN (SELECT value FROM json_each(?2))`); err != nil {
		return err
	}
	return w.exec(ctx, &rows, `INSERT INTO staged.group_grants (source, group_id, app_id, role, is_default)
		SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?2) WHERE true
		ON CONFLICT DO UPDATE SET is_default = excluded.is_default`)
}

// writeGrants makes what was staged about groups the only thing that is known: what a sync could not read is not known
// any more. Groups that a listing which was cut off did not deliver keep what they had.
func (m *merger) writeGrants(ctx context.Context) error {
	judged := ""
	if m.short.FewerGroups {
		judged = " AND group_id IN (SELECT id FROM staged.groups)"
	}
	for _, statement := range []string{
		`DELETE FROM main.grants_read WHERE source = ?1 AND group_id
			NOT IN (SELECT group_id FROM staged.grants_read)` + judged,
		`INSERT INTO main.grants_read (source, group_id) SELECT source, group_id FROM staged.grants_read
			WHERE source = ?1 ON CONFLICT DO NOTHING`,
		`DELETE FROM main.group_grants WHERE source = ?1 AND NOT EXISTS (SELECT 1 FROM staged.group_grants s
			WHERE s.source = ?1
			AND s.group_id = group_grants.group_id AND s.app_id = group_grants.app_id
				AND s.role = group_grants.role)` + judged,
		`INSERT INTO main.group_grants (source, group_id, app_id, role, is_default)
			SELECT source, group_id, app_id, role, is_default FROM staged.group_grants WHERE source = ?1
			ON CONFLICT DO UPDATE SET is_default = excluded.is_default WHERE is_default <> excluded.is_default`,
	} {
		if _, err := m.exec(ctx, statement, m.source); err != nil {
			return fmt.Errorf("write what groups grant: %w", err)
		}
	}
	return nil
}

// withGrants puts into the groups of a source what they give their members, by app and role.
func (s *Store) withGrants(ctx context.Context, sourceID string, groups []domain.Group) error {
	at := make(map[int64]int, len(groups))
	for i, g := range groups {
		at[g.ID] = i
	}
	return s.db.View(ctx, "read what groups grant", func(tx *sql.Tx) error {
		r, err := newPeopleReader(ctx, tx, sourceID)
		if err != nil {
			return err
		}
		apps, err := r.names(ctx, refApp)
		if err != nil {
			return err
		}
		var id, app int64
		if err := sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			err := sqlite.Scan(rows, &id)
			if i, there := at[id]; there {
				groups[i].GrantsKnown = true
			}
			return err
		}, "SELECT group_id FROM grants_read WHERE source = ?", r.source); err != nil {
			return err
		}
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var grant domain.Grant
			err := sqlite.Scan(rows, &id, &app, &grant.Role, &grant.Default)
			if i, there := at[id]; there && err == nil {
				grant.AppID = apps[app]
				domain.AddGrant(&groups[i], grant)
			}
			return err
		}, "SELECT group_id, app_id, role, is_default FROM group_grants WHERE source = ? ORDER BY group_id, app_id, role", r.source)
	})
}
