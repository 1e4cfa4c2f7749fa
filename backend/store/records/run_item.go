package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

// maxReceipt bounds what is kept of one answer, in bytes.
const maxReceipt = 16 << 10

// itemModel is not read by GORM: a page of items is a hot path.
type itemModel struct {
	RunID      string `gorm:"primaryKey"`
	Seq        int    `gorm:"primaryKey"`
	AccountID  string
	State      domain.ItemState
	Reason     string
	Evidence   domain.Evidence
	Attempts   int
	IntentAt   moment
	FinishedAt moment
	Receipt    document[*domain.Receipt]
}

func (itemModel) TableName() string { return "run_items" }

const itemColumns = `c.body, i.run_id, i.state, i.reason, i.evidence, i.attempts, i.intent_at, i.finished_at, i.receipt`

// itemsFrom joins an item with its change. The plan is looked up by the run, so that both sides are ranges of a primary
// key.
const itemsFrom = ` FROM runs JOIN run_items i ON i.run_id = runs.id JOIN plan_changes c ON c.plan_id = runs.plan_id AND c.seq = i.seq WHERE NOT runs.deleted`

// The statements of WriteItems. One update for each item is right here: nearly always there are two, and both are found
// by their key.
const (
	updateItem = `UPDATE run_items SET state = ?, reason = ?, evidence = ?, attempts = ?, intent_at = ?, finished_at = ?, receipt = ?
		WHERE run_id = ? AND seq = ?`
	countItems = `SELECT planned, intent, done, already, skipped, refused, unknown FROM runs WHERE id = ?`
)

// WriteItems records outcomes and intents in one transaction that is on disk when it returns, and returns the run's
// counts after it. It refuses to change an item that has its outcome; see the triggers in package migrations. No items
// is a test of the disk.
func (s *Store) WriteItems(ctx context.Context, runID string, items []domain.Item) (map[domain.ItemState]int, error) {
	seen := make(map[int]bool, len(items))
	for _, it := range items {
		if seen[it.Change.Seq] {
			return nil, domain.Errorf(domain.Internal, "Item %d stands twice in one write.", it.Change.Seq)
		}
		seen[it.Change.Seq] = true
	}
	var n itemCounts
	err := s.db.Update(ctx, "record the items", func(tx *sql.Tx) error {
		if len(items) == 0 {
			if err := within(ctx, tx, s.db.Write.ORM).Exec("UPDATE runs SET deleted = deleted WHERE id = ?", runID).Error; err != nil {
				return err
			}
		}
		for _, it := range items {
			if err := s.writeItem(ctx, tx, runID, it); err != nil {
				return err
			}
		}
		counts := s.db.Prepared(ctx, tx, countItems).QueryRowContext(ctx, runID) //nolint:sqlclosecheck // with the transaction
		return scan(counts, &n.Planned, &n.Intent, &n.Done, &n.Already, &n.Skipped, &n.Refused, &n.Unknown)
	})
	return n.domain(), err
}

// writeItem writes the changeable part of one item.
func (s *Store) writeItem(ctx context.Context, tx *sql.Tx, runID string, it domain.Item) error {
	done, err := s.db.Prepared(ctx, tx, updateItem).ExecContext(ctx, //nolint:sqlclosecheck // with the transaction
		it.State, plain(it.Reason), it.Evidence, it.Attempts, momentOf(it.IntentAt), momentOf(it.FinishedAt), document[*domain.Receipt]{kept(it.Receipt)},
		runID, it.Change.Seq)
	if err != nil {
		return fmt.Errorf("record item %d: %w", it.Change.Seq, err)
	}
	if hit, err := done.RowsAffected(); err != nil || hit != 1 {
		return domain.Errorf(domain.Internal, "Item %d is not in the run.", it.Change.Seq)
	}
	return nil
}

// kept is what is kept of a receipt.
func kept(r *domain.Receipt) *domain.Receipt {
	if r == nil {
		return nil
	}
	short := *r
	for _, s := range []*string{&short.URL, &short.Body, &short.Answer} {
		if len(*s) > maxReceipt {
			*s = (*s)[:maxReceipt] + "…"
		}
		*s = plain(*s)
	}
	short.SentAt = short.SentAt.UTC()
	return &short
}

// scanItem reads itemColumns, and other columns that stand before them.
func scanItem(row scanner, before ...any) (domain.Item, error) {
	var it domain.Item
	var change, receipt sql.RawBytes
	var intent, finished moment
	err := scan(row, append(before, &change, &it.RunID, &it.State, &it.Reason, &it.Evidence, &it.Attempts, &intent, &finished, &receipt)...)
	if err != nil {
		return it, err
	}
	if err := json.Unmarshal(change, &it.Change); err != nil {
		return it, fmt.Errorf("decode an item's change: %w", err)
	}
	if len(receipt) > 0 {
		if err := json.Unmarshal(receipt, &it.Receipt); err != nil {
			return it, fmt.Errorf("decode an item's receipt: %w", err)
		}
	}
	it.IntentAt, it.FinishedAt = intent.time(), finished.time()
	return it, nil
}

const readingItems = "read the run's items"

// eachItem reads the items that a condition finds, one by one.
func eachItem(tx *gorm.DB, where string, args []any, fn func(domain.Item) error) error {
	return eachRow(tx, `SELECT `+itemColumns+itemsFrom+where, args, func(row scanner) error {
		it, err := scanItem(row)
		if err != nil {
			return err
		}
		return fn(it)
	})
}

func itemsOf(tx *gorm.DB, where string, args ...any) ([]domain.Item, error) {
	items := []domain.Item{}
	err := eachItem(tx, where, args, func(it domain.Item) error {
		items = append(items, it)
		return nil
	})
	return items, err
}

func (s *Store) items(ctx context.Context, where string, args ...any) (items []domain.Item, err error) {
	err = s.view(ctx, readingItems, func(tx *gorm.DB) (err error) {
		items, err = itemsOf(tx, where, args...)
		return err
	})
	return items, err
}

// PlannedItems returns the first limit items after seq that are not started, in order.
func (s *Store) PlannedItems(ctx context.Context, runID string, after, limit int) ([]domain.Item, error) {
	return s.items(ctx, ` AND runs.id = ? AND i.seq > ? AND i.state = 'planned' ORDER BY i.seq LIMIT ?`, runID, after, limit)
}

// IntentItems returns all items in intent, in order.
func (s *Store) IntentItems(ctx context.Context, runID string) ([]domain.Item, error) {
	return s.items(ctx, ` AND runs.id = ? AND i.state = 'intent' ORDER BY i.seq`, runID)
}

// EachItem streams a run's items in their order; NotFound, where no items would look like a run that had nothing to do.
func (s *Store) EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error {
	return s.stream(ctx, readingItems, func(tx *gorm.DB, taken func(error) error) error {
		if _, err := runOf(tx, runID); err != nil {
			return err
		}
		return eachItem(tx, ` AND runs.id = ? ORDER BY i.seq`, []any{runID}, func(it domain.Item) error { return taken(fn(it)) })
	})
}

// RunItem returns one item; NotFound.
func (s *Store) RunItem(ctx context.Context, runID string, seq int) (domain.Item, error) {
	items, err := s.items(ctx, ` AND runs.id = ? AND i.seq = ?`, runID, seq)
	if err == nil && len(items) == 0 {
		err = domain.Errorf(domain.NotFound, "This item is not in the log.")
	}
	if err != nil {
		return domain.Item{}, err
	}
	return items[0], nil
}

// RunItems returns a page of a run's items in their order, and how many match in all, both of the same moment;
// NotFound.
func (s *Store) RunItems(ctx context.Context, runID string, q domain.ItemQuery) (items []domain.Item, total int, err error) {
	where, args := " AND runs.id = ?", []any{runID}
	if q.State != "" {
		where, args = where+" AND i.state = ?", append(args, q.State)
	}
	if q.Search != "" {
		holds, words := search("c.search", q.Search)
		where, args = where+" AND "+holds, append(args, words)
	}
	err = s.view(ctx, readingItems, func(tx *gorm.DB) error {
		run, err := runOf(tx, runID)
		if err != nil {
			return err
		}
		total = run.Total
		switch {
		case q.Search != "":
			if err := tx.Raw(`SELECT count(*)`+itemsFrom+where, args...).Take(&total).Error; err != nil {
				return err
			}
		case q.State != "":
			total = run.Counts[q.State]
		default: // seq has no gaps, so the page is found by its number
			where, args = where+" AND i.seq > ?", append(args, q.From)
			q.From = 0
		}
		items, err = itemsOf(tx, where+` ORDER BY i.seq LIMIT ? OFFSET ?`, append(args, pageSize(q.Count), max(q.From, 0))...)
		return err
	})
	return items, total, err
}

// Unrefreshed returns the items that came to an end while the run went on, since the time that MarkRefreshed noted,
// oldest first.
func (s *Store) Unrefreshed(ctx context.Context, runID string) ([]domain.Item, error) {
	return s.items(ctx, ` AND runs.id = ? AND `+notRead+` ORDER BY i.finished_at, i.seq`, runID)
}

// UnrefreshedOf returns what Unrefreshed does for all runs of a source, and the items whose call may be under way.
func (s *Store) UnrefreshedOf(ctx context.Context, sourceID string) ([]domain.Item, error) {
	return s.items(ctx, ` AND runs.source_id = ? AND (runs.intent > 0 OR `+notRefreshed+`) AND (i.state = 'intent' OR `+notRead+`)
		ORDER BY runs.created_at, CASE WHEN i.finished_at > i.intent_at THEN i.finished_at ELSE i.intent_at END, i.seq`, sourceID)
}
