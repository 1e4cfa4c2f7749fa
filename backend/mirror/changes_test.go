package mirror_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// runChanges runs a sync of changes to its end and expects it to be done.
func runChanges(t testing.TB, e *mirror.Engine) domain.Sync {
	t.Helper()
	if _, err := e.StartChanges(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	done, err := e.Wait(context.Background(), id)
	if err != nil || done.State != domain.SyncDone {
		t.Fatalf("%+v %v", done.Error, err)
	}
	return done
}

// meddle changes the organization at random, as other admins would.
func meddle(t *testing.T, w *sim.World, src source.Source, random *rand.Rand, n int) {
	t.Helper()
	people := w.People(0, func(p sim.PersonState) bool {
		return p.Status != "for_deletion" && !p.OrgAdmin && len(p.Directories) > 0
	})
	for i := range n {
		p := people[random.IntN(len(people))]
		groups := w.Groups()
		g := groups[random.IntN(len(groups))]
		now, _ := w.State(p.AccountID)
		switch random.IntN(8) {
		case 0:
			if now.Status == "active" { // of a deactivated account Atlassian does not show whether it is suspended too
				w.Suspend(p.AccountID)
			}
		case 1:
			w.Restore(p.AccountID)
		case 2:
			w.Remove(p.AccountID)
		case 3:
			if p.Managed && now.Status == "active" {
				w.Deactivate(p.AccountID)
			}
		case 4, 5:
			if p.Directories[g.DirectoryID] != "" {
				w.AddMember(p.AccountID, g.ID)
			}
		case 6:
			if len(p.Groups) > 0 {
				w.RemoveMember(p.AccountID, p.Groups[random.IntN(len(p.Groups))])
			}
		case 7:
			maker := src.(source.GroupCreator)
			if i%2 == 0 {
				if _, _, err := maker.CreateGroup(context.Background(), g.DirectoryID,
					fmt.Sprint("new ", random.Uint64()), "made meanwhile"); err != nil {
					t.Fatal(err)
				}
			} else {
				_, _ = maker.DeleteGroup(context.Background(), g.DirectoryID, g.ID) // refused for some
			}
		}
	}
}

// After random changes a sync of changes makes the local copy what a full sync makes it: the full sync after it finds
// nothing to do.
func TestChangesEqualFull(t *testing.T) {
	for name, cfg := range map[string]sim.Config{
		"centralized": {People: 600, Sites: 2, Seed: 11},
		"original":    {People: 500, Sites: 3, Seed: 12, Original: true},
		"late":        {People: 400, Sites: 1, Seed: 13, Visible: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(cfg)
				e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
				src := connect(t, w, domain.KindAtlassianOrg)
				random := rand.New(rand.NewPCG(cfg.Seed, 1))
				runSync(t, e)
				rounds, followed := 5, 0
				for round := range rounds {
					meddle(t, w, src, random, 1+random.IntN(12))
					time.Sleep(time.Duration(1+random.IntN(40)) * time.Minute)
					before := len(w.Journal())
					done := runChanges(t, e)
					if done.Kind != domain.SyncChanges {
						t.Fatalf("round %d read everything: %s", round, done.Note)
					}
					for _, entry := range w.Journal()[before:] {
						if strings.HasSuffix(entry.Path, "/users/search") {
							followed++
						}
					}
					people, groups, apps := whole(t, s), groupsOf(t, s.Mirror), appsOf(t, s.Mirror)
					equalsTruth(t, s, w)
					full := runSync(t, e)
					billable := 0 // only a full sync lists who is: until then it is not known of people in a new state
					for account, u := range whole(t, s) {
						known := people[account]
						if known.Billable == domain.Unknown && u.Billable != domain.Unknown {
							billable++
							known.Billable = u.Billable
						}
						if !reflect.DeepEqual(u, known) {
							t.Errorf("round %d:\n%+v\n%+v", round, known, u)
						}
					}
					if full.Added+full.Removed != 0 || full.Changed != billable {
						t.Fatalf("round %d: the full sync after it found changes: %+v", round, full)
					}
					if !reflect.DeepEqual(groups, groupsOf(t, s.Mirror)) ||
						!reflect.DeepEqual(apps, appsOf(t, s.Mirror)) {
						t.Fatalf("round %d: groups or apps differ", round)
					}
				}
				t.Logf("%d searches in %d rounds", followed, rounds)
			})
		})
	}
}

func groupsOf(t *testing.T, s interface {
	Groups(ctx context.Context, sourceID string) ([]domain.Group, error)
}) []domain.Group {
	t.Helper()
	groups, err := s.Groups(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

func appsOf(t *testing.T, s interface {
	Apps(ctx context.Context, sourceID string) ([]domain.App, error)
}) []domain.App {
	t.Helper()
	apps, err := s.Apps(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return apps
}

// Where the audit log cannot tell, everything is read, and the sync says why.
func TestChangesFallBack(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  sim.Config
		kind domain.SourceKind
		wait time.Duration
		note string
	}{
		"no plan": {sim.Config{People: 60, Seed: 1, NoEvents: true}, domain.KindAtlassianOrg, time.Minute,
			"could not be read"},
		"too long ago": {sim.Config{People: 60, Seed: 1}, domain.KindAtlassianOrg, 8 * 24 * time.Hour,
			"more than 7 days"},
		"site": {sim.Config{People: 60, Seed: 1}, domain.KindJiraCloud, time.Minute, "kind of source"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(c.cfg)
				e, _ := newSimWorld(t, dir, w, c.kind)
				if first := runChanges(t, e); first.Kind != domain.SyncFull || first.Note == "" || first.People < 50 {
					t.Fatalf("a first sync: %+v", first)
				}
				time.Sleep(c.wait)
				done := runChanges(t, e)
				if done.Kind != domain.SyncFull || !strings.Contains(done.Note, c.note) {
					t.Fatalf("%+v", done)
				}
				last, fresh, err := e.State(context.Background(), id)
				if err != nil || last.Note != done.Note || fresh.Followed != (name == "too long ago") {
					t.Fatal(last, fresh, err)
				}
			})
		})
	}
}

// busyLog is a source whose audit log keeps whoever reads it waiting.
type busyLog struct {
	source.Source
	source.ChangeReader
}

func (busyLog) ReadEventsSince(ctx context.Context, _ time.Time, _ func([]domain.Event) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// A full sync is saved although the audit log keeps it waiting, and the log is followed from its beginning.
func TestFullSyncDoesNotWaitForTheLog(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(context.Background(), dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Records.SaveSource(context.Background(), domain.Source{ID: id, Kind: domain.KindAtlassianOrg,
			Name: "Acme"}); err != nil {
			t.Fatal(err)
		}
		src := connect(t, sim.New(sim.Config{People: 60, Seed: 1}), domain.KindAtlassianOrg)
		busy := busyLog{src, src.(source.ChangeReader)}
		e := mirror.New(mirror.Options{Store: s.Mirror, Open: func(context.Context, string) (source.Source,
			error) {
			return busy, nil
		}})
		begun := time.Now()
		done := make(chan struct{})
		go func() { // so that a sync that waits for ever is a failure and no hang
			defer close(done)
			runSync(t, e)
		}()
		select {
		case <-done:
			if place, err := s.Mirror.Place(context.Background(), id); err != nil || place.At.Before(begun) {
				t.Errorf("%+v, %v", place, err)
			}
		case <-time.After(10 * time.Minute):
			t.Error("the sync still waits for the log")
		}
		e.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// The log is refused only now; so much has changed that a full sync is cheaper; and the key has ended.
func TestChangesFallBackLater(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 500, Sites: 1, Seed: 5})
		e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
		runSync(t, e)
		w.SetFaults(sim.Fault{Path: "*/events-stream", Kind: sim.FaultStatus, Status: 403})
		if done := runChanges(t, e); done.Kind != domain.SyncFull || !strings.Contains(done.Note, "key or plan") {
			t.Fatalf("%+v", done)
		}
		w.SetFaults()
		runSync(t, e)
		for _, p := range w.People(260, func(p sim.PersonState) bool { return p.Status == "active" && !p.OrgAdmin }) {
			w.Suspend(p.AccountID)
		}
		time.Sleep(time.Hour)
		if done := runChanges(t, e); done.Kind != domain.SyncFull ||
			!strings.Contains(done.Note, "So much has changed") {
			t.Fatalf("%+v", done)
		}
		equalsTruth(t, s, w)
		_, key := w.Organization()
		w.Revoke(key)
		if _, err := e.StartChanges(context.Background(), id); err != nil {
			t.Fatal(err)
		}
		if done, err := e.Wait(context.Background(), id); err != nil || done.State != domain.SyncFailed ||
			done.Error.Code != domain.AuthFailed {
			t.Fatalf("%+v %v", done, err)
		}
	})
}

// Whatever goes wrong on the way, the copy is wholly the old one, the place too, and the next sync of changes brings
// what was missed.
func TestChangesFaults(t *testing.T) {
	for name, f := range map[string]sim.Fault{
		"log down":        {Path: "*/events-stream", Kind: sim.FaultStatus, Status: 503},
		"log cut":         {Path: "*/events-stream", Kind: sim.FaultCut},
		"log bad":         {Path: "*/events-stream", Kind: sim.FaultBadJSON},
		"log loops":       {Path: "*/events-stream", Kind: sim.FaultPageRepeat},
		"people down":     {Path: "*/users/search", Kind: sim.FaultStatus, Status: 503, Skip: 3},
		"people no net":   {Path: "*/users/search", Kind: sim.FaultNoNetwork, Skip: 2},
		"people bad":      {Path: "*/users/search", Kind: sim.FaultWrongShape, Skip: 1},
		"groups refused":  {Path: "*/groups/search", Kind: sim.FaultStatus, Status: 500},
		"apps cut":        {Path: "*/workspaces", Kind: sim.FaultCutBody},
		"busy for a time": {Path: "*", Kind: sim.FaultRateLimit, Delay: 20 * time.Second, Skip: 2, Count: 3},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(sim.Config{People: 300, Sites: 1, Seed: 3})
				e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
				runSync(t, e)
				before := whole(t, s)
				place, err := s.Mirror.Place(context.Background(), id)
				if err != nil {
					t.Fatal(err)
				}
				group := w.Groups()[len(w.Groups())-1]
				for i, p := range w.People(60, func(p sim.PersonState) bool {
					return p.Status == "active" &&
						!p.OrgAdmin
				}) {
					if i%2 == 0 {
						w.Suspend(p.AccountID)
					} else {
						w.AddMember(p.AccountID, group.ID)
					}
				}
				time.Sleep(10 * time.Minute)
				w.SetFaults(f)
				if _, err := e.StartChanges(context.Background(), id); err != nil {
					t.Fatal(err)
				}
				done, err := e.Wait(context.Background(), id)
				if err != nil {
					t.Fatal(err)
				}
				w.SetFaults()
				if done.State == domain.SyncFailed {
					if !reflect.DeepEqual(whole(t, s), before) {
						t.Error("the old copy was touched")
					}
					if now, err := s.Mirror.Place(context.Background(), id); err != nil ||
						!reflect.DeepEqual(now, place) {
						t.Errorf("the place moved from %v to %v without its events", place.At, now.At)
					}
				} else {
					equalsTruth(t, s, w)
				}
				if again := runChanges(t, e); again.Kind != domain.SyncChanges {
					t.Errorf("%+v", again)
				}
				equalsTruth(t, s, w)
			})
		})
	}
}

// shifted is a source whose clock is not ours: its events are dated by it, and are asked for by it.
type shifted struct {
	source.Source
	source.ChangeReader
	by *time.Duration // its clock minus ours
}

func (s shifted) Now() time.Time { return time.Now().Add(*s.by) }

func (s shifted) ReadEventsSince(ctx context.Context, since time.Time, emit func([]domain.Event) error) error {
	return s.ChangeReader.ReadEventsSince(ctx, since.Add(-*s.by), func(events []domain.Event) error {
		for i := range events {
			events[i].At = events[i].At.Add(*s.by)
		}
		return emit(events)
	})
}

// A sync of changes misses nothing where the computer's clock is wrong, or was when the last full sync ran.
func TestChangesWithAWrongClock(t *testing.T) {
	for name, c := range map[string]struct {
		first, then time.Duration // the source's clock minus ours, at the full sync and after it
		kind        domain.SyncKind
	}{
		"ahead":      {-48 * time.Hour, -48 * time.Hour, domain.SyncChanges},
		"behind":     {48 * time.Hour, 48 * time.Hour, domain.SyncChanges},
		"was ahead":  {-48 * time.Hour, 0, domain.SyncChanges},
		"was behind": {48 * time.Hour, 0, domain.SyncFull}, // as if it had been followed into the future
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(sim.Config{People: 100, Seed: 2})
				src, by := connect(t, w, domain.KindAtlassianOrg), c.first
				e, s := newEngine(t, dir, domain.KindAtlassianOrg, shifted{src, src.(source.ChangeReader), &by})
				runSync(t, e)
				for _, p := range w.People(10, func(p sim.PersonState) bool {
					return p.Status == "active" &&
						!p.OrgAdmin
				}) {
					w.Suspend(p.AccountID)
				}
				time.Sleep(10 * time.Minute)
				by = c.then
				if done := runChanges(t, e); done.Kind != c.kind {
					t.Errorf("%+v", done)
				}
				equalsTruth(t, s, w)
				e.Close()
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
