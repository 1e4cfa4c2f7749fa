package records

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"seatkeeper/backend/domain"
)

const secondsPerDay = 24 * 60 * 60

// dayModel is what was counted at a source on a day.
type dayModel struct {
	Source      int64 `gorm:"primaryKey"` // sources.key
	Day         int64 `gorm:"primaryKey"` // unix day
	TakenAt     moment
	Zone        string
	Computed    bool
	Groups      int
	Active      int
	Suspended   int
	Deactivated int
	Invited     int
	NoDirectory int
	ForDeletion int
	Unknown     int
}

func (*dayModel) TableName() string { return "daily_counts" }

// dayStatuses are the statuses in the order of dayModel.
var dayStatuses = []domain.Status{
	domain.StatusActive, domain.StatusSuspended, domain.StatusDeactivated, domain.StatusInvited, domain.StatusNoAccess, domain.StatusForDeletion,
	domain.StatusUnknown,
}

// cells points at the people by status, in the order of dayStatuses.
func (m *dayModel) cells() []*int {
	return []*int{&m.Active, &m.Suspended, &m.Deactivated, &m.Invited, &m.NoDirectory, &m.ForDeletion, &m.Unknown}
}

func dayTime(day int64) time.Time { return time.Unix(day*secondsPerDay, 0).UTC() }

// countedAppModel is an app that was counted at a source on some day.
type countedAppModel struct {
	Key     int64 `gorm:"primaryKey"`
	Source  int64
	AppID   string
	AppKey  string
	Name    string
	Site    string
	SiteURL string
}

func (countedAppModel) TableName() string { return "counted_apps" }

func (m countedAppModel) domain() domain.App {
	return domain.App{AppID: m.AppID, Key: m.AppKey, Name: m.Name, SiteName: m.Site, SiteURL: m.SiteURL}
}

// appColumns are the columns of daily_app_counts that count people. The table has no model: GORM takes twice as long
// for a year of it.
var appColumns = func() []string {
	names := []string{"people", "never", "unknown", "invited", "suspended", "deactivated"}
	for _, days := range domain.InactiveSteps {
		names = append(names, fmt.Sprintf("active_%d", days))
	}
	return names
}()

// appCells points at the values of appColumns.
func appCells(c *domain.AppCounts) []any {
	cells := []any{&c.People, &c.Never, &c.Unknown, &c.Invited, &c.Suspended, &c.Deactivated}
	for i := range c.Active {
		cells = append(cells, &c.Active[i])
	}
	return cells
}

// SaveDays keeps what was counted on some days: all of them or none. What was kept of the same days is replaced; of a
// source that is not there nothing is kept.
func (s *Store) SaveDays(ctx context.Context, days ...domain.DayCounts) error {
	return s.update(ctx, "keep the daily counts", func(tx *gorm.DB) error {
		for _, d := range days {
			if err := saveDay(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveDay(tx *gorm.DB, d domain.DayCounts) error {
	source, err := sourceKey(tx, d.SourceID)
	if err != nil || source == 0 { // a source that was removed while it was counted stays removed
		return err
	}
	m := dayModel{Source: source, Day: d.Day.Unix() / secondsPerDay, TakenAt: momentOf(d.TakenAt), Zone: d.Zone, Computed: d.Computed, Groups: d.Groups}
	for i, cell := range m.cells() {
		*cell = d.Status[dayStatuses[i]]
	}
	if err := tx.Delete(&dayModel{}, "source = ? AND day = ?", source, m.Day).Error; err != nil {
		return err
	}
	if err := tx.Create(&m).Error; err != nil || len(d.Apps) == 0 {
		return err
	}
	rows := make([]map[string]any, len(d.Apps))
	for i, c := range d.Apps {
		app := countedAppModel{Source: source, AppID: c.App.AppID, AppKey: c.App.Key, Name: c.App.Name, Site: c.App.SiteName, SiteURL: c.App.SiteURL}
		if err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "source"}, {Name: "app_id"}}, UpdateAll: true}).Create(&app).Error; err != nil {
			return err
		}
		rows[i] = map[string]any{"source": source, "day": m.Day, "app": app.Key}
		for j, cell := range appCells(&c) {
			rows[i][appColumns[j]] = cell
		}
	}
	return tx.Table("daily_app_counts").Create(rows).Error
}

// sourceKey finds the key of a source, 0 for none.
func sourceKey(tx *gorm.DB, id string) (key int64, err error) {
	err = tx.Model(&sourceModel{}).Where("id = ?", id).Select("key").Limit(1).Find(&key).Error
	return key, err
}

// Days returns the days of a source that were counted, from the day of from on (the zero time: all), oldest first; with
// the counts of one app, or of all for "".
func (s *Store) Days(ctx context.Context, sourceID string, from time.Time, appID string) ([]domain.DayCounts, error) {
	var days []domain.DayCounts
	err := s.view(ctx, "read the daily counts", func(tx *gorm.DB) error {
		source, err := sourceKey(tx, sourceID)
		if err != nil || source == 0 {
			return err
		}
		first := int64(0)
		if !from.IsZero() {
			first = from.Unix() / secondsPerDay
		}
		var rows []dayModel
		if err := tx.Where("source = ? AND day >= ?", source, first).Order("day").Find(&rows).Error; err != nil {
			return err
		}
		place := map[int64]int{}
		for i := range rows {
			m := &rows[i]
			d := domain.DayCounts{
				SourceID: sourceID, Day: dayTime(m.Day), TakenAt: m.TakenAt.time(), Zone: m.Zone, Computed: m.Computed, Groups: m.Groups,
				Status: map[domain.Status]int{},
			}
			for i, cell := range m.cells() {
				d.Status[dayStatuses[i]] = *cell
			}
			place[m.Day] = len(days)
			days = append(days, d)
		}
		where, args := "d.source = ? AND d.day >= ?", []any{source, first}
		if appID != "" {
			where, args = where+" AND a.app_id = ?", append(args, appID)
		}
		return eachRow(tx, "SELECT d.day, a.app_id, a.app_key, a.name, a.site, a.site_url, "+strings.Join(appColumns, ", ")+
			" FROM daily_app_counts d JOIN counted_apps a ON a.key = d.app WHERE "+where+" ORDER BY d.day, a.site, a.name, a.key", args, func(row scanner) error {
			var day int64
			var c domain.AppCounts
			err := scan(row, append([]any{&day, &c.App.AppID, &c.App.Key, &c.App.Name, &c.App.SiteName, &c.App.SiteURL}, appCells(&c)...)...)
			if at, ok := place[day]; ok {
				days[at].Apps = append(days[at].Apps, c)
			}
			return err
		})
	})
	return days, err
}

// GoneApps returns the apps of a source that earlier days have and the newest one has not, by site and name.
func (s *Store) GoneApps(ctx context.Context, sourceID string) ([]domain.GoneApp, error) {
	var gone []domain.GoneApp
	err := s.view(ctx, "read the apps of earlier days", func(tx *gorm.DB) error {
		var rows []struct {
			App  countedAppModel `gorm:"embedded"`
			Last int64
		}
		err := tx.Raw(`SELECT a.key, a.app_id, a.app_key, a.name, a.site, a.site_url, max(d.day) AS last
			FROM sources s JOIN counted_apps a ON a.source = s.key
			JOIN daily_app_counts d ON d.source = s.key AND d.app = a.key WHERE s.id = ?
			GROUP BY a.key HAVING max(d.day) < (SELECT max(n.day) FROM daily_counts n WHERE n.source = a.source)
			ORDER BY a.site, a.name, a.key`, sourceID).Find(&rows).Error
		for _, row := range rows {
			gone = append(gone, domain.GoneApp{App: row.App.domain(), Last: dayTime(row.Last)})
		}
		return err
	})
	return gone, err
}
