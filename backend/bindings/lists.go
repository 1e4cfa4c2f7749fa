package bindings

import (
	"context"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/csvfile"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/lists"
	"seatkeeper/backend/report"
)

// Lists is named lists of people.
type Lists struct{ *core }

// maxListed is how many entries of a list are named to the page.
const maxListed = 1000

// Choose asks for a CSV file and reads the list in it; nothing is kept yet. A cancelled dialog gives a draft without an
// id.
func (x *Lists) Choose(sourceID string) (ListDraft, error) {
	return call(x.given(sourceID), "Lists.Choose", func(ctx context.Context, s *Services) (ListDraft, error) {
		path, err := x.window.OpenFile("List of people", "*.csv;*.txt")
		if err != nil || path == "" {
			return listDraft(lists.Draft{}), err
		}
		d, err := s.Lists.ReadFile(ctx, sourceID, path)
		return listDraft(d), err
	})
}

// Paste reads a list from a text; nothing is kept yet.
func (x *Lists) Paste(sourceID, text string) (ListDraft, error) {
	return call(x.given(sourceID), "Lists.Paste", func(ctx context.Context, s *Services) (ListDraft, error) {
		d, err := s.Lists.ReadText(ctx, sourceID, text)
		return listDraft(d), err
	})
}

// Column reads the list that was read once more, from the column of that number; -1 takes everybody who stands anywhere
// in it.
func (x *Lists) Column(draftID string, column int) (ListDraft, error) {
	return call(x.given(draftID), "Lists.Column", func(ctx context.Context, s *Services) (ListDraft, error) {
		d, err := s.Lists.Column(ctx, draftID, csvfile.Choice(column))
		return listDraft(d), err
	})
}

// SaveMisses writes what of the list that was read takes nobody to a CSV file that the operator chooses; a cancelled
// dialog gives an empty path.
func (x *Lists) SaveMisses(draftID string) (Exported, error) {
	return call(x.given(draftID), "Lists.SaveMisses", func(ctx context.Context, s *Services) (Exported, error) {
		columns := []report.Column{{Name: "entry", Title: "Entry"}, {Name: "line", Title: "Line"}, {Name: "reason", Title: "Reason"}}
		return saveUnmatched(ctx, x.core, "Export what takes nobody", columns, func(row func([]report.Cell) error) error {
			return s.Lists.EachMiss(draftID, func(m lists.Miss) error {
				line := report.TextOf("")
				if m.Line > 0 {
					line = report.NumberOf(m.Line)
				}
				return row([]report.Cell{report.TextOf(m.Entry), line, report.TextOf(m.Reason)})
			})
		})
	})
}

// Save keeps the list that was read under a name; replace says whether a list of this name gives way.
func (x *Lists) Save(sourceID, draftID, name string, replace bool) (PeopleList, error) {
	return call(x.given(sourceID, draftID, name), "Lists.Save", func(ctx context.Context, s *Services) (PeopleList, error) {
		l, err := s.Lists.Save(ctx, draftID, name, replace)
		if err != nil {
			return PeopleList{}, err
		}
		match, err := s.Directory.MatchList(ctx, sourceID, l.Values)
		return peopleList(lists.Entry{PersonList: l, Match: match}), err
	})
}

// List gives all lists by name, as they look in a source.
func (x *Lists) List(sourceID string) ([]PeopleList, error) {
	return call(x.given(sourceID), "Lists.List", func(ctx context.Context, s *Services) ([]PeopleList, error) {
		all, err := s.Lists.List(ctx, sourceID)
		return list(all, peopleList), err
	})
}

// Delete deletes a list.
func (x *Lists) Delete(id string) error {
	return do(x.given(id), "Lists.Delete", func(ctx context.Context, s *Services) error { return s.Lists.Delete(ctx, id) })
}

func listDraft(d lists.Draft) ListDraft {
	return ListDraft{
		ID: d.ID, Name: d.Name, Rows: d.Rows, Column: domain.Visible(d.Column), Choice: int(d.Choice), Entries: len(d.Values), Twice: d.Twice,
		Columns: list(d.Columns, func(c csvfile.ListColumn) ListColumn {
			return ListColumn{Number: c.Number, Title: domain.Visible(c.Title), People: c.People, Sample: list(c.Sample, domain.Visible)}
		}),
		Bad: list(d.Bad[:min(len(d.Bad), maxListed)], badRow), BadCount: len(d.Bad), Match: listMatch(d.Match),
	}
}

func listMatch(m directory.ListMatch) ListMatch {
	return ListMatch{
		Matched: m.Matched, People: m.People.Count(), Unmatched: list(m.Unmatched[:min(len(m.Unmatched), maxListed)], same), UnmatchedCount: len(m.Unmatched),
		Ambiguous: list(m.Ambiguous[:min(len(m.Ambiguous), maxListed)], same), AmbiguousCount: len(m.Ambiguous),
	}
}

func peopleList(e lists.Entry) PeopleList {
	return PeopleList{
		ID: e.ID, Name: e.Name, Entries: len(e.Values), UpdatedAt: stamp(e.UpdatedAt), Filter: "list = " + filter.Quote(e.Name), Match: listMatch(e.Match),
	}
}
