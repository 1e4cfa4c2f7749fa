package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// keptSyncs is how many finished syncs of a source are remembered.
const keptSyncs = 50

// BeginSync makes a running sync of a source. It is a Conflict when one runs already, and NotFound without such a
// source. Every sync that was begun must end in CommitSync or AbortSync; a crash counts as abort.
func (s *Store) BeginSync(ctx context.Context, sourceID string) (domain.Sync, error) {
	if _, err := s.o.Mark(ctx, sourceID); err != nil {
		return domain.Sync{}, err
	}
	g := &stager{sourceID: sourceID, started: time.Now().Unix(), refs: newRefKeys(), appsSeen: map[int64]bool{}}
	if err := s.claim(sourceID); err != nil {
		return domain.Sync{}, err
	}
	row, err := s.begin(ctx, g)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		delete(s.stagers, sourceID)
		return domain.Sync{}, err
	}
	s.stagers[sourceID] = g
	return row.domain(sourceID), nil
}

// claim keeps the place of a sync that is about to begin: one sync at a time for each source.
func (s *Store) claim(sourceID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, busy := s.stagers[sourceID]; busy {
		return domain.Errorf(domain.Conflict, "A sync of this source is running already.")
	}
	s.stagers[sourceID] = nil
	return nil
}

// begin writes the row of the sync and makes its place.
func (s *Store) begin(ctx context.Context, g *stager) (syncModel, error) {
	row := syncModel{State: string(domain.SyncRunning), StartedAt: g.started}
	var revision int64
	err := s.db.Update(ctx, "begin the sync", func(tx *sql.Tx) error {
		var err error
		if _, err = sqlite.Exec(ctx, tx, `INSERT INTO sources (source_id, revision, complete_at) VALUES (?, 0, 0)
			ON CONFLICT DO NOTHING`, g.sourceID); err != nil {
			return err
		}
		if err = sqlite.One(ctx, tx, "SELECT key, revision FROM sources WHERE source_id = ?", []any{g.sourceID},
			&g.source, &revision); err != nil {
			return err
		}
		row.Source = g.source
		if _, err = sqlite.Exec(ctx, tx, `DELETE FROM syncs WHERE source = ?1 AND id NOT IN
			(SELECT id FROM syncs WHERE source = ?1 ORDER BY id DESC LIMIT ?2)`, g.source, keptSyncs-1); err != nil {
			return err
		}
		s.noteNobody()
		if revision == 0 { // what an earlier first sync left half
			if err = s.noteSource(ctx, tx, g.source); err != nil {
				return err
			}
			if err = clearCopy(ctx, tx, g.source); err != nil {
				return err
			}
		}
		if err = sqlite.One(ctx, tx, "SELECT generation FROM copy_state", nil, &g.compared); err != nil {
			return err
		}
		return sqlite.One(ctx, tx,
			`INSERT INTO syncs (source, state, started_at, finished_at, people, groups, added, changed, removed,
			drift, error_code, error_reason, error_message, error_hint)
				VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0, '', '', '', '', '') RETURNING id`,
			[]any{row.Source, row.State, row.StartedAt}, &row.ID)
	})
	if err != nil {
		return row, err
	}
	g.id, g.schema = row.ID, fmt.Sprintf("sync%d", row.ID)
	if g.rows = g.schema; revision == 0 {
		g.rows = mainSchema
	}
	err = s.attach(ctx, g)
	if err != nil {
		end := context.WithoutCancel(ctx)
		s.detach(end, g)
		failed := domain.Sync{State: domain.SyncFailed, Error: domain.AsError(err)}
		return row, errors.Join(err, s.endSync(end, g.id, failed))
	}
	return row, nil
}

// clearCopy deletes the rows of a source. Its keys and its syncs stay.
func clearCopy(ctx context.Context, tx *sql.Tx, source int64) error {
	for _, table := range append([]string{"digests"}, stagedTables...) {
		if _, err := sqlite.Exec(ctx, tx, "DELETE FROM "+table+" WHERE source = ?", source); err != nil {
			return fmt.Errorf("clear %s: %w", table, err)
		}
	}
	return nil
}

// StagedCounts tells how many different people and groups a running sync holds so far.
func (s *Store) StagedCounts(ctx context.Context, syncID int64) (people, groups int, err error) {
	g, err := s.stager(syncID)
	if err != nil {
		return 0, 0, err
	}
	err = s.db.Write.SQL.QueryRowContext(ctx, g.sql(`SELECT (SELECT count(*) FROM sync.received),
		(SELECT count(*) FROM staged.groups WHERE source = ?1)`), g.source).Scan(&people, &groups)
	return people, groups, s.db.Fault("count what was delivered", err)
}

// CommitSync makes what a sync has staged the local copy, in one transaction: people, groups and apps that were not
// delivered are marked as removed, those that are back lose the mark, rows that are equal are not touched. drift is the
// sentence to keep with it. On an error nothing has changed, and the sync still has to be aborted.
func (s *Store) CommitSync(ctx context.Context, syncID int64, short domain.Shortfall) (domain.Sync, error) {
	return s.commit(ctx, syncID, short, nil)
}

func (s *Store) commit(
	ctx context.Context, syncID int64, short domain.Shortfall, changes *domain.Changes,
) (domain.Sync, error) {
	g, err := s.stager(syncID)
	if err != nil {
		return domain.Sync{}, err
	}
	if err := s.prepare(ctx, g, changes != nil); err != nil {
		return domain.Sync{}, err
	}
	row, err := s.save(ctx, g, short, changes)
	if err != nil {
		return domain.Sync{}, err
	}
	s.forget(context.WithoutCancel(ctx), g)
	return row.domain(g.sourceID), nil
}

// save is the one transaction in which what was staged becomes the local copy.
func (s *Store) save(
	ctx context.Context, g *stager, short domain.Shortfall, changes *domain.Changes,
) (row syncModel, err error) {
	err = s.db.Update(ctx, "save the sync", func(tx *sql.Tx) error {
		if err := g.stillCompared(ctx, tx); err != nil {
			return err
		}
		s.mu.Lock()
		m := merger{stager: g, tx: tx, now: time.Now().Unix(), short: short, changes: changes,
			left: slices.Sorted(maps.Keys(g.afresh))}
		s.mu.Unlock()
		if err := s.noteUnread(ctx, &m); err != nil {
			return err
		}
		if row, err = m.commit(ctx); err != nil {
			return err
		}
		if err := s.noteRead(ctx, &m); err != nil {
			return err
		}
		if err := s.noteMerged(ctx, tx, &m); err != nil {
			return err
		}
		return m.keepDigests(ctx)
	})
	return row, err
}

// AbortSync drops what a sync has staged and keeps how it ended: state and error of outcome, SyncFailed or
// SyncCancelled. The local copy stays as it was; of a source's first sync, what is there stays as a partial copy.
func (s *Store) AbortSync(ctx context.Context, syncID int64, outcome domain.Sync) error {
	g, err := s.stager(syncID)
	if err != nil {
		return err
	}
	s.forget(ctx, g)
	return s.endSync(ctx, syncID, outcome)
}

// forget ends the staging of a sync.
func (s *Store) forget(ctx context.Context, g *stager) {
	s.detach(ctx, g)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.stagers, g.sourceID)
}

// endSync writes how a sync without a result ended.
func (s *Store) endSync(ctx context.Context, syncID int64, outcome domain.Sync) error {
	row := syncModel{State: string(outcome.State), FinishedAt: time.Now().Unix()}.withError(outcome.Error)
	err := s.db.Write.ORM.WithContext(ctx).Model(&syncModel{}).Where("id = ?", syncID).Updates(row).Error
	return s.db.Fault("note how the sync ended", err)
}

// settleSyncs ends what a crash has left: running syncs become failed ones, and their files go.
func (s *Store) settleSyncs(ctx context.Context) error {
	if err := errors.Join(s.removeStaging(), s.removePages()); err != nil {
		return err
	}
	row := syncModel{State: string(domain.SyncFailed), FinishedAt: time.Now().Unix()}.withError(&domain.Error{
		Code: domain.Cancelled, Reason: "interrupted",
		Message: "Seatkeeper ended while this sync was running.",
		Hint:    "Sync again. Nothing of an earlier complete sync was lost.",
	})
	err := s.db.Write.ORM.WithContext(ctx).Model(&syncModel{}).Where("state = ?", domain.SyncRunning).Updates(row).Error
	return s.db.Fault("settle interrupted syncs", err)
}

// LastSync returns the newest sync of a source, running ones included; its State is SyncNever when there is none.
func (s *Store) LastSync(ctx context.Context, sourceID string) (domain.Sync, error) {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return domain.Sync{}, err
	}
	var row syncModel
	err = s.db.Read.ORM.WithContext(ctx).Where("source = ?", key).Order("id DESC").First(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return domain.Sync{SourceID: sourceID, State: domain.SyncNever}, nil
	}
	if err != nil {
		return domain.Sync{}, s.db.Fault("read the last sync", err)
	}
	return row.domain(sourceID), nil
}

// sourceKey gives the mirror's key of a source, 0 while it was never synced.
func (s *Store) sourceKey(ctx context.Context, sourceID string) (int64, error) {
	var key int64
	if err := s.db.Usable(); err != nil {
		return 0, err
	}
	err := s.db.Read.SQL.QueryRowContext(ctx, "SELECT key FROM sources WHERE source_id = ?", sourceID).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return key, s.db.Fault("find the source", err)
}

// DropSource deletes everything about a source, and gives the room back, so that no page of the file still holds the
// people. Dropping one that is not there is no error; it is a Conflict while a sync of the source is being written.
func (s *Store) DropSource(ctx context.Context, sourceID string) error {
	s.mu.Lock()
	_, busy := s.stagers[sourceID]
	s.mu.Unlock()
	if busy {
		return domain.Errorf(domain.Conflict, "A sync of this source is running.").WithHint("Stop the sync first.")
	}
	if err := os.Remove(s.pagesFile(sourceID)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return s.db.Fault("delete the pages of a sync", err)
	}
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil || key == 0 {
		return err
	}
	err = s.db.Update(ctx, "delete the local copy", func(tx *sql.Tx) error {
		s.noteNobody()
		if err := deleteImage(ctx, tx, key); err != nil {
			return err
		}
		if err := clearCopy(ctx, tx, key); err != nil {
			return err
		}
		for _, table := range importTables {
			if _, err := sqlite.Exec(ctx, tx, "DELETE FROM "+table+" WHERE source = ?", key); err != nil {
				return err
			}
		}
		for _, statement := range []string{
			"DELETE FROM people_changes WHERE source = ?", "DELETE FROM unread_people WHERE source = ?",
			"DELETE FROM history WHERE source = ?", "DELETE FROM accounts WHERE source = ?",
			"DELETE FROM refs WHERE source = ?",
			"DELETE FROM syncs WHERE source = ?", "DELETE FROM sources WHERE key = ?",
		} {
			if _, err := sqlite.Exec(ctx, tx, statement, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := s.db.Write.SQL.ExecContext(ctx, statement); err != nil {
			s.o.Log.WarnContext(ctx, "could not give the room of a deleted copy back", "error", err)
		}
	}
	return nil
}
