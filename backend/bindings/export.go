package bindings

import (
	"context"
	"path/filepath"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/export"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/report"
)

// ExportFormats lists the kinds of files into which a list can be written.
func (x *People) ExportFormats() ([]ExportFormat, error) {
	return call(x.core, "People.ExportFormats", func(context.Context, *Services) ([]ExportFormat, error) {
		views := []ExportFormat{}
		for _, name := range report.Formats.Names() {
			if f, _ := report.Formats.Get(name); f.Table != nil {
				views = append(views, ExportFormat{Name: f.Name, Title: f.Title, Columns: len(export.Columns())})
			}
		}
		return views, nil
	})
}

// Export writes a list of people to a file that the operator chooses. It answers when the file is there; meanwhile
// "export" events tell how far it is. A cancelled dialog gives an empty path, CancelExport an error with code
// "cancelled".
func (x *People) Export(req ExportRequest) (Exported, error) {
	return call(x.given(req), "People.Export", func(ctx context.Context, s *Services) (Exported, error) {
		return x.writeList(ctx, s, req.SourceID, "people", req.Format, func(to report.Place, f report.Format, source string) (int, error) {
			return s.Export.Run(ctx, export.Request{
				ID: req.ID, SnapshotID: req.Snapshot, Source: source, Columns: req.Columns, Format: f, To: to,
			})
		})
	})
}

// CancelExport stops an export; one that is not running is no error.
func (x *People) CancelExport(id string) error {
	return do(x.given(id), "People.CancelExport", func(_ context.Context, s *Services) error {
		s.Export.Cancel(id)
		return nil
	})
}

// Export writes all groups that a query finds to a file that the operator chooses; a cancelled dialog gives an empty
// path.
func (x *Groups) Export(q GroupQuery, format string) (Exported, error) {
	return call(x.given(q, format), "Groups.Export", func(ctx context.Context, s *Services) (Exported, error) {
		return x.writeList(ctx, s, q.SourceID, "groups", format, func(to report.Place, f report.Format, source string) (int, error) {
			return export.WriteGroups(ctx, to, f, source, s.Directory, directory.GroupQuery(q))
		})
	})
}

// writeList asks where a list of a source is to be written, and lets write do it.
func (d *core) writeList(
	ctx context.Context, s *Services, sourceID, what, format string, write func(to report.Place, f report.Format, source string) (int, error),
) (Exported, error) {
	f, ok := report.Formats.Get(format)
	if !ok || f.Table == nil {
		return Exported{}, domain.Errorf(domain.Invalid, "There is no format %s for lists.", domain.Quote(format))
	}
	src, err := s.Connections.Get(ctx, sourceID)
	if err != nil {
		return Exported{}, err
	}
	name := export.FileName(what, src.Name, time.Now().Format(time.DateOnly), f.Extension)
	return d.save("Export "+what, name, func(to report.Place) (int, error) { return write(to, f, src.Name) })
}

// save asks where a file is to be written, and lets write do it; a cancelled dialog gives an empty path. It is the one
// way in which the window gets a file written.
func (d *core) save(title, name string, write func(to report.Place) (rows int, err error)) (Exported, error) {
	path, err := d.window.SaveFile(title, name, "*"+filepath.Ext(name))
	if err != nil || path == "" {
		return Exported{}, err
	}
	backend, _ := d.get()
	rows, err := write(report.At(path, backend.OwnFile))
	return Exported{Path: path, Rows: rows}, err
}
