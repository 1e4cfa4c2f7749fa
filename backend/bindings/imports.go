package bindings

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/csvfile"
	"seatkeeper/backend/people/imports"
	"seatkeeper/backend/report"
)

// Imports is Atlassian's own exports as data of a source.
type Imports struct{ *core }

// Choose asks for a file and reads it; nothing is kept yet. A cancelled dialog gives a preview without an id.
func (x *Imports) Choose(sourceID string) (ImportPreview, error) {
	return call(x.given(sourceID), "Imports.Choose", func(ctx context.Context, s *Services) (ImportPreview, error) {
		path, err := x.window.OpenFile("Import an Atlassian export", "*.csv")
		if err != nil || path == "" {
			return importPreview(imports.Preview{}), err
		}
		p, err := s.Imports.Read(ctx, sourceID, path, time.Time{})
		return importPreview(p), err
	})
}

// Date says of which day the file that was read is, as YYYY-MM-DD, and reads it again.
func (x *Imports) Date(previewID, day string) (ImportPreview, error) {
	return call(x.given(previewID, day), "Imports.Date", func(ctx context.Context, s *Services) (ImportPreview, error) {
		asOf, err := time.Parse(time.DateOnly, day)
		if err != nil || asOf.After(time.Now().AddDate(0, 0, 1)) {
			return importPreview(imports.Preview{}), &domain.Error{Code: domain.Invalid, Field: "asOf", Message: "This is not a day on which the file can have been made.", Hint: "Write it as YYYY-MM-DD."}
		}
		p, err := s.Imports.Again(ctx, previewID, asOf)
		return importPreview(p), err
	})
}

// Keep takes the file that was read into the local copy.
func (x *Imports) Keep(previewID string) (ImportView, error) {
	return call(x.given(previewID), "Imports.Keep", func(ctx context.Context, s *Services) (ImportView, error) {
		i, err := s.Imports.Keep(ctx, previewID)
		return importView(i), err
	})
}

// Forget drops the file that was read.
func (x *Imports) Forget(previewID string) error {
	return do(x.given(previewID), "Imports.Forget", func(_ context.Context, s *Services) error {
		s.Imports.Forget(previewID)
		return nil
	})
}

// SaveUnmatched writes the rows that match nobody to a CSV file that the operator chooses.
func (x *Imports) SaveUnmatched(previewID string) (Exported, error) {
	return call(x.given(previewID), "Imports.SaveUnmatched", func(ctx context.Context, s *Services) (Exported, error) {
		columns := []report.Column{{Name: "line", Title: "Line"}, {Name: "accountId", Title: "Account ID"}, {Name: "email", Title: "E-mail"}, {Name: "name", Title: "Name"}, {Name: "reason", Title: "Reason"}}
		return saveUnmatched(ctx, x.core, "Export rows without a match", columns, func(row func([]report.Cell) error) error {
			return s.Imports.EachUnmatched(previewID, func(u imports.Unmatched) error {
				return row([]report.Cell{report.NumberOf(u.Line), report.TextOf(u.AccountID), report.TextOf(u.Email), report.TextOf(u.Name), report.TextOf(u.Reason)})
			})
		})
	})
}

// saveUnmatched writes rows of a file that match nobody to a CSV file that the operator chooses; a cancelled dialog
// gives an empty path.
func saveUnmatched(ctx context.Context, d *core, title string, columns []report.Column, each func(row func([]report.Cell) error) error) (Exported, error) {
	f, _ := report.Formats.Get("csv")
	return d.save(title, "unmatched-"+time.Now().Format(time.DateOnly)+".csv", func(to report.Place) (int, error) {
		return report.WriteTable(ctx, to, f, report.Table{Title: "Rows", Columns: columns}, each)
	})
}

// List lists the files of a source, oldest first.
func (x *Imports) List(sourceID string) ([]ImportView, error) {
	return call(x.given(sourceID), "Imports.List", func(ctx context.Context, s *Services) ([]ImportView, error) {
		all, err := s.Imports.List(ctx, sourceID)
		return list(all, importView), err
	})
}

// Remove takes a file out of the local copy again.
func (x *Imports) Remove(sourceID, kind string) error {
	return do(x.given(sourceID, kind), "Imports.Remove", func(ctx context.Context, s *Services) error {
		return s.Imports.Remove(ctx, sourceID, domain.ImportKind(kind))
	})
}

func importView(i domain.Import) ImportView {
	return ImportView{
		Kind: string(i.Kind), Title: i.Kind.Title(), FileName: i.FileName, AsOf: date(i.AsOf), ImportedAt: stamp(i.ImportedAt), Rows: i.Rows,
		Matched: i.Matched, Activity: i.Activity,
	}
}

func importPreview(p imports.Preview) ImportPreview {
	v := ImportPreview{
		ID: p.ID, FileName: p.FileName, Kind: string(p.Kind), Title: p.Kind.Title(), AsOf: date(p.AsOf), Rows: p.Rows, Matched: p.Matched,
		Twice: p.Twice, Activity: p.Activity, Unknown: list(p.Unknown, same), Misses: p.Misses, BadCount: p.BadCount, Notes: list(p.Notes, domain.Visible),
		Apps:      list(p.Apps, func(a imports.AppColumn) ImportApp { return ImportApp{Name: a.Name, Site: a.Site, Means: a.Means} }),
		Unmatched: list(p.Unmatched, func(u imports.Unmatched) MissedRow { return MissedRow(u) }),
		Bad:       list(p.Bad, badRow),
	}
	if p.Replaces != nil {
		before := importView(*p.Replaces)
		v.Replaces = &before
	}
	return v
}

func badRow(b csvfile.Bad) BadRow {
	return BadRow{Line: b.Line, Reason: domain.Visible(b.Reason), Whole: b.Row}
}
