package records

import (
	"context"
	"encoding/json"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"seatkeeper/backend/domain"
)

// Sources returns all sources, oldest first.
func (s *Store) Sources(ctx context.Context) ([]domain.Source, error) {
	var rows []sourceModel
	if err := s.db.Read.ORM.WithContext(ctx).Order("created_at, rowid").Find(&rows).Error; err != nil {
		return nil, s.db.Fault("list the sources", err)
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
	err := s.db.Write.ORM.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
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
	return s.db.Fault("save the source", err)
}

// DeleteSource forgets a source, its daily counts and its tasks; plans and runs stay. Deleting one that is not there is no error.
func (s *Store) DeleteSource(ctx context.Context, id string) error {
	err := s.db.Write.ORM.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Delete(&taskModel{}, "source_id = ?", id).Error; err != nil {
			return err
		}
		if err := deleteDays(tx, id); err != nil {
			return err
		}
		return tx.Delete(&sourceModel{}, "id = ?", id).Error
	})
	return s.db.Fault("delete the source", err)
}

// SourceMark stands for everything about a source that a read of it depends on: what was read under another mark is not gone on with; NotFound.
func (s *Store) SourceMark(ctx context.Context, id string) (string, error) {
	var m sourceModel
	err := s.db.Read.ORM.WithContext(ctx).Where("id = ?", id).First(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", domain.Errorf(domain.NotFound, "That source is not there any more.")
	}
	if err != nil {
		return "", s.db.Fault("find the source", err)
	}
	text, err := json.Marshal([]any{m.ID, m.Kind, m.Settings, m.UpdatedAt})
	return string(text), s.db.Fault("find the source", err)
}

// Setting returns the text stored under key, or NotFound.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var m settingModel
	err := s.db.Read.ORM.WithContext(ctx).First(&m, "name = ?", key).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", domain.Errorf(domain.NotFound, "There is no setting %s.", domain.Quote(key))
	}
	return m.Value, s.db.Fault("read a setting", err)
}

// SetSetting stores text under key.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	err := s.db.Write.ORM.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&settingModel{Name: key, Value: value}).Error
	return s.db.Fault("save a setting", err)
}
