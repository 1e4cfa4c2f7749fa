package records

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// touchBook keeps what finished runs did, by run. A log of a million results takes seconds to read; after a run, only that run is read.
type touchBook struct {
	mu   sync.Mutex
	runs map[string]map[string]touchedRun // by source and run
}

// touchedRun is what one run did, as it was while its items were counted so.
type touchedRun struct {
	action string
	counts [7]int // in the order of counted
	people []touched
}

// touched is a domain.Touch without what is the same of all in a run.
type touched struct {
	accountID string
	at        int64 // unix milliseconds
	state     int8  // in counted
}

// open tells whether an item may still change without the counts showing it.
func (r *touchedRun) open() bool { return r.counts[slices.Index(counted, domain.ItemIntent)] > 0 }

// Touches returns what runs of a source did about people, oldest first: of each person and run the last change. Changes that a run has not
// come to yet are not among them.
func (s *Store) Touches(ctx context.Context, sourceID string) ([]domain.Touch, error) {
	const doing = "read whom runs have touched"
	s.touches.mu.Lock()
	defer s.touches.mu.Unlock()
	rows, err := s.db.Read.SQL.QueryContext(ctx, `SELECT id, plan_id, action, planned, intent, done, already, skipped, refused, unknown
		FROM runs WHERE source_id = ? AND deleted = 0 ORDER BY created_at, id`, sourceID)
	if err != nil {
		return nil, s.db.Fault(doing, err)
	}
	defer func() { _ = rows.Close() }()
	type listed struct {
		id, plan string
		touchedRun
	}
	var runs []listed
	for rows.Next() {
		var r listed
		dest := []any{&r.id, &r.plan, &r.action}
		for i := range r.counts {
			dest = append(dest, &r.counts[i])
		}
		if err := sqlite.Scan(rows, dest...); err != nil {
			return nil, s.db.Fault(doing, err)
		}
		runs = append(runs, r)
	}
	if err := sqlite.End(rows); err != nil {
		return nil, s.db.Fault(doing, err)
	}
	total := 0
	for i := range runs {
		r := &runs[i]
		if kept, ok := s.touches.runs[sourceID][r.id]; ok && kept.counts == r.counts && !r.open() {
			r.touchedRun = kept
		} else if r.people, err = s.touchedBy(ctx, r.id, r.plan); err != nil {
			return nil, s.db.Fault(doing, err)
		}
		total += len(r.people)
	}
	all, now := make([]domain.Touch, 0, total), make(map[string]touchedRun, len(runs))
	for _, r := range runs {
		now[r.id] = r.touchedRun
		for _, t := range r.people {
			all = append(all, domain.Touch{AccountID: t.accountID, RunID: r.id, Action: r.action, State: counted[t.state], At: sqlite.FromMillis(t.at)})
		}
	}
	s.touches.runs[sourceID] = now
	return all, nil
}

// touchedQuery passes over changes that are about nobody: those of groups.
const touchedQuery = `SELECT c.body ->> '$.target.accountId', i.state, max(i.finished_at, i.intent_at)
	FROM run_items i CROSS JOIN plan_changes c INDEXED BY plan_changes_who ON c.plan_id = ? AND c.seq = i.seq
	WHERE i.run_id = ? AND i.state <> 'planned' AND c.body ->> '$.target.accountId' <> '' ORDER BY i.seq`

// touchedBy reads what one run did. Both sides are ranges, and whom a change is about stands in the index.
func (s *Store) touchedBy(ctx context.Context, runID, planID string) ([]touched, error) {
	rows, err := s.db.Read.SQL.QueryContext(ctx, touchedQuery, planID, runID)
	if err != nil {
		return nil, fmt.Errorf("read a run: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []touched
	for rows.Next() {
		var t touched
		var state string
		if err := sqlite.Scan(rows, &t.accountID, &state, &t.at); err != nil {
			return nil, err
		}
		t.state = int8(slices.Index(counted, domain.ItemState(state)))
		all = append(all, t)
	}
	return all, sqlite.End(rows)
}
