package directory

import (
	"context"
	"fmt"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// Number is one number of a tile; Filter is the exact filter whose list has that many people.
type Number struct {
	Count  int
	Filter string
}

// AppTile is the summary of one app at one site. Active, Inactive, Never, Unknown and Invited add up to People;
// Suspended and Deactivated stand beside them: who cannot open the app takes no seat, and nothing is saved by taking it
// away.
type AppTile struct {
	App         domain.App
	Partial     bool   // counted from a first sync that is not complete
	People      Number // who may open it
	Active      Number // active in the last so many days
	Inactive    Number // active, but not in the last so many days
	Never       Number // certainly never active, though not merely invited
	Unknown     Number // activity could not be read
	Invited     Number // never accepted
	Suspended   Number // of those who could open it
	Deactivated Number // the same, also those who will be deleted
}

// Overview summarizes each app, by site and name; somebody is active whose last activity is at most inactiveDays days
// ago.
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
	holds := "app = " + name + " AND status "
	use := func(n int, condition string) Number {
		return Number{n, "lastActive(" + name + ") " + condition + " AND status in (active, unknown)"}
	}
	return AppTile{
		App:         c.App,
		Partial:     ix.Freshness.Partial,
		People:      Number{c.People, holds + "in (active, invited, unknown)"},
		Active:      use(c.Active[0], fmt.Sprintf(">= -%dd", days)),
		Inactive:    use(c.Inactive(0), fmt.Sprintf("< -%dd", days)),
		Never:       use(c.Never, "is empty"),
		Unknown:     use(c.Unknown, "is unknown"),
		Invited:     Number{c.Invited, holds + "= invited"},
		Suspended:   Number{c.Suspended, holds + "= suspended"},
		Deactivated: Number{c.Deactivated, holds + "in (deactivated, for_deletion)"},
	}
}
