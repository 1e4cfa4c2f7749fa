package export

import (
	"context"
	"fmt"

	"seatkeeper/backend/people/trends"
	"seatkeeper/backend/report"
)

// WriteTrend writes the days of a trend, oldest first, and returns how many there were.
func WriteTrend(ctx context.Context, to report.Place, f report.Format, source string, t trends.Trend) (int, error) {
	table := report.Table{
		Title: "Trend", Rows: len(t.Points),
		Facts:   []report.Fact{{Name: "source", Value: source}, {Name: "summary", Value: t.Summary}, {Name: "days end at midnight in", Value: t.Zone}, exportedNow()},
		Columns: []report.Column{{Name: "day", Title: "Day", Width: 12}},
	}
	for _, s := range t.Series {
		table.Columns = append(table.Columns, report.Column{Name: s.Name, Title: s.Title, Width: 12})
	}
	table.Columns = append(table.Columns, report.Column{Name: "zone", Title: "Time zone", Width: 16}, report.Column{Name: "how", Title: "How", Width: 12})
	rows, err := report.WriteTable(ctx, to, f, table, func(fn func([]report.Cell) error) error {
		for _, p := range t.Points {
			cells := []report.Cell{report.DayOf(p.Day)}
			for _, n := range p.Values {
				cells = append(cells, report.NumberOf(n))
			}
			how := "counted"
			if p.Computed {
				how = "computed"
			}
			if err := fn(append(cells, report.TextOf(p.Zone), report.TextOf(how))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("export a trend: %w", err)
	}
	return rows, nil
}
