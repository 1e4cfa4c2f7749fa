package records

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

const secondsPerDay = 24 * 60 * 60

// dayStatuses are the columns of trend_days that count people, in their order.
var dayStatuses = []domain.Status{
	domain.StatusActive, domain.StatusSuspended, domain.StatusDeactivated, domain.StatusInvited, domain.StatusNoAccess, domain.StatusForDeletion,
	domain.StatusUnknown,
}

// The columns after the key of the two tables of days.
var (
	dayColumns    = "taken_at, zone, computed, groups, " + joinStatuses(dayStatuses)
	appDayColumns = "people, never, unknown, invited, suspended, deactivated, " + stepColumns()
)

func joinStatuses(all []domain.Status) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

func stepColumns() string {
	var names []string
	for _, days := range domain.InactiveSteps {
		names = append(names, fmt.Sprintf("active_%d", days))
	}
	return strings.Join(names, ", ")
}

// marks gives the places of that many values.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// appCells points at the values of appDayColumns.
func appCells(c *domain.AppCounts) []any {
	cells := []any{&c.People, &c.Never, &c.Unknown, &c.Invited, &c.Suspended, &c.Deactivated}
	for i := range c.Active {
		cells = append(cells, &c.Active[i])
	}
	return cells
}

// SaveDays keeps what was counted on some days: all of them or none. What was kept of the same days is replaced; of a source that is not
// there nothing is kept.
func (s *Store) SaveDays(ctx context.Context, days ...domain.DayCounts) error {
	return s.db.Update(ctx, "keep the daily counts", func(tx *sql.Tx) error {
		for _, d := range days {
			if err := saveDay(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveDay(ctx context.Context, tx *sql.Tx, d domain.DayCounts) error {
	// A source that was removed while it was counted stays removed.
	if _, err := sqlite.Exec(ctx, tx, `INSERT INTO trend_sources (source_id) SELECT id FROM sources WHERE id = ? ON CONFLICT DO NOTHING`, d.SourceID); err != nil {
		return err
	}
	var source int64
	err := sqlite.One(ctx, tx, "SELECT key FROM trend_sources WHERE source_id = ?", []any{d.SourceID}, &source)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	day := d.Day.Unix() / secondsPerDay
	cells := []any{source, day, sqlite.ToUnix(d.TakenAt), d.Zone, d.Computed, d.Groups}
	for _, status := range dayStatuses {
		cells = append(cells, d.Status[status])
	}
	if _, err := sqlite.Exec(ctx, tx, "INSERT OR REPLACE INTO trend_days (source, day, "+dayColumns+") VALUES ("+marks(len(cells))+")", cells...); err != nil {
		return err
	}
	if _, err := sqlite.Exec(ctx, tx, "DELETE FROM trend_app_days WHERE source = ? AND day = ?", source, day); err != nil {
		return err
	}
	for i := range d.Apps {
		c := &d.Apps[i]
		var app int64
		err := sqlite.One(ctx, tx, `INSERT INTO trend_apps (source, app_id, app_key, name, site, site_url) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (source, app_id) DO UPDATE SET app_key = excluded.app_key, name = excluded.name, site = excluded.site, site_url = excluded.site_url
			RETURNING key`, []any{source, c.App.AppID, c.App.Key, c.App.Name, c.App.SiteName, c.App.SiteURL}, &app)
		if err != nil {
			return err
		}
		cells := append([]any{source, day, app}, appCells(c)...)
		if _, err := sqlite.Exec(ctx, tx, "INSERT INTO trend_app_days (source, day, app, "+appDayColumns+") VALUES ("+marks(len(cells))+")", cells...); err != nil {
			return err
		}
	}
	return nil
}

// Days returns the days of a source that were counted, from the day of from on (the zero time: all), oldest first; with the counts of one
// app, or of all for "".
func (s *Store) Days(ctx context.Context, sourceID string, from time.Time, appID string) ([]domain.DayCounts, error) {
	var days []domain.DayCounts
	err := s.db.View(ctx, "read the daily counts", func(tx *sql.Tx) error {
		var source int64
		err := sqlite.One(ctx, tx, "SELECT key FROM trend_sources WHERE source_id = ?", []any{sourceID}, &source)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		first := int64(0)
		if !from.IsZero() {
			first = from.Unix() / secondsPerDay
		}
		place := map[int64]int{}
		err = sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			d := domain.DayCounts{SourceID: sourceID, Status: map[domain.Status]int{}}
			var day, taken int64
			counts := make([]int, len(dayStatuses))
			cells := []any{&day, &taken, &d.Zone, &d.Computed, &d.Groups}
			for i := range counts {
				cells = append(cells, &counts[i])
			}
			if err := sqlite.Scan(rows, cells...); err != nil {
				return err
			}
			for i, n := range counts {
				d.Status[dayStatuses[i]] = n
			}
			d.Day, d.TakenAt = time.Unix(day*secondsPerDay, 0).UTC(), sqlite.FromUnix(taken)
			place[day] = len(days)
			days = append(days, d)
			return nil
		}, "SELECT day, "+dayColumns+" FROM trend_days WHERE source = ? AND day >= ? ORDER BY day", source, first)
		if err != nil {
			return err
		}
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var c domain.AppCounts
			var day int64
			cells := append([]any{&day, &c.App.AppID, &c.App.Key, &c.App.Name, &c.App.SiteName, &c.App.SiteURL}, appCells(&c)...)
			if err := sqlite.Scan(rows, cells...); err != nil {
				return err
			}
			if at, ok := place[day]; ok {
				days[at].Apps = append(days[at].Apps, c)
			}
			return nil
		}, `SELECT d.day, a.app_id, a.app_key, a.name, a.site, a.site_url, `+prefixed("d.", appDayColumns)+` FROM trend_app_days d
			JOIN trend_apps a ON a.key = d.app WHERE d.source = ?1 AND d.day >= ?2 AND (?3 = '' OR a.app_id = ?3)
			ORDER BY d.day, a.site, a.name, a.key`, source, first, appID)
	})
	return days, err
}

// GoneApps returns the apps of a source that earlier days have and the newest one has not, by site and name.
func (s *Store) GoneApps(ctx context.Context, sourceID string) ([]domain.GoneApp, error) {
	var gone []domain.GoneApp
	err := s.db.View(ctx, "read the apps of earlier days", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var g domain.GoneApp
			var last int64
			if err := sqlite.Scan(rows, &g.App.AppID, &g.App.Key, &g.App.Name, &g.App.SiteName, &g.App.SiteURL, &last); err != nil {
				return err
			}
			g.Last = time.Unix(last*secondsPerDay, 0).UTC()
			gone = append(gone, g)
			return nil
		}, `SELECT a.app_id, a.app_key, a.name, a.site, a.site_url, MAX(d.day) AS last FROM trend_sources s
			JOIN trend_apps a ON a.source = s.key JOIN trend_app_days d ON d.source = s.key AND d.app = a.key WHERE s.source_id = ?
			GROUP BY a.key HAVING last < (SELECT MAX(day) FROM trend_days WHERE source = s.key) ORDER BY a.site, a.name, a.key`, sourceID)
	})
	return gone, err
}

func prefixed(prefix, columns string) string {
	return prefix + strings.ReplaceAll(columns, ", ", ", "+prefix)
}

// deleteDays forgets what was counted at a source.
func deleteDays(tx *gorm.DB, sourceID string) error {
	for _, statement := range []string{
		"DELETE FROM trend_app_days WHERE source IN (SELECT key FROM trend_sources WHERE source_id = ?)",
		"DELETE FROM trend_days WHERE source IN (SELECT key FROM trend_sources WHERE source_id = ?)",
		"DELETE FROM trend_apps WHERE source IN (SELECT key FROM trend_sources WHERE source_id = ?)",
		"DELETE FROM trend_sources WHERE source_id = ?",
	} {
		if err := tx.Exec(statement, sourceID).Error; err != nil {
			return err
		}
	}
	return nil
}
