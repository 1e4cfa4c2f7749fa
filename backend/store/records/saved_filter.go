package records

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

// keepDeleted is how long the deletion of a saved filter can be taken back.
const keepDeleted = 24 * time.Hour

type savedFilterModel struct {
	ID          string `gorm:"primaryKey"`
	Name        string
	NameKey     string
	Description string
	Filter      string
	Columns     document[[]string]
	Sort        string
	Descending  bool
	Density     int
	Pinned      bool
	CreatedAt   moment `gorm:"<-:create"`
	UpdatedAt   moment
	DeletedAt   moment
}

func (savedFilterModel) TableName() string { return "saved_filters" }

func (m savedFilterModel) domain() domain.SavedFilter {
	return domain.SavedFilter{
		ID: m.ID, Name: m.Name, Description: m.Description, Filter: m.Filter, Columns: m.Columns.V, Sort: m.Sort, Desc: m.Descending,
		Density: m.Density, Pinned: m.Pinned, CreatedAt: m.CreatedAt.time(), UpdatedAt: m.UpdatedAt.time(),
	}
}

func newSavedFilterModel(f domain.SavedFilter) savedFilterModel {
	return savedFilterModel{
		ID: f.ID, Name: f.Name, NameKey: nameKey(f.Name), Description: f.Description, Filter: f.Filter, Columns: document[[]string]{f.Columns},
		Sort: f.Sort, Descending: f.Desc, Density: f.Density, Pinned: f.Pinned, CreatedAt: momentOf(f.CreatedAt), UpdatedAt: momentOf(f.UpdatedAt),
	}
}

const notDeleted = "deleted_at = 0"

// SavedFilters returns all saved filters, by name.
func (s *Store) SavedFilters(ctx context.Context) ([]domain.SavedFilter, error) {
	var rows []savedFilterModel
	err := s.view(ctx, "list the saved filters", func(tx *gorm.DB) error {
		return tx.Where(notDeleted).Order("name_key, id").Find(&rows).Error
	})
	return domains(rows), err
}

// SavedFilter returns one saved filter; NotFound.
func (s *Store) SavedFilter(ctx context.Context, id string) (domain.SavedFilter, error) {
	var m savedFilterModel
	err := s.view(ctx, "read a saved filter", func(tx *gorm.DB) error { return findSaved(tx.Where(notDeleted), &m, id) })
	return m.domain(), err
}

// SaveFilters writes saved filters, new or changed, by their ids: all of them or none. It is a Conflict when another
// one has the name.
func (s *Store) SaveFilters(ctx context.Context, filters []domain.SavedFilter) error {
	return s.update(ctx, "save filters", func(tx *gorm.DB) error {
		for _, f := range filters {
			if err := nameIsFree(tx, f.ID, f.Name); err != nil {
				return err
			}
			m := newSavedFilterModel(f)
			if err := tx.Clauses(byID()).Create(&m).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteSavedFilter deletes a saved filter; for a day RestoreSavedFilter takes it back. NotFound.
func (s *Store) DeleteSavedFilter(ctx context.Context, id string, at time.Time) error {
	return s.update(ctx, "delete a saved filter", func(tx *gorm.DB) error {
		if err := tx.Delete(&savedFilterModel{}, "deleted_at <> 0 AND deleted_at < ?", momentOf(at.Add(-keepDeleted))).Error; err != nil {
			return err
		}
		done := tx.Model(&savedFilterModel{}).Where(notDeleted).Where("id = ?", id).Update("deleted_at", momentOf(at))
		if done.Error == nil && done.RowsAffected == 0 {
			return noSavedFilter()
		}
		return done.Error
	})
}

// RestoreSavedFilter takes a deletion back; NotFound when it was too long ago, Conflict when another filter has the
// name by now.
func (s *Store) RestoreSavedFilter(ctx context.Context, id string) error {
	return s.update(ctx, "restore a saved filter", func(tx *gorm.DB) error {
		var m savedFilterModel
		if err := findSaved(tx, &m, id); err != nil {
			return err
		}
		if err := nameIsFree(tx, id, m.Name); err != nil {
			return err
		}
		return tx.Model(&m).Update("deleted_at", 0).Error
	})
}

func findSaved(tx *gorm.DB, m *savedFilterModel, id string) error {
	err := tx.First(m, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return noSavedFilter()
	}
	return err
}

func nameIsFree(tx *gorm.DB, id, name string) error {
	if taken, err := nameTaken(tx.Model(&savedFilterModel{}).Where(notDeleted), id, name); err != nil || taken {
		return nameError(err, "There is another saved filter with the name “"+name+"”.", "Choose another name.")
	}
	return nil
}

func noSavedFilter() error {
	return domain.Errorf(domain.NotFound, "This saved filter is not there any more.")
}
