package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"seatkeeper/backend/domain"
)

// Sources returns all sources, oldest first.
func (s *Store) Sources(ctx context.Context) ([]domain.Source, error) {
	var rows []sourceModel
	if err := s.runs.Read.ORM.WithContext(ctx).Order("created_at, rowid").Find(&rows).Error; err != nil {
		return nil, s.runs.Fault("list the sources", err)
	}
	sources := make([]domain.Source, len(rows))
	for i, m := range rows {
		sources[i] = m.domain()
	}
	return sources, nil
}

// SaveSource writes a source, new or changed, by its id, together with the tasks that a new one gets.
func (s *Store) SaveSource(ctx context.Context, src domain.Source, tasks ...domain.Task) error {
	m := newSourceModel(src)
	err := s.runs.Write.ORM.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&m).Error; err != nil {
			return err
		}
		for _, t := range tasks {
			own := newTaskModel(t)
			if err := tx.Create(&own).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return s.runs.Fault("save the source", err)
}

// DeleteSource forgets a source, its local copy, its daily counts and its tasks; plans and runs stay. Deleting one that is not there is no error.
// It is a Conflict while a sync of the source is being written.
func (s *Store) DeleteSource(ctx context.Context, id string) error {
	// The people go first: if the program ends between the two, the source is still there to be deleted again.
	if err := s.dropCopy(ctx, id); err != nil {
		return err
	}
	err := s.runs.Write.ORM.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Delete(&taskModel{}, "source_id = ?", id).Error; err != nil {
			return err
		}
		if err := deleteDays(tx, id); err != nil {
			return err
		}
		return tx.Delete(&sourceModel{}, "id = ?", id).Error
	})
	return s.runs.Fault("delete the source", err)
}

// Setting returns the text stored under key, or NotFound.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var m settingModel
	err := s.runs.Read.ORM.WithContext(ctx).First(&m, "name = ?", key).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", domain.Errorf(domain.NotFound, "There is no setting %s.", domain.Quote(key))
	}
	return m.Value, s.runs.Fault("read a setting", err)
}

// SetSetting stores text under key.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	err := s.runs.Write.ORM.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&settingModel{Name: key, Value: value}).Error
	return s.runs.Fault("save a setting", err)
}
