package directory

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/directory/index"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
)

// Number is one number of a tile; Filter is the exact filter whose list has that many people.
type Number struct {
	Count  int
	Filter string
}

// AppTile is the summary of one app at one site. Active, Inactive, Never and Unknown add up to People.
type AppTile struct {
	App         domain.App
	People      Number // who may open it
	Active      Number // active in the last so many days
	Inactive    Number // active, but not in the last so many days
	Never       Number // certainly never active
	Unknown     Number // activity could not be read
	Invited     Number
	Suspended   Number
	Deactivated Number
}

// Overview summarizes each app, by site and name; somebody is active whose last activity is at most inactiveDays days ago.
func (s *Service) Overview(ctx context.Context, sourceID string, inactiveDays int) ([]AppTile, error) {
	if inactiveDays < 1 || inactiveDays > 36500 {
		return nil, &domain.Error{Code: domain.Invalid, Field: "inactiveDays", Message: "The number of days must be between 1 and 36,500."}
	}
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return nil, err
	}
	tiles := make([]AppTile, len(ix.Apps))
	for i := range tiles {
		tiles[i] = tile(ix, i, inactiveDays)
	}
	return tiles, nil
}

func tile(ix *index.Index, app, days int) AppTile {
	name := filter.Quote(ix.AppFilterName(app))
	activity := "lastActive(" + name + ")"
	number := func(text string) Number { return Number{Filter: text} }
	status := func(st domain.Status) Number { return number(fmt.Sprintf("app = %s AND status = %s", name, st)) }
	t := AppTile{
		App:         ix.Apps[app],
		People:      number("app = " + name),
		Active:      number(fmt.Sprintf("%s >= -%dd", activity, days)),
		Inactive:    number(fmt.Sprintf("%s < -%dd", activity, days)),
		Never:       number(activity + " is empty"),
		Unknown:     number(activity + " is unknown"),
		Invited:     status(domain.StatusInvited),
		Suspended:   status(domain.StatusSuspended),
		Deactivated: status(domain.StatusDeactivated),
	}
	since := filter.Day(time.Now()) - int32(days)
	ix.HoldersOf(app, func(pos int, day int32) {
		t.People.Count++
		switch {
		case day == index.ActivityUnknown:
			t.Unknown.Count++
		case day == index.NeverActive:
			t.Never.Count++
		case day >= since:
			t.Active.Count++
		default:
			t.Inactive.Count++
		}
		switch domain.Status(ix.Status.At(pos)) {
		case domain.StatusInvited:
			t.Invited.Count++
		case domain.StatusSuspended:
			t.Suspended.Count++
		case domain.StatusDeactivated:
			t.Deactivated.Count++
		default:
		}
	})
	return t
}
