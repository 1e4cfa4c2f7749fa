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

// runColumns reads a whole run; undone_by is the newest run that takes it back.
const runColumns = `r.id, r.plan_id, r.source_id, r.source_name, r.action, r.action_title, r.params, r.trigger_kind, r.operator, r.selection, r.note,
	r.undo_of, r.confirmed, r.raised, r.state, r.pause_reason, r.created_at, r.finished_at, r.total,
	r.planned, r.intent, r.done, r.already, r.skipped, r.refused, r.unknown,
	coalesce((SELECT u.id FROM runs u WHERE u.undo_of = r.id AND u.deleted = 0 ORDER BY u.created_at DESC LIMIT 1), '')`

// counted are the states in the order of runColumns.
var counted = []domain.ItemState{
	domain.ItemPlanned, domain.ItemIntent, domain.ItemDone, domain.ItemAlready, domain.ItemSkipped, domain.ItemRefused, domain.ItemUnknown,
}

// StartRun turns a plan into a run, in one transaction; see bulk.Store.
func (s *Store) StartRun(ctx context.Context, r domain.Run, hash string, now time.Time) error {
	params, err := json.Marshal(r.Params)
	if err != nil {
		return fmt.Errorf("write the parameters as JSON: %w", err)
	}
	raised := ""
	if r.Raised != nil {
		doc, err := json.Marshal(r.Raised)
		if err != nil {
			return fmt.Errorf("write what was raised as JSON: %w", err)
		}
		raised = string(doc)
	}
	return s.db.Update(ctx, "start the run", func(tx *sql.Tx) error {
		if err := claimPlan(ctx, tx, r, hash, now); err != nil {
			return err
		}
		counts, total, err := verdicts(ctx, tx, r.PlanID)
		if err != nil {
			return err
		}
		planned, already := counts[domain.VerdictChange], counts[domain.VerdictAlready]
		_, err = tx.ExecContext(ctx, `INSERT INTO runs (id, plan_id, source_id, source_name, action, action_title, params, trigger_kind, operator, selection,
			note, undo_of, confirmed, raised, state, pause_reason, created_at, finished_at, refreshed_at, deleted, total,
			planned, intent, done, already, skipped, refused, unknown)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, 0, ?, 0, ?, ?, 0, 0, ?, ?, 0, 0)`,
			r.ID, r.PlanID, r.SourceID, r.SourceName, r.Action, r.ActionTitle, string(params), string(r.Trigger), r.Operator, r.Selection,
			r.Note, r.UndoOf, r.Confirmed, raised, string(r.State), sqlite.ToMillis(r.CreatedAt), sqlite.ToMillis(r.CreatedAt), total, planned, already, total-planned-already)
		if err != nil {
			return fmt.Errorf("insert the run: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO run_items (run_id, seq, state, reason, evidence, attempts, intent_at, finished_at, receipt)
			SELECT ?, seq, CASE verdict WHEN 'change' THEN 'planned' WHEN 'already' THEN 'already' ELSE 'skipped' END,
				coalesce(body->>'$.reason', ''), iif(verdict = 'change', '', 'plan'), 0, 0, iif(verdict = 'change', 0, ?), ''
			FROM plan_changes WHERE plan_id = ?`, r.ID, sqlite.ToMillis(now), r.PlanID)
		if err != nil {
			return fmt.Errorf("insert the items: %w", err)
		}
		return nil
	})
}

// claimPlan marks the plan as confirmed, or says why it cannot be.
func claimPlan(ctx context.Context, tx *sql.Tx, r domain.Run, hash string, now time.Time) error {
	var stored, runID string
	var expires int64
	err := tx.QueryRowContext(ctx, `SELECT hash, run_id, expires_at FROM plans WHERE id = ?`, r.PlanID).Scan(&stored, &runID, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.Errorf(domain.NotFound, "This plan is not there any more.").WithHint("Make a new preview.")
	case err != nil:
		return fmt.Errorf("look up the plan: %w", err)
	case runID != "":
		return domain.Errorf(domain.Conflict, "This plan was confirmed before.").WithHint("Look at its run under Run logs.")
	case stored != hash || sqlite.ToMillis(now) >= expires:
		return domain.Errorf(domain.Stale, "The plan is not the one that was shown, or too old.").WithHint("Make a new preview.")
	}
	var busy int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM runs WHERE source_id = ? AND state IN ('running', 'paused')`, r.SourceID).Scan(&busy)
	if err != nil {
		return fmt.Errorf("look for another run: %w", err)
	}
	if busy > 0 {
		return domain.Errorf(domain.Conflict, "Another run of this source is not over yet.").WithHint("Wait for it, or stop it.")
	}
	if _, err := tx.ExecContext(ctx, `UPDATE plans SET run_id = ? WHERE id = ?`, r.ID, r.PlanID); err != nil {
		return fmt.Errorf("claim the plan: %w", err)
	}
	return nil
}

func verdicts(ctx context.Context, tx *sql.Tx, planID string) (map[domain.Verdict]int, int, error) {
	rows, err := tx.QueryContext(ctx, `SELECT verdict, count(*) FROM plan_changes WHERE plan_id = ? GROUP BY verdict`, planID)
	if err != nil {
		return nil, 0, fmt.Errorf("count the changes: %w", err)
	}
	defer func() { _ = rows.Close() }()
	counts, total := map[domain.Verdict]int{}, 0
	for rows.Next() {
		var verdict string
		var n int
		if err := rows.Scan(&verdict, &n); err != nil {
			return nil, 0, fmt.Errorf("count the changes: %w", err)
		}
		counts[domain.Verdict(verdict)] = n
		total += n
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("count the changes: %w", err)
	}
	return counts, total, nil
}

// scanner is a row or the rows of a query.
type scanner interface{ Scan(dest ...any) error }

func scanRun(row scanner) (domain.Run, error) {
	var r domain.Run
	var params, trigger, state, raised string
	var created, finished int64
	n := make([]int, len(counted))
	dest := []any{
		&r.ID, &r.PlanID, &r.SourceID, &r.SourceName, &r.Action, &r.ActionTitle, &params, &trigger, &r.Operator, &r.Selection, &r.Note,
		&r.UndoOf, &r.Confirmed, &raised, &state, &r.PauseReason, &created, &finished, &r.Total,
	}
	for i := range n {
		dest = append(dest, &n[i])
	}
	if err := row.Scan(append(dest, &r.UndoneBy)...); err != nil {
		return r, fmt.Errorf("scan a run: %w", err)
	}
	if err := json.Unmarshal([]byte(params), &r.Params); err != nil {
		return r, fmt.Errorf("decode a run's parameters: %w", err)
	}
	if raised != "" {
		if err := json.Unmarshal([]byte(raised), &r.Raised); err != nil {
			return r, fmt.Errorf("decode what a run's operator raised: %w", err)
		}
	}
	r.Trigger, r.State = domain.Trigger(trigger), domain.RunState(state)
	r.CreatedAt, r.FinishedAt = sqlite.FromMillis(created), sqlite.FromMillis(finished)
	r.Counts = countsOf(n)
	return r, nil
}

func countsOf(n []int) map[domain.ItemState]int {
	counts := make(map[domain.ItemState]int, len(counted))
	for i, state := range counted {
		counts[state] = n[i]
	}
	return counts
}

// Run returns a run; NotFound.
func (s *Store) Run(ctx context.Context, id string) (domain.Run, error) {
	r, err := runOf(ctx, s.db.Read.SQL, id)
	return r, s.db.Fault("read the run", err)
}

// ItemsOf counts what runs of an action did, may have done or are about to do at a source; see bulk.Store.
func (s *Store) ItemsOf(ctx context.Context, sourceID, action string, since time.Time) (int, error) {
	var n int
	err := s.db.Read.SQL.QueryRowContext(ctx, `SELECT coalesce(sum(done + unknown + intent + iif(state IN ('running', 'paused'), planned, 0)), 0) FROM runs
		WHERE deleted = 0 AND created_at >= ? AND source_id = ? AND action = ?`, sqlite.ToMillis(since), sourceID, action).Scan(&n)
	return n, s.db.Fault("count what runs did", err)
}

// querier is a pool of connections, or one transaction: everything that is read in one is of the same moment.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func runOf(ctx context.Context, from querier, id string) (domain.Run, error) {
	r, err := scanRun(from.QueryRowContext(ctx, `SELECT `+runColumns+` FROM runs r WHERE r.id = ? AND r.deleted = 0`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, domain.Errorf(domain.NotFound, "This run is not in the log.")
	}
	return r, err
}

// notRefreshed finds runs whose items came to an end without having been read again since. Runs of the past are told apart without a look
// at their items.
const notRefreshed = `(r.state IN ('running', 'paused') OR r.refreshed_at <= r.finished_at) AND EXISTS (SELECT 1 FROM run_items i
	WHERE i.run_id = r.id AND i.finished_at >= r.refreshed_at AND i.finished_at > 0 AND i.evidence <> 'plan')`

// UnfinishedRuns returns every run that is running, has items in intent or changed people or groups that were not read again since, oldest
// first.
func (s *Store) UnfinishedRuns(ctx context.Context) ([]domain.Run, error) {
	runs, err := selectRuns(ctx, s.db.Read.SQL,
		`SELECT `+runColumns+` FROM runs r WHERE r.deleted = 0 AND (r.state = 'running' OR r.intent > 0 OR `+notRefreshed+`) ORDER BY r.created_at, r.id`)
	return runs, s.db.Fault("look for unfinished runs", err)
}

func selectRuns(ctx context.Context, from querier, query string, args ...any) ([]domain.Run, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	defer func() { _ = rows.Close() }()
	runs := []domain.Run{}
	for rows.Next() {
		r, err := scanRun(rows)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, sqlite.End(rows)
}

// SetRunState moves an active run to another state; Conflict when the run is not active.
func (s *Store) SetRunState(ctx context.Context, runID string, state domain.RunState, reason string, finished time.Time) error {
	return s.db.Update(ctx, "record the run's state", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE runs SET state = ?, pause_reason = ?, finished_at = ? WHERE id = ? AND state IN ('running', 'paused')`,
			string(state), strings.ToValidUTF8(reason, "\uFFFD"), sqlite.ToMillis(finished), runID)
		if err != nil {
			return fmt.Errorf("update: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return fmt.Errorf("update: %w", err)
		}
		if n == 0 {
			return domain.Errorf(domain.Conflict, "The run is over.")
		}
		return nil
	})
}
