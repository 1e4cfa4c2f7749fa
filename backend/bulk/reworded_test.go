package bulk_test

import (
	"context"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// reworded is a store in which every sentence is another one, as if a later version had written all of them anew.
type reworded struct{ bulk.Store }

func (s reworded) EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error {
	return s.Store.EachItem(ctx, runID, func(it domain.Item) error {
		it.Reason, it.Change.Reason = "in other words", "in other words"
		for i := range it.Change.Diffs {
			it.Change.Diffs[i] = domain.Diff{Field: "something", Before: "once", After: "now"}
		}
		return fn(it)
	})
}

// Sentences may be worded anew without harm to what was done before: an undo goes by codes.
func TestRewordingBreaksNoUndo(t *testing.T) {
	for _, w := range works {
		t.Run(w.action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t, sim.Config{People: 120, Seed: 4})
				defer o.close()
				o.sync()
				users, params := w.choose(o)
				run := o.finish(o.run(w.action, users, params).ID)
				if run.Counts[domain.ItemDone] == 0 {
					t.Fatalf("nothing was done: %v", run.Counts)
				}
				o.close()
				o.wrap = func(s bulk.Store) bulk.Store { return reworded{s} }
				o.open()
				undo, err := o.engine.PlanUndo(context.Background(), run.ID)
				if err != nil {
					t.Fatal(err)
				}
				if back := o.finish(o.confirm(undo).ID); back.Counts[domain.ItemDone] != run.Counts[domain.ItemDone] {
					t.Errorf("%d were done, %v taken back", run.Counts[domain.ItemDone], back.Counts)
				}
			})
		})
	}
}
