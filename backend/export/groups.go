package export

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/report"
)

// GroupLister lists groups.
type GroupLister interface {
	GroupList(ctx context.Context, q directory.GroupQuery) (directory.GroupPage, error)
}

var groupColumns = []report.Column{
	{Name: "name", Title: "Group", Width: 36},
	{Name: "groupId", Title: "Group ID", Width: 38},
	{Name: "description", Title: "Description", Width: 40},
	{Name: "directory", Title: "Directory", Width: 20},
	{Name: "members", Title: "Members", Width: 10},
	{Name: "membersAtAtlassian", Title: "Members at Atlassian", Width: 12},
	{Name: "givesAccessTo", Title: "Gives access to", Width: 50},
	{Name: "defaultOf", Title: "Default group of", Width: 30},
	{Name: "synced", Title: "Synced", Width: 10},
	{Name: "canBeChanged", Title: "Can be changed", Width: 40},
}

func groupCells(g directory.GroupInfo) []report.Cell {
	var gives, defaults []string
	for _, given := range g.Gives {
		text := given.App
		if len(given.Roles) > 0 {
			text += ": " + strings.Join(given.Roles, ", ")
		}
		gives = append(gives, text)
		if given.Default {
			defaults = append(defaults, given.App)
		}
	}
	counted, change := report.TextOf("unknown"), report.TextOf("yes")
	if g.Counted >= 0 {
		counted = report.NumberOf(g.Counted)
	}
	if why := g.Locked(); why != "" {
		change = report.TextOf("no: " + why)
	} else if g.Synced == domain.Unknown {
		change = report.TextOf("unknown")
	}
	access := report.ListOf(gives)
	if len(gives) == 0 && !g.GrantsKnown {
		access = report.TextOf("unknown")
	}
	return []report.Cell{
		report.TextOf(g.Name), report.TextOf(g.GroupID), report.TextOf(g.Description), report.TextOf(g.Directory), report.NumberOf(g.MemberCount),
		counted, access, report.ListOf(defaults), report.TextOf(tri(g.Synced)), change,
	}
}

// WriteGroups writes the groups that a query finds, all of them and not only its page, and returns how many there were.
func WriteGroups(ctx context.Context, to report.Place, f report.Format, source string, groups GroupLister, q directory.GroupQuery) (int, error) {
	q.From, q.Count = 0, directory.MaxRows
	page, err := groups.GroupList(ctx, q)
	if err != nil {
		return 0, err
	}
	facts := []report.Fact{{Name: "source", Value: source}, {Name: "groups", Value: strconv.Itoa(page.Total) + " of " + strconv.Itoa(page.All)}}
	if q.Search != "" {
		facts = append(facts, report.Fact{Name: "search", Value: q.Search})
	}
	if q.Kind != "" {
		facts = append(facts, report.Fact{Name: "kind", Value: q.Kind})
	}
	table := report.Table{Title: "Groups", Facts: append(facts, exportedNow()), Columns: groupColumns, Rows: page.Total}
	rows, err := report.WriteTable(ctx, to, f, table, func(fn func([]report.Cell) error) error {
		for {
			for _, g := range page.Groups {
				if err := fn(groupCells(g)); err != nil {
					return err
				}
			}
			q.From += len(page.Groups)
			if len(page.Groups) == 0 || q.From >= page.Total {
				return nil
			}
			if page, err = groups.GroupList(ctx, q); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return 0, fmt.Errorf("export groups: %w", err)
	}
	return rows, nil
}

func exportedNow() report.Fact {
	return report.Fact{Name: "exported at", Value: time.Now().UTC().Format(time.RFC3339)}
}
