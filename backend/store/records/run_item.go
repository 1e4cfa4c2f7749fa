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

// maxReceipt bounds what is kept of one answer, in bytes.
const maxReceipt = 16 << 10

const itemColumns = `c.body, i.state, i.reason, i.evidence, i.attempts, i.intent_at, i.finished_at, i.receipt`

// itemsFrom joins an item with its change. The plan is looked up by the run, so that both sides are ranges of a primary key.
const itemsFrom = ` FROM runs r JOIN run_items i ON i.run_id = r.id JOIN plan_changes c ON c.plan_id = r.plan_id AND c.seq = i.seq`

// The statements of WriteItems. One update for each item is right here, other than for a plan's changes: nearly always there are two, and
// both are found by their key.
const (
	updateItem = `UPDATE run_items SET state = ?, reason = ?, evidence = ?, attempts = ?, intent_at = ?, finished_at = ?, receipt = ?
		WHERE run_id = ? AND seq = ?`
	countItems = `SELECT planned, intent, done, already, skipped, refused, unknown FROM runs WHERE id = ?`
)

// WriteItems records outcomes and intents in one transaction that is on disk when it returns, and returns the run's counts after it.
// It refuses to change an item that has its outcome; see the triggers in package migrations. No items is a test of the disk.
func (s *Store) WriteItems(ctx context.Context, runID string, items []domain.Item) (map[domain.ItemState]int, error) {
	seen := make(map[int]bool, len(items))
	for _, it := range items {
		if seen[it.Change.Seq] {
			return nil, domain.Errorf(domain.Internal, "Item %d stands twice in one write.", it.Change.Seq)
		}
		seen[it.Change.Seq] = true
	}
	n := make([]int, len(counted))
	err := s.db.Update(ctx, "record the items", func(tx *sql.Tx) error {
		if len(items) == 0 {
			if _, err := sqlite.Exec(ctx, tx, `UPDATE runs SET deleted = deleted WHERE id = ?`, runID); err != nil {
				return err
			}
		}
		for _, it := range items {
			if err := s.writeItem(ctx, tx, runID, it); err != nil {
				return err
			}
		}
		dest := make([]any, len(n))
		for i := range n {
			dest[i] = &n[i]
		}
		if err := s.db.Prepared(ctx, tx, countItems).QueryRowContext(ctx, runID).Scan(dest...); err != nil { //nolint:sqlclosecheck // with the transaction
			return fmt.Errorf("count the run's items: %w", err)
		}
		return nil
	})
	return countsOf(n), err
}

// writeItem writes the changeable part of one item.
func (s *Store) writeItem(ctx context.Context, tx *sql.Tx, runID string, it domain.Item) error {
	receipt, err := receiptJSON(it.Receipt)
	if err != nil {
		return err
	}
	done, err := s.db.Prepared(ctx, tx, updateItem).ExecContext(ctx, //nolint:sqlclosecheck // with the transaction
		string(it.State), plain(it.Reason), string(it.Evidence), it.Attempts, sqlite.ToMillis(it.IntentAt), sqlite.ToMillis(it.FinishedAt), receipt, runID, it.Change.Seq)
	if err != nil {
		return fmt.Errorf("record item %d: %w", it.Change.Seq, err)
	}
	if hit, err := done.RowsAffected(); err != nil || hit != 1 {
		return domain.Errorf(domain.Internal, "Item %d is not in the run.", it.Change.Seq)
	}
	return nil
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
	it.IntentAt, it.FinishedAt = sqlite.FromMillis(intent), sqlite.FromMillis(finished)
	return it, nil
}

const readingItems = "read the run's items"

// eachItem runs a query over itemColumns.
func eachItem(ctx context.Context, from querier, runID, query string, args []any, fn func(domain.Item) error) error {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		it, err := scanItem(rows, runID)
		if err != nil {
			return err
		}
		if err := fn(it); err != nil {
			return err
		}
	}
	return sqlite.End(rows)
}

func itemsOf(ctx context.Context, from querier, runID, query string, args ...any) ([]domain.Item, error) {
	items := []domain.Item{}
	err := eachItem(ctx, from, runID, query, args, func(it domain.Item) error {
		items = append(items, it)
		return nil
	})
	return items, err
}

func (s *Store) items(ctx context.Context, runID, query string, args ...any) ([]domain.Item, error) {
	items, err := itemsOf(ctx, s.db.Read.SQL, runID, query, args...)
	return items, s.db.Fault(readingItems, err)
}

// PlannedItems returns the first limit items after seq that are not started, in order.
func (s *Store) PlannedItems(ctx context.Context, runID string, after, limit int) ([]domain.Item, error) {
	return s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND i.seq > ? AND i.state = 'planned' ORDER BY i.seq LIMIT ?`, runID, after, limit)
}

// IntentItems returns all items in intent, in order.
func (s *Store) IntentItems(ctx context.Context, runID string) ([]domain.Item, error) {
	return s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND i.state = 'intent' ORDER BY i.seq`, runID)
}

// EachItem streams a run's items in their order; NotFound, where no items would look like a run that had nothing to do.
func (s *Store) EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error {
	var refused error // of fn: not about this file
	err := s.db.View(ctx, readingItems, func(tx *sql.Tx) error {
		if _, err := runOf(ctx, tx, runID); err != nil {
			return err
		}
		return eachItem(ctx, tx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? ORDER BY i.seq`, []any{runID}, func(it domain.Item) error {
			refused = fn(it)
			return refused
		})
	})
	if refused != nil {
		return refused
	}
	return err
}

// RunItem returns one item; NotFound.
func (s *Store) RunItem(ctx context.Context, runID string, seq int) (domain.Item, error) {
	it, err := scanItem(s.db.Read.SQL.QueryRowContext(ctx,
		`SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND r.deleted = 0 AND i.seq = ?`, runID, seq), runID)
	if errors.Is(err, sql.ErrNoRows) {
		return it, domain.Errorf(domain.NotFound, "This item is not in the log.")
	}
	return it, s.db.Fault("read the item", err)
}

// RunItems returns a page of a run's items in their order, and how many match in all, both of the same moment; NotFound.
func (s *Store) RunItems(ctx context.Context, runID string, q domain.ItemQuery) (items []domain.Item, total int, err error) {
	where, args := " WHERE r.id = ?", []any{runID}
	if q.State != "" {
		where, args = where+" AND i.state = ?", append(args, string(q.State))
	}
	if q.Search != "" {
		where, args = where+" AND instr(c.search, ?) > 0", append(args, strings.ToLower(q.Search))
	}
	err = s.db.View(ctx, readingItems, func(tx *sql.Tx) error {
		run, err := runOf(ctx, tx, runID)
		if err != nil {
			return err
		}
		total = run.Total
		switch {
		case q.Search != "":
			if err := sqlite.One(ctx, tx, `SELECT count(*)`+itemsFrom+where, args, &total); err != nil {
				return err
			}
		case q.State != "":
			total = run.Counts[q.State]
		default: // seq has no gaps, so the page is found by its number
			where, args = where+" AND i.seq > ?", append(args, q.From)
			q.From = 0
		}
		items, err = itemsOf(ctx, tx, runID, `SELECT `+itemColumns+itemsFrom+where+` ORDER BY i.seq LIMIT ? OFFSET ?`,
			append(args, pageSize(q.Count), max(q.From, 0))...)
		return err
	})
	return items, total, err
}

// Unrefreshed returns the items that came to an end while the run went on, since the time that MarkRefreshed noted, oldest first.
func (s *Store) Unrefreshed(ctx context.Context, runID string) ([]domain.Item, error) {
	return s.items(ctx, runID, `SELECT `+itemColumns+itemsFrom+` WHERE r.id = ? AND i.finished_at >= r.refreshed_at AND i.finished_at > 0
		AND i.evidence <> 'plan' ORDER BY i.finished_at, i.seq`, runID)
}

// UnrefreshedOf returns what Unrefreshed does for all runs of a source, and the items whose call may be under way.
func (s *Store) UnrefreshedOf(ctx context.Context, sourceID string) ([]domain.Item, error) {
	return s.items(ctx, "", `SELECT `+itemColumns+itemsFrom+` WHERE r.source_id = ? AND (r.intent > 0 OR `+notRefreshed+`)
		AND (i.state = 'intent' OR i.finished_at >= r.refreshed_at AND i.finished_at > 0 AND i.evidence <> 'plan')
		ORDER BY r.created_at, max(i.finished_at, i.intent_at), i.seq`, sourceID)
}

// MarkRefreshed notes that what ended before at was read back and stands in the local copy. The last calls of a run that was stopped end after
// the run, and a mark beyond its end says that nothing is left: see notRefreshed.
func (s *Store) MarkRefreshed(ctx context.Context, runID string, at time.Time) error {
	_, err := s.db.Write.SQL.ExecContext(ctx, `UPDATE runs SET refreshed_at = iif(finished_at > 0 AND (intent > 0
			OR EXISTS (SELECT 1 FROM run_items i WHERE i.run_id = runs.id AND i.finished_at >= ?1 AND i.evidence <> 'plan')), min(?1, finished_at), ?1)
		WHERE id = ?2`, sqlite.ToMillis(at), runID)
	return s.db.Fault("mark the run as refreshed", err)
}
