package records

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

type personListModel struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	NameKey   string
	People    document[[]string]
	CreatedAt moment `gorm:"<-:create"`
	UpdatedAt moment
}

func (personListModel) TableName() string { return "person_lists" }

func (m personListModel) domain() domain.PersonList {
	return domain.PersonList{ID: m.ID, Name: m.Name, Values: m.People.V, CreatedAt: m.CreatedAt.time(), UpdatedAt: m.UpdatedAt.time()}
}

// PersonLists returns all lists of people, by name.
func (s *Store) PersonLists(ctx context.Context) ([]domain.PersonList, error) {
	var rows []personListModel
	err := s.view(ctx, "read the lists of people", func(tx *gorm.DB) error { return tx.Order("name_key").Find(&rows).Error })
	return domains(rows), err
}

// SavePersonList writes a list of people, new or changed, by its id. It is a Conflict when another one has the name.
func (s *Store) SavePersonList(ctx context.Context, l domain.PersonList) error {
	return s.update(ctx, "save the list of people", func(tx *gorm.DB) error {
		if taken, err := nameTaken(tx.Model(&personListModel{}), l.ID, l.Name); err != nil || taken {
			return nameError(err, "There is another list with the name “"+l.Name+"”.", "Choose another name, or replace that list.")
		}
		return tx.Clauses(byID()).Create(&personListModel{
			ID: l.ID, Name: l.Name, NameKey: nameKey(l.Name), People: document[[]string]{l.Values}, CreatedAt: momentOf(l.CreatedAt), UpdatedAt: momentOf(l.UpdatedAt),
		}).Error
	})
}

// DeletePersonList deletes a list of people; NotFound.
func (s *Store) DeletePersonList(ctx context.Context, id string) error {
	return s.update(ctx, "delete the list of people", func(tx *gorm.DB) error {
		done := tx.Delete(&personListModel{}, "id = ?", id)
		if done.Error == nil && done.RowsAffected == 0 {
			return domain.Errorf(domain.NotFound, "This list is not there any more.")
		}
		return done.Error
	})
}

// nameKey is what two names must differ in.
func nameKey(name string) string { return strings.ToLower(name) }

// nameTaken tells whether another row of the table has the name.
func nameTaken(table *gorm.DB, id, name string) (bool, error) {
	var others int64
	err := table.Where("name_key = ? AND id <> ?", nameKey(name), id).Count(&others).Error
	return others > 0, err
}

// nameError is the error of a name that is taken, or could not be looked up.
func nameError(err error, message, hint string) error {
	if err != nil {
		return err
	}
	return &domain.Error{Code: domain.Conflict, Field: "name", Message: message, Hint: hint}
}
