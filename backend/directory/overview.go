package directory

import (
	"context"
	"fmt"
	"slices"

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
	p := s.source(sourceID)
	ix, err := s.current(ctx, p)
	if err != nil {
		return nil, err
	}
	today := filter.Today()
	p.mu.Lock()
	kept := p.overview
	p.mu.Unlock()
	if kept.index != ix || kept.today != today || kept.days != inactiveDays {
		kept = overview{index: ix, today: today, days: inactiveDays, tiles: make([]AppTile, len(ix.Apps))}
		for app, counts := range countApps(ix, today, []int{inactiveDays}, everybody) {
			kept.tiles[app] = tile(ix, app, inactiveDays, counts)
		}
		p.mu.Lock()
		p.overview = kept
		p.mu.Unlock()
	}
	return slices.Clone(kept.tiles), nil
}

// overview is the last one that was asked for: an index never changes, and neither do its numbers while the day lasts.
type overview struct {
	index *index.Index
	today int32
	days  int
	tiles []AppTile
}

// tile makes the tile of an app from its counts; the counts of its first step are those of days.
func tile(ix *index.Index, app, days int, c domain.AppCounts) AppTile {
	name := filter.Quote(ix.AppFilterName(app))
	activity := "lastActive(" + name + ")"
	status := func(n int, st domain.Status) Number {
		return Number{n, fmt.Sprintf("app = %s AND status = %s", name, st)}
	}
	return AppTile{
		App:         c.App,
		People:      Number{c.People, "app = " + name},
		Active:      Number{c.Active[0], fmt.Sprintf("%s >= -%dd", activity, days)},
		Inactive:    Number{c.People - c.Never - c.Unknown - c.Active[0], fmt.Sprintf("%s < -%dd", activity, days)},
		Never:       Number{c.Never, activity + " is empty"},
		Unknown:     Number{c.Unknown, activity + " is unknown"},
		Invited:     status(c.Invited, domain.StatusInvited),
		Suspended:   status(c.Suspended, domain.StatusSuspended),
		Deactivated: status(c.Deactivated, domain.StatusDeactivated),
	}
}
