package records

import (
	"context"
	"slices"
	"sync"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

// touchBook keeps what finished runs did, by run. A log of a million results takes seconds to read; after a run, only
// that run is read.
type touchBook struct {
	mu   sync.Mutex
	runs map[string]map[string]touchedRun // by source and run
}

// touchedRun is what one run did, as it was while its items were counted so.
type touchedRun struct {
	counts itemCounts
	people []touched
}

// touched is a domain.Touch without what is the same of all in a run.
type touched struct {
	accountID string
	at        int64 // as moment
	state     int8  // in counted
}

// Touches returns what runs of a source did about people, oldest first: of each person and run the last change. Changes
// that a run has not come to yet are not among them.
func (s *Store) Touches(ctx context.Context, sourceID string) ([]domain.Touch, error) {
	s.touches.mu.Lock()
	defer s.touches.mu.Unlock()
	all, now := []domain.Touch{}, map[string]touchedRun{}
	err := s.view(ctx, "read whom runs have touched", func(tx *gorm.DB) error {
		var runs []runModel
		if err := tx.Where("source_id = ? AND NOT deleted", sourceID).Order("created_at, id").Find(&runs).Error; err != nil {
			return err
		}
		total := 0
		for _, r := range runs {
			of, ok := s.touches.runs[sourceID][r.ID]
			if !ok || of.counts != r.Counts || r.Counts.Intent > 0 { // one in intent may change without the counts showing it
				people, err := touchedBy(tx, r.ID)
				if err != nil {
					return err
				}
				of = touchedRun{r.Counts, people}
			}
			now[r.ID] = of
			total += len(of.people)
		}
		all = slices.Grow(all, total)
		for _, r := range runs {
			for _, t := range now[r.ID].people {
				all = append(all, domain.Touch{AccountID: t.accountID, RunID: r.ID, Action: r.Action, State: counted[t.state], At: moment(t.at).time()})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.touches.runs[sourceID] = now
	return all, nil
}

// touchedQuery passes over items that are about nobody: those of groups.
const touchedQuery = `SELECT account_id, state, CASE WHEN finished_at > intent_at THEN finished_at ELSE intent_at END FROM run_items
	WHERE run_id = ? AND state <> 'planned' AND account_id <> '' ORDER BY seq`

// touchedBy reads what one run did.
func touchedBy(tx *gorm.DB, runID string) ([]touched, error) {
	var all []touched
	err := eachRow(tx, touchedQuery, []any{runID}, func(row scanner) error {
		var t touched
		var state string // types of our own take longer to scan
		err := scan(row, &t.accountID, &state, &t.at)
		t.state = int8(slices.Index(counted, domain.ItemState(state)))
		all = append(all, t)
		return err
	})
	return all, err
}
