package records

import (
	"cmp"
	"context"
	"slices"
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

func (dayModel) TableName() string { return "daily_counts" }

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

// appDayModel is what was counted of an app on a day.
type appDayModel struct {
	Source      int64 `gorm:"primaryKey"`
	Day         int64 `gorm:"primaryKey"`
	App         int64 `gorm:"primaryKey"` // counted_apps.key
	People      int
	Never       int
	Unknown     int
	Invited     int
	Suspended   int
	Deactivated int
	Active7     int
	Active14    int
	Active30    int
	Active45    int
	Active60    int
	Active90    int
	Active120   int
	Active180   int
	Active270   int
	Active365   int
	Active540   int
	Active730   int
}

func (appDayModel) TableName() string { return "daily_app_counts" }

// cells points at the counts, in the order of appCells.
func (m *appDayModel) cells() []*int {
	active := [len(domain.InactiveSteps)]*int{
		&m.Active7, &m.Active14, &m.Active30, &m.Active45, &m.Active60, &m.Active90, &m.Active120, &m.Active180, &m.Active270, &m.Active365,
		&m.Active540, &m.Active730,
	}
	return append([]*int{&m.People, &m.Never, &m.Unknown, &m.Invited, &m.Suspended, &m.Deactivated}, active[:]...)
}

// appCells points at the counts of an app.
func appCells(c *domain.AppCounts) []*int {
	cells := []*int{&c.People, &c.Never, &c.Unknown, &c.Invited, &c.Suspended, &c.Deactivated}
	for i := range c.Active {
		cells = append(cells, &c.Active[i])
	}
	return cells
}

// move gives each of some cells the value of another one.
func move(into, from []*int) {
	for i := range into {
		*into[i] = *from[i]
	}
}

// SaveDays keeps what was counted on some days: all of them or none. What was kept of the same days is replaced; of a source that is not
// there nothing is kept.
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
	apps, counts := make([]countedAppModel, len(d.Apps)), make([]appDayModel, len(d.Apps))
	for i, c := range d.Apps {
		apps[i] = countedAppModel{Source: source, AppID: c.App.AppID, AppKey: c.App.Key, Name: c.App.Name, Site: c.App.SiteName, SiteURL: c.App.SiteURL}
		if err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "source"}, {Name: "app_id"}}, UpdateAll: true}).Create(&apps[i]).Error; err != nil {
			return err
		}
		counts[i] = appDayModel{Source: source, Day: m.Day, App: apps[i].Key}
		move(counts[i].cells(), appCells(&c))
	}
	return tx.Create(&counts).Error
}

// sourceKey finds the key of a source, 0 for none.
func sourceKey(tx *gorm.DB, id string) (key int64, err error) {
	err = tx.Model(&sourceModel{}).Where("id = ?", id).Select("key").Limit(1).Find(&key).Error
	return key, err
}

// Days returns the days of a source that were counted, from the day of from on (the zero time: all), oldest first; with the counts of one
// app, or of all for "".
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
		since := func() *gorm.DB { return tx.Where("source = ? AND day >= ?", source, first).Order("day") }
		var rows []dayModel
		if err := since().Find(&rows).Error; err != nil {
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
		return eachApp(tx.Where("source = ?", source), since(), appID, func(day int64, c domain.AppCounts) {
			if at, ok := place[day]; ok {
				days[at].Apps = append(days[at].Apps, c)
			}
		})
	})
	return days, err
}

// eachApp gives the counts of apps, or of one of them, day by day, by site and name.
func eachApp(apps, counts *gorm.DB, appID string, fn func(day int64, c domain.AppCounts)) error {
	if appID != "" {
		apps = apps.Where("app_id = ?", appID)
	}
	var which []countedAppModel
	if err := apps.Order("site, name, key").Find(&which).Error; err != nil {
		return err
	}
	place, keys := make(map[int64]int, len(which)), make([]int64, len(which))
	for i, app := range which {
		place[app.Key], keys[i] = i, app.Key
	}
	if appID != "" {
		counts = counts.Where("app IN ?", keys)
	}
	var rows []appDayModel
	if err := counts.Find(&rows).Error; err != nil {
		return err
	}
	slices.SortStableFunc(rows, func(a, b appDayModel) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(place[a.App], place[b.App]))
	})
	for i := range rows {
		c := domain.AppCounts{App: which[place[rows[i].App]].domain()}
		move(appCells(&c), rows[i].cells())
		fn(rows[i].Day, c)
	}
	return nil
}

// GoneApps returns the apps of a source that earlier days have and the newest one has not, by site and name.
func (s *Store) GoneApps(ctx context.Context, sourceID string) ([]domain.GoneApp, error) {
	var gone []domain.GoneApp
	err := s.view(ctx, "read the apps of earlier days", func(tx *gorm.DB) error {
		var rows []struct {
			App  countedAppModel `gorm:"embedded"`
			Last int64
		}
		err := tx.Raw(`SELECT a.*, max(d.day) AS last FROM sources s JOIN counted_apps a ON a.source = s.key
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
