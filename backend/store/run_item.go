package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// maxReceipt bounds what is kept of one answer, in bytes.
const maxReceipt = 16 << 10

const itemColumns = `c.body, i.state, i.reason, i.evidence, i.attempts, i.intent_at, i.finished_at, i.receipt`

// itemsFrom joins an item with its change. The plan is looked up by the run, so that both sides are ranges of a primary key.
const itemsFrom = ` FROM runs r JOIN run_items i ON i.run_id = r.id JOIN plan_changes c ON c.plan_id = r.plan_id AND c.seq = i.seq`

// WriteItems records outcomes and intents in one transaction that is on disk when it returns, and returns the run's counts after it.
// It refuses to change an item that has its outcome; see the triggers in package migrations. No items is a test of the disk.
func (s *Store) WriteItems(ctx context.Context, runID string, items []domain.Item) (map[domain.ItemState]int, error) {
	doc, err := itemsJSON(items)
	if err != nil {
		return nil, err
	}
	n := make([]int, len(counted))
	err = s.runs.update(ctx, "record the items", func(tx *sql.Tx) error {
		// The head is written even when no item is, so that a commit proves that the disk takes writes.
		if _, err := tx.ExecContext(ctx, `UPDATE runs SET deleted = deleted WHERE id = ?`, runID); err != nil {
			return fmt.Errorf("touch the run: %w", err)
		}
		// The written items lead and the run's are looked up by key: the other way round each of a run's items would read the document.
		res, err := tx.ExecContext(ctx, `WITH w AS MATERIALIZED (SELECT value->>7 AS seq, value FROM json_each(?))
			UPDATE run_items SET state = w.value->>0, reason = w.value->>1, evidence = w.value->>2, attempts = w.value->>3,
				intent_at = w.value->>4, finished_at = w.value->>5, receipt = w.value->>6
			FROM w WHERE run_items.run_id = ? AND run_items.seq = w.seq`, doc, runID)
		if err != nil {
			return fmt.Errorf("update the items: %w", err)
		}
		if hit, err := res.RowsAffected(); err != nil || hit != int64(len(items)) {
			return domain.Errorf(domain.Internal, "%d of %d items are not in the run.", int64(len(items))-hit, len(items))
		}
		dest := make([]any, len(n))
		for i := range n {
			dest[i] = &n[i]
		}
		return tx.QueryRowContext(ctx, `SELECT planned, intent, done, already, skipped, refused, unknown FROM runs WHERE id = ?`, runID).Scan(dest...)
	})
	return countsOf(n), err
}

// itemsJSON writes the changeable part of items as an array of arrays, in the order that WriteItems reads. Two states of one item in
// one write would leave it to SQLite which one counts, so that is refused.
func itemsJSON(items []domain.Item) (string, error) {
	rows := make([][]any, 0, len(items))
	seen := make(map[int]bool, len(items))
	for _, it := range items {
		if seen[it.Change.Seq] {
			return "", domain.Errorf(domain.Internal, "Item %d stands twice in one write.", it.Change.Seq)
		}
		seen[it.Change.Seq] = true
		receipt, err := receiptJSON(it.Receipt)
		if err != nil {
			return "", err
		}
		rows = append(rows, []any{
			string(it.State), plain(it.Reason), string(it.Evidence), it.Attempts, toMillis(it.IntentAt), toMillis(it.FinishedAt), receipt, it.Change.Seq,
		})
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return "", fmt.Errorf("write the items as JSON: %w", err)
	}
	return string(doc), nil
}

func receiptJSON(r *domain.Receipt) (string, error) {
	if r == nil {
		return "", nil
	}
	short := *r
	for _, s := range []*string{&short.URL, &short.Body, &short.Answer} {
		if len(*s) > maxReceipt {
			*s = (*s)[:maxReceipt] + "…"
		}
		*s = plain(*s)
	}
	short.SentAt = short.SentAt.UTC()
	doc, err := json.Marshal(short)
	if err != nil {
		return "", fmt.Errorf("write the receipt as JSON: %w", err)
	}
	return string(doc), nil
}

// plain makes text that passes through JSON and SQLite unchanged.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func scanItem(row scanner, runID string) (domain.Item, error) {
	it := domain.Item{RunID: runID}
	var change, state, evidence, receipt string
	var intent, finished int64
	if err := row.Scan(&change, &state, &it.Reason, &evidence, &it.Attempts, &intent, &finished, &receipt); err != nil {
		return it, fmt.Errorf("scan an item: %w", err)
	}
	if err := json.Unmarshal([]byte(change), &it.Change); err != nil {
		return it, fmt.Errorf("decode an item's change: %w", err)
	}
	if receipt != "" {
		it.Receipt = &domain.Receipt{}
		if err := json.Unmarshal([]byte(receipt), it.Receipt); err != nil {
			return it, fmt.Errorf("decode an item's receipt: %w", err)
		}
	}
	it.State, it.Evidence = domain.ItemState(state), domain.Evidence(evidence)
	it.IntentAt, it.FinishedAt = fromMillis(intent), fromMillis(finished)
	return it, nil
}

// eachItem runs a query over itemColumns.
func (s *Store) eachItem(ctx context.Context, runID, query string, args []any, fn func(domain.Item) error) error {
	const doing = "read the run's items"
	rows, err := s.runs.read.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return s.runs.fault(doing, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		it, err := scanItem(rows, runID)
		if err != nil {
			return s.runs.fault(doing, err)
		}
		if err := fn(it); err != nil {
			return err
		}
	}
	return s.runs.fault(doing, rows.Err())
}

func (s *Store) items(ctx context.Context, runID, query string, args ...any) ([]domain.Item, error) {
	items := []domain.Item{}
	err := s.eachItem(ctx, runID, query, args, func(it domain.Item) error {
		items = append(items, it)
		return nil
	})
	return items, err
}

// PlannedItems returns the first limit items after seq that are not started, in order.
func (s *Store) PlannedItems(ctx context.Context, runID string, after, limit int) ([]domain.Item, error) {
	return s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND i.seq > ? AND i.state = 'planned' ORDER BY i.seq LIMIT ?`, runID, after, limit)
}

// IntentItems returns all items in intent, in order.
func (s *Store) IntentItems(ctx context.Context, runID string) ([]domain.Item, error) {
	return s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND i.state = 'intent' ORDER BY i.seq`, runID)
}

// EachItem streams a run's items in their order.
func (s *Store) EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error {
	return s.eachItem(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND r.deleted = 0 ORDER BY i.seq`, []any{runID}, fn)
}

// RunItem returns one item; NotFound.
func (s *Store) RunItem(ctx context.Context, runID string, seq int) (domain.Item, error) {
	it, err := scanItem(s.runs.read.sql.QueryRowContext(ctx,
		`SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND r.deleted = 0 AND i.seq = ?`, runID, seq), runID)
	if errors.Is(err, sql.ErrNoRows) {
		return it, domain.Errorf(domain.NotFound, "This item is not in the log.")
	}
	return it, s.runs.fault("read the item", err)
}

// RunItems returns a page of a run's items in their order, and how many match in all; NotFound.
func (s *Store) RunItems(ctx context.Context, runID string, q domain.ItemQuery) ([]domain.Item, int, error) {
	run, err := s.Run(ctx, runID)
	if err != nil {
		return nil, 0, err
	}
	where, args := " WHERE r.id = ?", []any{runID}
	if q.State != "" {
		where, args = where+" AND i.state = ?", append(args, string(q.State))
	}
	if q.Search != "" {
		where, args = where+" AND instr(c.search, ?) > 0", append(args, strings.ToLower(q.Search))
	}
	total := run.Total
	switch {
	case q.Search != "":
		if err := s.runs.read.sql.QueryRowContext(ctx, `SELECT count(*)`+itemsFrom+where, args...).Scan(&total); err != nil {
			return nil, 0, s.runs.fault("count the run's items", err)
		}
	case q.State != "":
		total = run.Counts[q.State]
	default: // seq has no gaps, so the page is found by its number
		where, args = where+" AND i.seq > ?", append(args, q.From)
		q.From = 0
	}
	items, err := s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+where+` ORDER BY i.seq LIMIT ? OFFSET ?`,
		append(args, pageSize(q.Count), max(q.From, 0))...)
	return items, total, err
}

// Unrefreshed returns the items that came to an end while the run went on, since the time that MarkRefreshed noted, oldest first.
func (s *Store) Unrefreshed(ctx context.Context, runID string) ([]domain.Item, error) {
	return s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND i.finished_at >= r.refreshed_at AND i.finished_at > 0
		AND i.evidence <> 'plan' ORDER BY i.finished_at, i.seq`, runID)
}

// MarkRefreshed notes that what ended before at was read back and stands in the local copy.
func (s *Store) MarkRefreshed(ctx context.Context, runID string, at time.Time) error {
	_, err := s.runs.write.sql.ExecContext(ctx, `UPDATE runs SET refreshed_at = ? WHERE id = ?`, toMillis(at), runID)
	return s.runs.fault("mark the run as refreshed", err)
}
