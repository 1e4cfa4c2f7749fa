package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// How many runs one page has at most, and how many rows one step of clearing away takes: a run that goes on meanwhile must not wait long
// for its own write.
const (
	maxRuns     = 500
	defaultRuns = 100
	clearStep   = 5000
)

// Runs returns a page of runs, newest first, and how many match in all, both of the same moment.
func (s *Store) Runs(ctx context.Context, q domain.RunQuery) (runs []domain.Run, total int, err error) {
	where, args := runFilter(q)
	limit := q.Limit
	if limit <= 0 {
		limit = defaultRuns
	}
	err = s.db.View(ctx, "list the runs", func(tx *sql.Tx) (err error) {
		if err := sqlite.One(ctx, tx, `SELECT count(*) FROM runs r WHERE `+where, args, &total); err != nil {
			return err
		}
		runs, err = selectRuns(ctx, tx, `SELECT `+runColumns+` FROM runs r WHERE `+where+` ORDER BY r.created_at DESC, r.id LIMIT ? OFFSET ?`,
			append(args, min(limit, maxRuns), max(q.Offset, 0))...)
		return err
	})
	return runs, total, err
}

func runFilter(q domain.RunQuery) (where string, args []any) {
	parts := []string{"r.deleted = 0"}
	add := func(part string, values ...any) {
		parts, args = append(parts, part), append(args, values...)
	}
	in := func(column string, values []string) {
		if len(values) > 0 {
			add(column+` IN (SELECT value FROM json_each(?))`, jsonList(values))
		}
	}
	in("r.action", q.Actions)
	in("r.source_id", q.SourceIDs)
	states := make([]string, len(q.States))
	for i, state := range q.States {
		states[i] = string(state)
	}
	in("r.state", states)
	switch q.Outcome {
	case domain.OutcomeClean:
		add("r.refused = 0 AND r.unknown = 0")
	case domain.OutcomeRefused:
		add("r.refused > 0")
	case domain.OutcomeUnknown:
		add("r.unknown > 0")
	}
	if !q.From.IsZero() {
		add("r.created_at >= ?", sqlite.ToMillis(q.From))
	}
	if !q.To.IsZero() {
		add("r.created_at < ?", sqlite.ToMillis(q.To))
	}
	if q.Search != "" {
		add(`EXISTS (SELECT 1 FROM plan_changes c WHERE c.plan_id = r.plan_id AND instr(c.search, ?) > 0)`, strings.ToLower(q.Search))
	}
	return strings.Join(parts, " AND "), args
}

func jsonList(values []string) string {
	doc, err := json.Marshal(values)
	if err != nil { // strings are never refused
		panic(err)
	}
	return string(doc)
}

// DeleteRuns deletes runs with their plans and returns how many. Conflict, and none is deleted, when one of them is not over or a call's
// outcome is still open; ids that are not there are passed over. The runs are gone from the log at once; their rows are cleared away step
// by step, and what a crash leaves is cleared away by the next deletion.
func (s *Store) DeleteRuns(ctx context.Context, ids []string) (int, error) {
	list, n := jsonList(ids), 0
	err := s.db.Update(ctx, "delete runs", func(tx *sql.Tx) error {
		var open int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM runs WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))
			AND (state IN ('running', 'paused') OR intent > 0)`, list).Scan(&open)
		if err != nil {
			return fmt.Errorf("look for open runs: %w", err)
		}
		if open > 0 {
			return domain.Errorf(domain.Conflict, "A run that is not over cannot be deleted.").WithHint("Wait for it, or stop it first.")
		}
		res, err := tx.ExecContext(ctx, `UPDATE runs SET deleted = 1 WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))`, list)
		if err != nil {
			return fmt.Errorf("mark: %w", err)
		}
		hit, err := res.RowsAffected()
		n = int(hit)
		if err != nil {
			return fmt.Errorf("mark: %w", err)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, s.clearRuns(ctx)
}

// clearRuns removes the rows of deleted runs.
func (s *Store) clearRuns(ctx context.Context) error {
	for {
		var runID, planID string
		var total int
		err := s.db.Write.SQL.QueryRowContext(ctx, `SELECT id, plan_id, total FROM runs WHERE deleted = 1 LIMIT 1`).Scan(&runID, &planID, &total)
		if err == sql.ErrNoRows { //nolint:errorlint // database/sql returns it bare
			return nil
		}
		if err != nil {
			return s.db.Fault("clear deleted runs away", err)
		}
		for from := 0; from <= total; from += clearStep {
			err := s.db.Update(ctx, "clear deleted runs away", func(tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, `DELETE FROM run_items WHERE run_id = ? AND seq BETWEEN ? AND ?`, runID, from, from+clearStep); err != nil {
					return fmt.Errorf("items: %w", err)
				}
				if _, err := tx.ExecContext(ctx, `DELETE FROM plan_changes WHERE plan_id = ? AND seq BETWEEN ? AND ?`, planID, from, from+clearStep); err != nil {
					return fmt.Errorf("changes: %w", err)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		err = s.db.Update(ctx, "clear deleted runs away", func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `DELETE FROM plans WHERE id = ?`, planID); err != nil {
				return fmt.Errorf("plan: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM runs WHERE id = ?`, runID); err != nil {
				return fmt.Errorf("run: %w", err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
