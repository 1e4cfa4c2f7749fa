package mirrordb

import (
	"context"
	"database/sql"
	"errors"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// Apps returns the apps of a source that are there, by name and site.
func (s *Store) Apps(ctx context.Context, sourceID string) ([]domain.App, error) {
	return list(ctx, s, sourceID, "name, site_name, id", appModel.domain)
}

// Groups returns the groups of a source that are there, by name, with what they give their members.
func (s *Store) Groups(ctx context.Context, sourceID string) ([]domain.Group, error) {
	groups, err := list(ctx, s, sourceID, "name, id", groupModel.domain)
	if err != nil {
		return nil, err
	}
	return groups, s.withGrants(ctx, sourceID, groups)
}

// Directories returns the directories of a source that are there, by name.
func (s *Store) Directories(ctx context.Context, sourceID string) ([]domain.Directory, error) {
	return list(ctx, s, sourceID, "name, id", func(m directoryModel) domain.Directory {
		return domain.Directory{DirectoryID: m.DirectoryID, Name: m.Name}
	})
}

// list reads one of the small tables; M's table has the columns source and removed_at.
func list[M, D any](ctx context.Context, s *Store, sourceID, order string, convert func(M) D) ([]D, error) {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	var rows []M
	err = s.db.Read.ORM.WithContext(ctx).Where("source = ? AND removed_at = 0", key).Order(order).Find(&rows).Error
	if err != nil {
		return nil, s.db.Fault("list what a source has", err)
	}
	all := make([]D, len(rows))
	for i, m := range rows {
		all[i] = convert(m)
	}
	return all, nil
}

// Domains returns the e-mail domains of a source, by name.
func (s *Store) Domains(ctx context.Context, sourceID string) ([]domain.Domain, error) {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	var rows []domainModel
	if err := s.db.Read.ORM.WithContext(ctx).Where("source = ?", key).Order("name").Find(&rows).Error; err != nil {
		return nil, s.db.Fault("list the domains", err)
	}
	all := make([]domain.Domain, len(rows))
	for i, m := range rows {
		all[i] = domain.Domain{Name: m.Name, Verified: m.Verified}
	}
	return all, nil
}

// Freshness tells how old the local copy of a source is. People and Groups count those that are there now.
func (s *Store) Freshness(ctx context.Context, sourceID string) (domain.Freshness, error) {
	var f domain.Freshness
	err := s.db.View(ctx, "read how old the local copy is", func(tx *sql.Tx) error {
		var completeAt, changesAt int64
		err := sqlite.One(ctx, tx, `SELECT revision, complete_at, changes_at, followed_to > 0,
			(SELECT count(*) FROM users WHERE source = key AND removed_at = 0),
			(SELECT count(*) FROM groups WHERE source = key AND removed_at = 0) FROM sources
				WHERE source_id = ?`, []any{sourceID},
			&f.Revision, &completeAt, &changesAt, &f.Followed, &f.People, &f.Groups)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		f.CompleteAt, f.ChangesAt = sqlite.FromUnix(completeAt), sqlite.FromUnix(changesAt)
		f.Partial = f.Revision == 0 && f.People+f.Groups > 0
		return err
	})
	f.Resumable = err == nil && s.resumable(ctx, sourceID)
	return f, err
}
