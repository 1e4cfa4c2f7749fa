package mirrordb

import (
	"context"
	"database/sql"
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// historyKind is a kind of event as it is stored. Never renumber them.
type historyKind int

const (
	historyListed historyKind = iota + 1
	historyCame
	historyGone
	historyBack
	historyJoined
	historyLeft
	historyStatus
)

// historyKinds are their names.
var historyKinds = map[historyKind]domain.PersonEventKind{
	historyListed: domain.PersonListed, historyCame: domain.PersonCame, historyGone: domain.PersonGone,
	historyBack:   domain.PersonBack,
	historyJoined: domain.PersonJoined, historyLeft: domain.PersonLeft, historyStatus: domain.PersonNewStatus,
}

// noteListed notes that the first copy of a source was made now.
func (m *merger) noteListed(ctx context.Context) error {
	_, err := m.exec(ctx, "INSERT INTO main.history (source, user_id, at, kind, ref) VALUES (?1, 0, ?2, ?3, 0)",
		m.source, m.now, historyListed)
	return err
}

// noteChanges keeps what is about to be overwritten, before anything is. Of somebody new only the coming is noted.
func (m *merger) noteChanges(ctx context.Context) error {
	if _, err := m.exec(ctx, `INSERT OR IGNORE INTO main.history (source, user_id, at, kind, ref)
		SELECT ?1, m.user_id, ?2, m.kind, m.ref FROM (SELECT user_id, ?3 AS kind, group_id AS ref
			FROM staged.memberships WHERE source = ?1
			UNION ALL SELECT user_id, ?4, key FROM sync.gone_memberships) m
				CROSS JOIN main.users u ON u.id = m.user_id`,
		m.source, m.now, historyJoined, historyLeft); err != nil {
		return err
	}
	_, err := m.exec(ctx, `INSERT OR IGNORE INTO main.history (source, user_id, at, kind, ref)
		SELECT ?1, t.user_id, ?2, CASE WHEN u.id IS NULL THEN ?3 WHEN u.removed_at <> 0 THEN ?4 ELSE ?5 END,
			CASE WHEN u.removed_at = 0 THEN s.status ELSE 0 END
		FROM sync.touched t CROSS JOIN staged.users s ON s.id = t.user_id LEFT JOIN main.users u ON u.id = t.user_id
		WHERE u.id IS NULL OR u.removed_at <> 0 OR u.status <> s.status`, m.source, m.now, historyCame, historyBack,
		historyStatus)
	return err
}

// noteGone notes whom this sync has marked as removed.
func (m *merger) noteGone(ctx context.Context) error {
	_, err := m.exec(ctx, `INSERT OR IGNORE INTO main.history (source, user_id, at, kind, ref)
		SELECT ?1, id, ?2, ?3, 0 FROM main.users WHERE source = ?1 AND removed_at = ?2`, m.source, m.now, historyGone)
	return err
}

// standing is what people are before they are written afresh, by key.
type standing struct {
	status map[int64]int64 // -1 when removed
	opens  map[int64]bool  // has an app
	groups map[int64]map[int64]bool
}

// standing reads it. ids is a document of keys.
func (w *writer) standing(ctx context.Context, ids string) (standing, error) {
	s := standing{map[int64]int64{}, map[int64]bool{}, map[int64]map[int64]bool{}}
	var id, value int64
	var opens bool
	err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		err := sqlite.Scan(rows, &id, &value, &opens)
		s.status[id], s.opens[id] = value, opens
		return err
	}, `SELECT id, iif(removed_at = 0, status, -1), EXISTS (SELECT 1 FROM main.access a WHERE a.source = ?1
		AND a.user_id = users.id)
		FROM main.users WHERE source = ?1 AND id IN (SELECT value FROM json_each(?2))`, w.source, ids)
	if err != nil {
		return s, err
	}
	return s, sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		err := sqlite.Scan(rows, &id, &value)
		if s.groups[id] == nil {
			s.groups[id] = map[int64]bool{}
		}
		s.groups[id][value] = true
		return err
	}, "SELECT user_id, group_id FROM main.memberships WHERE source = ?1 AND user_id IN (SELECT value FROM json_each(?2))", w.source, ids)
}

// noteRefresh notes how people differ from what they were.
func (w *writer) noteRefresh(ctx context.Context, ids string, before standing, at int64) error {
	now, err := w.standing(ctx, ids)
	if err != nil {
		return err
	}
	if err := w.forgetBillable(ctx, before, now); err != nil {
		return err
	}
	var doc sqlite.Document
	note := func(id int64, kind historyKind, ref int64) { doc.Row(id, at, int(kind), ref) }
	for id, status := range now.status {
		old, known := before.status[id]
		switch {
		case !known:
			note(id, historyCame, 0)
			continue // all groups are new then
		case old == -1:
			note(id, historyBack, 0)
		case old != status:
			note(id, historyStatus, status)
		}
		for group := range now.groups[id] {
			if !before.groups[id][group] {
				note(id, historyJoined, group)
			}
		}
		for group := range before.groups[id] {
			if !now.groups[id][group] {
				note(id, historyLeft, group)
			}
		}
	}
	return w.exec(ctx, &doc, `INSERT OR IGNORE INTO main.history (source, user_id, at, kind, ref)
		SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?2)`)
}

// PersonHistory returns what syncs have found about a person, newest first. It begins with the first sync of this
// program version that noted such things: what came before is not known and not said.
func (s *Store) PersonHistory(ctx context.Context, sourceID string, userID int64) ([]domain.PersonEvent, error) {
	events := []domain.PersonEvent{}
	err := s.db.View(ctx, "read a person's history", func(tx *sql.Tx) error {
		came := false
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var user, at, ref int64
			var kind historyKind
			var group string
			if err := sqlite.Scan(rows, &user, &at, &kind, &ref, &group); err != nil {
				return fmt.Errorf("history: %w", err)
			}
			came = came || kind == historyCame
			if user == 0 && came {
				return nil
			}
			e := domain.PersonEvent{At: sqlite.FromUnix(at), Kind: historyKinds[kind]}
			switch kind {
			case historyJoined, historyLeft:
				e.Group = group
			case historyStatus:
				e.Status = statusOf(int(ref))
			case historyListed, historyCame, historyGone, historyBack:
			}
			events = append(events, e)
			return nil
		}, `SELECT h.user_id, h.at, h.kind, h.ref, coalesce(g.name, '') FROM sources s
			JOIN history h ON h.source = s.key AND h.user_id IN (0, ?2) LEFT JOIN groups g ON g.id = h.ref
				AND h.kind IN (5, 6)
			WHERE s.source_id = ?1 ORDER BY h.at DESC, h.user_id DESC, h.kind, g.name`, sourceID, userID)
	})
	return events, err
}
