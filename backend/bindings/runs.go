package bindings

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
	"seatkeeper/backend/runlog"
)

// Runs is run logs.
type Runs struct{ *core }

// List lists runs, newest first.
func (x *Runs) List(q RunQuery) (RunPage, error) {
	return call(x.given(q), "Runs.List", func(ctx context.Context, s *Services) (RunPage, error) {
		if err := checkPage(q.Offset, q.Limit); err != nil {
			return RunPage{}, err
		}
		from, err := moment("from", q.From)
		if err != nil {
			return RunPage{}, err
		}
		to, err := moment("to", q.To)
		if err != nil {
			return RunPage{}, err
		}
		runs, total, err := s.Runs.List(ctx, runlog.Query{
			Actions: q.Actions, SourceIDs: q.SourceIDs, States: list(q.States, func(s string) domain.RunState { return domain.RunState(s) }),
			Outcome: q.Outcome, From: from, To: to, Search: q.Search, Offset: q.Offset, Limit: q.Limit,
		})
		return RunPage{Runs: list(runs, runView), Total: total}, err
	})
}

// Run reads one run.
func (x *Runs) Run(runID string) (RunView, error) {
	return call(x.given(runID), "Runs.Run", func(ctx context.Context, s *Services) (RunView, error) {
		run, err := s.Runs.Run(ctx, runID)
		return runView(run), err
	})
}

// Items reads a page of results.
func (x *Runs) Items(q ItemQuery) (ItemPage, error) {
	return call(x.given(q), "Runs.Items", func(ctx context.Context, s *Services) (ItemPage, error) {
		if err := checkPage(q.From, q.Count); err != nil {
			return ItemPage{}, err
		}
		items, total, err := s.Runs.Items(ctx, q.RunID, runlog.ItemQuery{
			State: domain.ItemState(q.State), Search: q.Search, From: q.From, Count: q.Count,
		})
		return ItemPage{Items: list(items, itemView), Total: total}, err
	})
}

// Item reads one result with what was asked and answered.
func (x *Runs) Item(runID string, seq int) (ItemDetails, error) {
	return call(x.given(runID), "Runs.Item", func(ctx context.Context, s *Services) (ItemDetails, error) {
		item, err := s.Runs.Item(ctx, runID, seq)
		return itemDetails(item), err
	})
}

// Export writes a run to a file that the operator chooses; format is "json" or "csv".
func (x *Runs) Export(runID, format string) (Exported, error) {
	return call(x.given(runID, format), "Runs.Export", func(ctx context.Context, s *Services) (Exported, error) {
		f, ok := report.Formats.Get(format)
		if !ok {
			return Exported{}, domain.Errorf(domain.Invalid, "There is no format %s.", domain.Quote(format))
		}
		run, err := s.Runs.Run(ctx, runID)
		if err != nil {
			return Exported{}, err
		}
		made := run.CreatedAt.Local().Format("2006-01-02-1504") //nolint:gosmopolitan // the file is named by its user's clock
		name := fmt.Sprintf("seatkeeper-run-%s.%s", made, f.Extension)
		return x.save("Export run log", name, func(to report.Place) (int, error) {
			if run, err = s.Runs.Run(ctx, runID); err != nil { // it may have gone on while the operator chose where
				return 0, err
			}
			return report.WriteRun(ctx, to, f, run, func(fn func(domain.Item) error) error { return s.Runs.EachItem(ctx, runID, fn) })
		})
	})
}

// Delete deletes runs that have ended and returns how many.
func (x *Runs) Delete(runIDs []string) (int, error) {
	return call(x.given(runIDs), "Runs.Delete", func(ctx context.Context, s *Services) (int, error) { return s.Runs.Delete(ctx, runIDs) })
}
