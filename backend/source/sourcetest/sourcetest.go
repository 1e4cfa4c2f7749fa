// Package sourcetest is the contract that every kind of source keeps, run against the simulator: complete reads whatever the pages
// look like, errors instead of short lists, and changes that are sent once with the right word about their effect.
//
// It is for tests only and knows no kind: each kind's own test describes itself as a Subject.
package sourcetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// Subject is one kind of source with what the suite must know about it.
type Subject struct {
	Kind domain.SourceKind
	// Config connects to a world with working credentials.
	Config func(w *sim.World) source.Config
	// SecretField is the form's field with the credential.
	SecretField string
	// People, Groups and Members are fault patterns of the calls that list people, groups and memberships.
	People, Groups, Members string
	// Counted tells whether the source has its own count of people, so that a list which lies about its end is noticed.
	Counted bool
	// Prepare adds to a world's configuration what the subject needs; nil for nothing.
	Prepare func(*sim.Config)
	// Truth is where the subject's people are in a world; nil is the organization.
	Truth func(w *sim.World) Truth
	// Scene is whom and what the deeds are about, and Done the truth about each deed that the subject can do, by the deed's name; both
	// go with Truth.
	Scene func(w *sim.World) Scene
	Done  map[string]func(w *sim.World, x Scene) bool
	// Tries is the end of a call's path that the subject asks for although it may not be there; "" for none.
	Tries string
	// Points are the open questions about the subject; nil for the organization's. Those of the organization that do not concern a
	// site's own calls are asked of the organization only.
	Points []OpenPoint
	// NoID is text that the subject must refuse as an account id; "" is "../x".
	NoID string
	// thin runs each part of the contract with fewer faults.
	thin bool
	// Check compares a complete read with the truth.
	Check func(t *testing.T, w *sim.World, got Got)
}

// Got is what a read delivered, merged by id as the local copy does.
type Got struct {
	Users       map[string]domain.User
	Groups      map[string]domain.Group
	Apps        map[string]domain.App
	Directories map[string]domain.Directory
	Domains     []domain.Domain
	Totals      domain.ReadTotals
	Progress    []domain.ReadProgress
	Emitted     int // users in all batches
}

// Open opens the subject on a world; change may spoil the configuration.
func (s Subject) Open(t *testing.T, w *sim.World, change func(*source.Config)) source.Source {
	t.Helper()
	kind, ok := source.Kinds.Get(string(s.Kind))
	if !ok {
		t.Fatalf("the kind %s is not registered", s.Kind)
	}
	cfg := s.Config(w)
	if change != nil {
		change(&cfg)
	}
	src, err := kind.Open(cfg)
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	return src
}

// Collect reads everything. The batches must come one at a time.
func Collect(ctx context.Context, src source.Source) (Got, error) {
	got := Got{
		Users: map[string]domain.User{}, Groups: map[string]domain.Group{}, Apps: map[string]domain.App{},
		Directories: map[string]domain.Directory{},
	}
	var progress sync.Mutex
	var busy sync.Mutex
	totals, err := src.Read(ctx, func(b domain.Batch) error {
		if !busy.TryLock() {
			return errors.New("two batches at once")
		}
		defer busy.Unlock()
		got.take(b)
		return nil
	}, func(p domain.ReadProgress) {
		progress.Lock()
		defer progress.Unlock()
		got.Progress = append(got.Progress, p)
	})
	got.Totals = totals
	return got, err
}

// statuses are in the order in which the mirror merges them: of two, the later one holds.
var statuses = []domain.Status{
	domain.StatusUnknown, domain.StatusNoAccess, domain.StatusSuspended, domain.StatusInvited, domain.StatusActive, domain.StatusDeactivated,
	domain.StatusForDeletion,
}

func (g *Got) take(b domain.Batch) {
	for _, u := range b.Users {
		g.Emitted++
		if old, known := g.Users[u.AccountID]; known {
			if slices.Index(statuses, old.Status) > slices.Index(statuses, u.Status) {
				u.Status = old.Status
			}
			for _, m := range old.Memberships {
				if !slices.ContainsFunc(u.Memberships, func(x domain.DirectoryMembership) bool { return x.DirectoryID == m.DirectoryID }) {
					u.Memberships = append(u.Memberships, m)
				}
			}
			for _, id := range old.GroupIDs {
				if !slices.Contains(u.GroupIDs, id) {
					u.GroupIDs = append(u.GroupIDs, id)
				}
			}
		}
		slices.Sort(u.GroupIDs)
		g.Users[u.AccountID] = u
	}
	for _, x := range b.Groups {
		g.Groups[x.GroupID] = x
	}
	for _, x := range b.Apps {
		g.Apps[x.AppID] = x
	}
	for _, x := range b.Directories {
		g.Directories[x.DirectoryID] = x
	}
	g.Domains = append(g.Domains, b.Domains...)
}

// Run runs the whole contract, and again with either answer to each open question.
func Run(t *testing.T, s Subject) {
	t.Helper()
	s.whole(t)
	t.Run("tells the state in each directory", s.eachDirectory)
	t.Run("holds with either answer", s.eitherAnswer)
}

func (s Subject) whole(t *testing.T) {
	t.Helper()
	t.Run("reads everything", s.readsEverything)
	t.Run("gets over faults that pass", s.passingFaults)
	t.Run("never delivers a short list", s.neverShort)
	t.Run("puts up with odd answers", s.oddAnswers)
	t.Run("stops when told", s.stops)
	t.Run("waits when told", s.waits)
	t.Run("says what is wrong with the connection", s.connection)
	t.Run("reads chosen people", s.chosen)
	t.Run("reads one group", s.oneGroup)
	t.Run("changes once", s.changes)
	t.Run("does every deed once", s.deedsOnce)
}

// truth is the subject's truth in a world.
func (s Subject) truth(w *sim.World) Truth {
	if s.Truth == nil {
		return organization{w}
	}
	return s.Truth(w)
}

// bubble runs a test in virtual time over a world of its own; a goroutine that outlives it fails the test.
func (s Subject) bubble(t *testing.T, cfg sim.Config, f func(t *testing.T, w *sim.World)) {
	t.Helper()
	if s.Prepare != nil {
		s.Prepare(&cfg)
	}
	synctest.Test(t, func(t *testing.T) { f(t, sim.New(cfg)) })
}
