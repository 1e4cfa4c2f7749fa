package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

const (
	planBatch   = 2000           // changes in one statement
	maxPageRows = 1000           // rows in one page
	keepExpired = 24 * time.Hour // a plan that was never confirmed is forgotten so long after it expired
)

// SavePlan stores a plan with its changes, whole or not at all, and forgets old plans that were never confirmed.
func (s *Store) SavePlan(ctx context.Context, p domain.Plan, changes []domain.Change) error {
	head := p
	head.Hash, head.RunID = "", ""
	body, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("write the plan as JSON: %w", err)
	}
	return s.db.Update(ctx, "save the plan", func(tx *sql.Tx) error {
		if err := forgetPlans(ctx, tx, p.CreatedAt.Add(-keepExpired)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO plans (id, source_id, hash, run_id, expires_at, changes, body) VALUES (?, ?, ?, '', ?, ?, ?)`,
			p.ID, p.SourceID, p.Hash, sqlite.ToMillis(p.ExpiresAt), len(changes), string(body))
		if err != nil {
			return fmt.Errorf("insert the plan: %w", err)
		}
		for len(changes) > 0 {
			n := min(planBatch, len(changes))
			if err := insertChanges(ctx, tx, p.ID, changes[:n]); err != nil {
				return err
			}
			changes = changes[n:]
		}
		return nil
	})
}

// insertChanges writes many rows by one statement: the driver compiles each statement anew.
func insertChanges(ctx context.Context, tx *sql.Tx, planID string, changes []domain.Change) error {
	type row struct {
		Search string        `json:"s"`
		Change domain.Change `json:"c"`
	}
	rows := make([]row, len(changes))
	for i, c := range changes {
		rows[i] = row{Search: searchText(c.Target), Change: c}
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write the changes as JSON: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO plan_changes (plan_id, seq, verdict, search, body)
		SELECT ?, value->>'$.c.seq', value->>'$.c.verdict', value->>'$.s', value->'$.c' FROM json_each(?)`, planID, string(doc))
	if err != nil {
		return fmt.Errorf("insert the changes: %w", err)
	}
	return nil
}

// searchText is what a search within a plan or run looks at.
func searchText(t domain.Target) string {
	return strings.ToLower(t.Name + "\n" + t.Email + "\n" + t.AccountID + "\n" + t.GroupName)
}

func forgetPlans(ctx context.Context, tx *sql.Tx, before time.Time) error {
	for _, statement := range []string{
		`DELETE FROM plan_changes WHERE plan_id IN (SELECT id FROM plans WHERE run_id = '' AND expires_at < ?)`,
		`DELETE FROM plans WHERE run_id = '' AND expires_at < ?`,
	} {
		if _, err := tx.ExecContext(ctx, statement, sqlite.ToMillis(before)); err != nil {
			return fmt.Errorf("forget old plans: %w", err)
		}
	}
	return nil
}

// Plan returns a stored plan; NotFound.
func (s *Store) Plan(ctx context.Context, id string) (domain.Plan, error) {
	var p domain.Plan
	var body, hash, runID string
	err := s.db.Read.SQL.QueryRowContext(ctx, `SELECT body, hash, run_id FROM plans WHERE id = ?`, id).Scan(&body, &hash, &runID)
	if errors.Is(err, sql.ErrNoRows) {
		return p, domain.Errorf(domain.NotFound, "This plan is not there any more.").WithHint("Make a new preview.")
	}
	if err != nil {
		return p, s.db.Fault("read the plan", err)
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, s.db.Damaged(err.Error())
	}
	p.Hash, p.RunID = hash, runID
	return p, nil
}

// PlanChanges returns a page of a plan's changes in their order, and how many match in all; NotFound.
func (s *Store) PlanChanges(ctx context.Context, planID string, q domain.ChangeQuery) ([]domain.Change, int, error) {
	if _, err := s.Plan(ctx, planID); err != nil {
		return nil, 0, err
	}
	where, args := "c.plan_id = ?", []any{planID}
	if q.Verdict != "" {
		where, args = where+" AND c.verdict = ?", append(args, string(q.Verdict))
	}
	if q.Search != "" {
		where, args = where+" AND instr(c.search, ?) > 0", append(args, strings.ToLower(q.Search))
	}
	if q.Used {
		where += " AND c.body ->> '$.used' IS NOT NULL"
	}
	var total int
	var changes []domain.Change
	err := s.db.View(ctx, "read the plan's changes", func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM plan_changes c WHERE `+where, args...).Scan(&total); err != nil {
			return fmt.Errorf("count: %w", err)
		}
		if len(args) == 1 && !q.Used { // seq has no gaps, so the page is found by its number
			where, args = where+" AND c.seq > ?", append(args, q.From)
			q.From = 0
		}
		rows, err := tx.QueryContext(ctx, `SELECT c.body FROM plan_changes c WHERE `+where+` ORDER BY c.seq LIMIT ? OFFSET ?`, //nolint:gosec // constant parts, bound values
			append(args, pageSize(q.Count), max(q.From, 0))...)
		if err != nil {
			return fmt.Errorf("select: %w", err)
		}
		changes, err = scanChanges(rows, nil)
		return err
	})
	return changes, total, err
}

// EachChange streams a plan's changes in their order.
func (s *Store) EachChange(ctx context.Context, planID string, fn func(domain.Change) error) error {
	rows, err := s.db.Read.SQL.QueryContext(ctx, `SELECT body FROM plan_changes WHERE plan_id = ? ORDER BY seq`, planID)
	if err != nil {
		return s.db.Fault("read the plan's changes", err)
	}
	_, err = scanChanges(rows, fn)
	return s.db.Fault("read the plan's changes", err)
}

// scanChanges decodes and closes rows of one column, into a slice or one by one into fn.
func scanChanges(rows *sql.Rows, fn func(domain.Change) error) ([]domain.Change, error) {
	defer func() { _ = rows.Close() }()
	changes := []domain.Change{}
	var body sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		var c domain.Change
		if err := json.Unmarshal(body, &c); err != nil {
			return nil, fmt.Errorf("decode a change: %w", err)
		}
		if fn == nil {
			changes = append(changes, c)
		} else if err := fn(c); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	return changes, nil
}

// DeletePlan forgets a plan that was not confirmed; Conflict when it was. Deleting one that is not there is no error.
func (s *Store) DeletePlan(ctx context.Context, id string) error {
	return s.db.Update(ctx, "discard the plan", func(tx *sql.Tx) error {
		var runID string
		err := tx.QueryRowContext(ctx, `SELECT run_id FROM plans WHERE id = ?`, id).Scan(&runID)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return fmt.Errorf("look it up: %w", err)
		case runID != "":
			return domain.Errorf(domain.Conflict, "This plan was confirmed: it belongs to its run.")
		}
		for _, statement := range []string{`DELETE FROM plan_changes WHERE plan_id = ?`, `DELETE FROM plans WHERE id = ?`} {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return fmt.Errorf("delete: %w", err)
			}
		}
		return nil
	})
}

func pageSize(n int) int { return min(max(n, 0), maxPageRows) }
