package records

import (
	"context"
	"encoding/json"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"seatkeeper/backend/domain"
)

type sourceModel struct {
	Key        int64 `gorm:"primaryKey"`
	ID         string
	Kind       domain.SourceKind
	Name       string
	Color      string
	Settings   document[map[string]string]
	Paused     bool
	Demo       bool
	OperatorID string
	KeyOwnerID string
	KeyOwners  document[[]string]
	KeyExpires moment
	Lacks      document[map[domain.Capability]string]
	ChangeKey  document[domain.ChangeKey]
	CreatedAt  moment
	UpdatedAt  moment
	TestedAt   moment
}

func (sourceModel) TableName() string { return "sources" }

func (m sourceModel) domain() domain.Source {
	return domain.Source{
		ID: m.ID, Kind: m.Kind, Name: m.Name, Color: m.Color, Settings: m.Settings.V, Paused: m.Paused, Demo: m.Demo,
		OperatorID: m.OperatorID, KeyOwnerID: m.KeyOwnerID, KeyOwners: m.KeyOwners.V, KeyExpires: m.KeyExpires.time(),
		Lacks: m.Lacks.V, ChangeKey: m.ChangeKey.V, CreatedAt: m.CreatedAt.time(), UpdatedAt: m.UpdatedAt.time(), TestedAt: m.TestedAt.time(),
	}
}

func newSourceModel(s domain.Source) sourceModel {
	return sourceModel{
		ID: s.ID, Kind: s.Kind, Name: s.Name, Color: s.Color, Settings: document[map[string]string]{s.Settings}, Paused: s.Paused, Demo: s.Demo,
		OperatorID: s.OperatorID, KeyOwnerID: s.KeyOwnerID, KeyOwners: document[[]string]{s.KeyOwners}, KeyExpires: momentOf(s.KeyExpires),
		Lacks: document[map[domain.Capability]string]{s.Lacks}, ChangeKey: document[domain.ChangeKey]{s.ChangeKey},
		CreatedAt: momentOf(s.CreatedAt), UpdatedAt: momentOf(s.UpdatedAt), TestedAt: momentOf(s.TestedAt),
	}
}

// byID tells a writer which row to change where there is one with the same id.
func byID() clause.OnConflict {
	return clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}
}

// Sources returns all sources, oldest first.
func (s *Store) Sources(ctx context.Context) ([]domain.Source, error) {
	var rows []sourceModel
	err := s.view(ctx, "list the sources", func(tx *gorm.DB) error { return tx.Order("created_at, key").Find(&rows).Error })
	return domains(rows), err
}

// SaveSource writes a source, new or changed, by its id, together with the tasks that a new one gets.
func (s *Store) SaveSource(ctx context.Context, src domain.Source, tasks ...domain.Task) error {
	return s.update(ctx, "save the source", func(tx *gorm.DB) error {
		m := newSourceModel(src)
		if err := tx.Clauses(byID()).Create(&m).Error; err != nil {
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
}

// DeleteSource forgets a source, its daily counts and its tasks; plans and runs stay. Deleting one that is not there is
// no error.
func (s *Store) DeleteSource(ctx context.Context, id string) error {
	return s.update(ctx, "delete the source", func(tx *gorm.DB) error {
		if err := tx.Delete(&taskModel{}, "source_id = ?", id).Error; err != nil {
			return err
		}
		return tx.Delete(&sourceModel{}, "id = ?", id).Error
	})
}

// SourceMark stands for everything about a source that a read of it depends on: what was read under another mark is not
// gone on with; NotFound.
func (s *Store) SourceMark(ctx context.Context, id string) (mark string, err error) {
	err = s.view(ctx, "find the source", func(tx *gorm.DB) error {
		var m sourceModel
		err := tx.First(&m, "id = ?", id).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return domain.Errorf(domain.NotFound, "That source is not there any more.")
		}
		text, failed := json.Marshal([]any{m.ID, m.Kind, m.Settings.V, m.UpdatedAt})
		mark = string(text)
		return errors.Join(err, failed)
	})
	return mark, err
}

type settingModel struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (settingModel) TableName() string { return "settings" }

// Setting returns the text stored under key, or NotFound.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var m settingModel
	err := s.view(ctx, "read a setting", func(tx *gorm.DB) error {
		err := tx.First(&m, "name = ?", key).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return domain.Errorf(domain.NotFound, "There is no setting %s.", domain.Quote(key))
		}
		return err
	})
	return m.Value, err
}

// SetSetting stores text under key.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	return s.update(ctx, "save a setting", func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&settingModel{Name: key, Value: value}).Error
	})
}
