package bindings

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/export"
	"seatkeeper/backend/report"
)

// ExportFormats lists the kinds of files into which a list of people can be written.
func (x *People) ExportFormats() ([]ExportFormat, error) {
	return call(x.desk, "People.ExportFormats", func(context.Context, *Services) ([]ExportFormat, error) {
		views := []ExportFormat{}
		for _, name := range report.Formats.Names() {
			if f, _ := report.Formats.Get(name); f.Table != nil {
				views = append(views, ExportFormat{Name: f.Name, Title: f.Title, Columns: len(export.Columns())})
			}
		}
		return views, nil
	})
}

// Export writes a list of people to a file that the operator chooses. It answers when the file is there; meanwhile "export" events tell
// how far it is. A cancelled dialog gives an empty path, CancelExport an error with code "cancelled".
func (x *People) Export(req ExportRequest) (Exported, error) {
	return call(x.desk, "People.Export", func(ctx context.Context, s *Services) (Exported, error) {
		f, ok := report.Formats.Get(req.Format)
		if !ok {
			return Exported{}, domain.Errorf(domain.Invalid, "There is no format %q.", req.Format)
		}
		src, err := s.Book.Get(ctx, req.SourceID)
		if err != nil {
			return Exported{}, err
		}
		name := export.FileName(src.Name, time.Now().Format(time.DateOnly), f.Extension)
		path, err := x.window.SaveFile("Export people", name, "*."+f.Extension)
		if err != nil || path == "" {
			return Exported{}, err
		}
		rows, err := s.Export.Run(ctx, export.Request{
			ID: req.ID, SnapshotID: req.Snapshot, Source: src.Name, Columns: req.Columns, Format: f, Path: path,
		})
		return Exported{Path: path, Rows: rows}, err
	})
}

// CancelExport stops an export; one that is not running is no error.
func (x *People) CancelExport(id string) error {
	return do(x.desk, "People.CancelExport", func(_ context.Context, s *Services) error {
		s.Export.Cancel(id)
		return nil
	})
}
