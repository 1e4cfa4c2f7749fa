package mirrordb

import (
	"context"
	"database/sql"
	"errors"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// errRowsMoved says that rows were written, nobody knows whose, after the delivery was compared with the copy.
var errRowsMoved = errors.New("the copy has changed")

// prepare stages the people of whom something else was delivered than is in the copy, and notes who was not delivered. A sync of changes
// stages everybody whom it has read. It writes nothing to the copy, so that saving holds up nobody for longer than it must.
func (s *Store) prepare(ctx context.Context, g *stager, changes bool) error {
	if g.spool == nil { // a first sync's people stand in the copy
		return s.replayFacts(ctx, g, all)
	}
	var found comparison
	if err := s.db.View(ctx, "compare with the local copy", func(tx *sql.Tx) (err error) {
		if err = sqlite.One(ctx, tx, "SELECT generation FROM copy_state", nil, &g.compared); err == nil && !changes {
			found, err = g.came.compare(ctx, tx, g.source)
		}
		return err
	}); err != nil {
		return err
	}
	if err := s.stageMissing(ctx, g, found.missing); err != nil {
		return err
	}
	// The digests that are kept are of what is staged, not of what came: were a record read back otherwise than it was written, the next
	// full sync would find a difference.
	if err := s.restage(g); err != nil {
		return err
	}
	users, facts := found.users.has, found.facts.has
	if changes {
		users, facts = all, all
	}
	if err := s.replayUsers(ctx, g, users); err != nil {
		return err
	}
	if err := s.replayFacts(ctx, g, facts); err != nil {
		return err
	}
	return s.stage(ctx, g, func(w *writer) error {
		m := merger{stager: g, tx: w.tx}
		if !changes {
			if err := g.stageDigests(ctx, w.tx); err != nil {
				return err
			}
		} else if err := m.keepBillable(ctx); err != nil {
			return err
		}
		return m.findDifferences(ctx)
	})
}

// all wants every record.
func all(uint32) bool { return true }

// restage begins the delivery that is staged, anew after an attempt before.
func (s *Store) restage(g *stager) (err error) {
	if g.staged != nil {
		err = g.staged.drop()
	}
	if err == nil {
		g.staged, err = newDelivery(s.db.Newest(), s.stagingFile(g, ".staged"))
	}
	return s.db.Fault("stage what was delivered", err)
}

// replayUsers stages wanted users, in the order of delivery.
func (s *Store) replayUsers(ctx context.Context, g *stager, wanted func(uint32) bool) error {
	return s.db.Fault("stage what was delivered", each(g.spool, wanted, (*decoder).user, func(users []domain.User) error {
		return s.stageBatch(ctx, g, domain.Batch{Users: users})
	}))
}

// replayFacts stages wanted facts, now that everybody is there whom they may be about.
func (s *Store) replayFacts(ctx context.Context, g *stager, wanted func(uint32) bool) error {
	return s.db.Fault("stage what was delivered", each(g.facts, wanted, (*decoder).fact, func(facts []domain.AccountFact) error {
		return s.stageBatch(ctx, g, domain.Batch{Accounts: facts})
	}))
}

// stageMissing begins the staging of people: with who is missing, and the apps of those who will get no rows.
func (s *Store) stageMissing(ctx context.Context, g *stager, missing []int64) error {
	return s.stage(ctx, g, func(w *writer) error {
		for _, table := range append(peopleStaging(), "users") { // of an attempt before
			if _, err := sqlite.Exec(ctx, w.tx, g.sql("DELETE FROM staged."+table)); err != nil {
				return err
			}
		}
		var ids sqlite.Document
		for _, id := range missing {
			ids.Number(id)
		}
		if _, err := sqlite.Exec(ctx, w.tx, g.sql("INSERT INTO staged.missing SELECT value FROM json_each(?)"), ids.String()); err != nil {
			return err
		}
		if err := w.intern(ctx, domain.Batch{Users: []domain.User{g.apps}}); err != nil {
			return err
		}
		return w.unnamedApps(ctx, []domain.User{g.apps})
	})
}

// stillCompared tells, in the transaction that saves, whether the comparison still holds. Of people who were read afresh since it does: they
// are left as they are.
func (g *stager) stillCompared(ctx context.Context, tx *sql.Tx) error {
	if g.compared == 0 {
		return nil
	}
	since, err := changesSince(ctx, tx, g.sourceID, g.compared)
	if err == nil && since.Whole {
		err = errRowsMoved
	}
	return err
}
