package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"seatkeeper/backend/domain"
)

type scheduleModel struct {
	SourceID string `gorm:"primaryKey"`
	Mode     string
	Hours    int
	At       string
	Zone     string
	NextDue  int64
	LastRun  int64
	LastDay  string
	Retries  int

	ChangesMinutes int
}

func (scheduleModel) TableName() string { return "sync_schedules" }

// SyncSchedule returns the schedule of a source's syncs; without one of its own, the default.
func (s *Store) SyncSchedule(ctx context.Context, sourceID string) (domain.SyncSchedule, error) {
	var m scheduleModel
	err := s.runs.read.orm.WithContext(ctx).First(&m, "source_id = ?", sourceID).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return domain.DefaultSyncSchedule(sourceID), nil
	}
	return domain.SyncSchedule{
		SourceID: m.SourceID, Mode: domain.ScheduleMode(m.Mode), Hours: m.Hours, At: m.At, Zone: m.Zone,
		NextDue: fromUnix(m.NextDue), LastRun: fromUnix(m.LastRun), LastDay: m.LastDay, Retries: m.Retries, ChangesMinutes: m.ChangesMinutes,
	}, s.runs.fault("read the schedule of the syncs", err)
}

// SaveSyncSchedule writes the schedule of a source's syncs.
func (s *Store) SaveSyncSchedule(ctx context.Context, v domain.SyncSchedule) error {
	m := scheduleModel{
		SourceID: v.SourceID, Mode: string(v.Mode), Hours: v.Hours, At: v.At, Zone: v.Zone,
		NextDue: toUnix(v.NextDue), LastRun: toUnix(v.LastRun), LastDay: v.LastDay, Retries: v.Retries, ChangesMinutes: v.ChangesMinutes,
	}
	err := s.runs.write.orm.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&m).Error
	return s.runs.fault("save the schedule of the syncs", err)
}
