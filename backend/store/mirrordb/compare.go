package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// prepare finds out in what the delivery differs from the copy, once everything is there. It writes nothing to the
// copy, so that saving holds up nobody for longer than it must.
func (s *Store) prepare(ctx context.Context, g *stager, changes bool) error {
	return s.stage(ctx, g, func(w *writer) error {
		m := merger{stager: g, tx: w.tx}
		switch {
		case g.first():
			return m.writeFacts(ctx)
		case changes:
			if err := m.keepBillable(ctx); err != nil {
				return err
			}
		default:
			if err := m.findMissing(ctx); err != nil {
				return err
			}
			if err := m.unstageEqual(ctx); err != nil {
				return err
			}
			if err := w.stageOtherFacts(ctx); err != nil {
				return err
			}
			if err := m.writeFacts(ctx); err != nil {
				return err
			}
		}
		return m.findDifferences(ctx)
	})
}

// findMissing notes who of the copy was not delivered.
func (m *merger) findMissing(ctx context.Context) error {
	_, err := m.exec(ctx, `INSERT INTO sync.missing SELECT id FROM main.users WHERE source = ?1 AND removed_at = 0
		AND id NOT IN (SELECT user_id FROM sync.received)`, m.source)
	return err
}

// unstageEqual takes people out again of whom the first piece was another one than the copy's, but all pieces together
// are not.
func (m *merger) unstageEqual(ctx context.Context) error {
	const equal = ` IN (SELECT s.id FROM staged.users s CROSS JOIN sync.received r ON r.user_id = s.id
		CROSS JOIN main.digests d ON d.source = ?1 AND d.user_id = s.id AND d.digest = r.digest)`
	for _, t := range setTables {
		if _, err := m.exec(ctx, "DELETE FROM staged."+t.name+" WHERE user_id"+equal, m.source); err != nil {
			return err
		}
	}
	_, err := m.exec(ctx, "DELETE FROM staged.users WHERE id"+equal, m.source)
	return err
}

// stageOtherFacts stages the people whose rows are the same, but not what a second list tells about them.
func (w *writer) stageOtherFacts(ctx context.Context) error {
	var ids []int64
	if err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		var id int64
		err := sqlite.Scan(rows, &id)
		ids = append(ids, id)
		return err
	}, w.sql(`SELECT r.user_id FROM sync.received r CROSS JOIN main.users u ON u.id = r.user_id
		LEFT JOIN sync.facts f ON f.user_id = r.user_id
		WHERE u.billable <> coalesce(f.billable, r.billable)
			AND r.user_id NOT IN (SELECT id FROM staged.users)`)); err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, usersPerStatement) {
		var some sqlite.Document
		for _, id := range chunk {
			some.Number(id)
		}
		if err := w.stageFromCopy(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// writeFacts puts what a second list tells into the staged rows. Nobody comes into being by it.
func (m *merger) writeFacts(ctx context.Context) error {
	_, err := m.exec(ctx, `UPDATE staged.users SET billable = f.billable
		FROM (SELECT r.user_id, coalesce(f.billable, r.billable) AS billable FROM sync.received r
			LEFT JOIN sync.facts f ON f.user_id = r.user_id) f
		WHERE users.id = f.user_id AND users.refreshed_at = 0 AND users.billable <> f.billable`)
	return err
}

// findDifferences leaves of the staged facts those that are new or different, finds those that are gone, and fills
// sync.touched with everybody of whom a row is new, different or gone. It is done before the transaction that saves:
// whose rows others write until then is known, and either left alone or found out.
func (m *merger) findDifferences(ctx context.Context) error {
	if _, err := m.exec(ctx, `INSERT INTO sync.touched SELECT s.id FROM staged.users s
		LEFT JOIN main.users u ON u.id = s.id
		WHERE u.id IS NULL OR u.removed_at <> 0 OR (`+userNames("u.")+`) IS NOT (`+userNames("s.")+`)`); err != nil {
		return err
	}
	for _, t := range setTables {
		here := "m.source = ?1 AND m.user_id = " + t.name + ".user_id AND m." + t.key + " = " + t.name + "." + t.key
		if t.value != "" {
			here += " AND m." + t.value + " = " + t.name + "." + t.value
		}
		for _, statement := range []string{
			`INSERT INTO sync.gone_` + t.name + ` SELECT m.user_id, m.` + t.key + ` FROM staged.users x
				CROSS JOIN main.` + t.name + ` m ON m.source = ?1 AND m.user_id = x.id
				WHERE NOT EXISTS (SELECT 1 FROM staged.` + t.name + ` s WHERE s.source = ?1 AND s.user_id = m.user_id
					AND s.` + t.key + ` = m.` + t.key + `)`,
			`DELETE FROM staged.` + t.name + ` WHERE source = ?1 AND EXISTS (SELECT 1 FROM main.` + t.name + ` m
				WHERE ` + here + `)`,
			`INSERT OR IGNORE INTO sync.touched SELECT user_id FROM staged.` + t.name + ` WHERE source = ?1
				UNION SELECT user_id FROM sync.gone_` + t.name,
		} {
			if _, err := m.exec(ctx, statement, m.source); err != nil {
				return fmt.Errorf("find what differs in %s: %w", t.name, err)
			}
		}
	}
	return nil
}

// stillCompared tells, in the transaction that saves, whether people who were taken for unchanged still are. Whoever
// was written meanwhile is left as they are; but when it is not known who that was, nothing can be said of anybody.
func (g *stager) stillCompared(ctx context.Context, tx *sql.Tx) error {
	var whole int64
	err := sqlite.One(ctx, tx, "SELECT whole_at FROM copy_state", nil, &whole)
	if err == nil && whole > g.compared {
		err = domain.Errorf(domain.Conflict,
			"The local copy was changed while it was compared with what Atlassian delivered.").
			WithHint("Sync again: it goes on with what was received.")
	}
	return err
}
