// Package sourcetest is the contract that every kind of source keeps, run against the simulator: complete reads whatever the pages
// look like, errors instead of short lists, and changes that are sent once with the right word about their effect.
//
// It is for tests only and knows no kind: each kind's own test describes itself as a Subject.
package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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
	return got, err //nolint:wrapcheck // the error is what is tested
}

func (g *Got) take(b domain.Batch) {
	for _, u := range b.Users {
		g.Emitted++
		if old, known := g.Users[u.AccountID]; known {
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

// Run runs the whole contract.
func Run(t *testing.T, s Subject) {
	t.Helper()
	t.Run("reads everything", s.readsEverything)
	t.Run("gets over faults that pass", s.passingFaults)
	t.Run("never delivers a short list", s.neverShort)
	t.Run("stops when told", s.stops)
	t.Run("waits when told", s.waits)
	t.Run("says what is wrong with the connection", s.connection)
	t.Run("reads chosen people", s.chosen)
	t.Run("changes once", s.changes)
}

// bubble runs a test in virtual time over a world of its own; a goroutine that outlives it fails the test.
func bubble(t *testing.T, cfg sim.Config, f func(t *testing.T, w *sim.World)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, sim.New(cfg)) })
}

func (s Subject) readsEverything(t *testing.T) {
	for _, cfg := range []sim.Config{
		{People: 10},
		{People: 101, MaxPage: 50},
		{People: 700, Seed: 3, Latency: 80 * time.Millisecond},
		{People: 400, Seed: 4, ExpandGroups: 2},
		{People: 300, Seed: 5, Sites: 3, Original: true, AppAccounts: true},
		{People: 300, Seed: 6, WorkspaceURL: true, HideUnused: true},
	} {
		t.Run(fmt.Sprintf("%d people, seed %d", cfg.People, cfg.Seed), func(t *testing.T) {
			bubble(t, cfg, func(t *testing.T, w *sim.World) {
				src := s.Open(t, w, nil)
				defer src.Close()
				got, err := Collect(t.Context(), src)
				if err != nil {
					t.Fatal(err)
				}
				s.Check(t, w, got)
				s.totals(t, got)
				last := got.Progress[len(got.Progress)-1]
				if last.People != len(got.Users) || last.Groups != len(got.Groups) || last.Requests == 0 {
					t.Errorf("the last progress says %+v for %d people and %d groups", last, len(got.Users), len(got.Groups))
				}
			})
		})
	}
}

// listings are the fault patterns, each once.
func (s Subject) listings() []string {
	list := []string{s.People, s.Groups, s.Members}
	slices.Sort(list)
	return slices.Compact(list)
}

func (s Subject) totals(t *testing.T, got Got) {
	t.Helper()
	if s.Counted && got.Totals.People != len(got.Users) {
		t.Errorf("the source counts %d people, delivered were %d", got.Totals.People, len(got.Users))
	}
	if got.Totals.Groups != len(got.Groups) {
		t.Errorf("the source counts %d groups, delivered were %d", got.Totals.Groups, len(got.Groups))
	}
}

// passingFaults strike a few times and then stop; a read must get over them and be complete.
func (s Subject) passingFaults(t *testing.T) {
	for _, f := range []sim.Fault{
		{Kind: sim.FaultStatus, Status: 503, Count: 3},
		{Kind: sim.FaultStatus, Status: 500, Count: 3},
		{Kind: sim.FaultStatus, Status: 502, Body: sim.FormHTML, Count: 2},
		{Kind: sim.FaultRateLimit, Count: 10},
		{Kind: sim.FaultRateLimit, Count: 1, Delay: 20 * time.Second},
		{Kind: sim.FaultCut, Count: 3},
		{Kind: sim.FaultRefused, Count: 3},
		{Kind: sim.FaultNoNetwork, Count: 2},
		{Kind: sim.FaultCutBody, Count: 3},
		{Kind: sim.FaultStall, Count: 2, Delay: 10 * time.Second},
		{Kind: sim.FaultLatency, Delay: 20 * time.Second, Count: 5},
		{Kind: sim.FaultPageShort, Count: 6},
	} {
		for _, path := range s.listings() {
			for skip := range 3 {
				f.Path, f.Skip = path, skip
				t.Run(fmt.Sprintf("%s %d on %s after %d", f.Kind, f.Status, strings.Trim(path, "*/"), skip), func(t *testing.T) {
					bubble(t, sim.Config{People: 400, Seed: 2}, func(t *testing.T, w *sim.World) {
						w.SetFaults(f)
						src := s.Open(t, w, nil)
						defer src.Close()
						got, err := Collect(t.Context(), src)
						if err != nil {
							t.Fatal(err)
						}
						s.Check(t, w, got)
						s.totals(t, got)
					})
				})
			}
		}
	}
}

// neverShort plants faults that do not pass: a read ends with an error, or it is complete, or its own count gives the loss away.
func (s Subject) neverShort(t *testing.T) {
	for _, f := range []sim.Fault{
		{Kind: sim.FaultStatus, Status: 500}, {Kind: sim.FaultStatus, Status: 401}, {Kind: sim.FaultStatus, Status: 403},
		{Kind: sim.FaultCut}, {Kind: sim.FaultCutBody}, {Kind: sim.FaultHTML}, {Kind: sim.FaultRedirect, Location: "https://login.example/"},
		{Kind: sim.FaultBadJSON}, {Kind: sim.FaultWrongShape}, {Kind: sim.FaultPageEmpty, Count: 1}, {Kind: sim.FaultPageRepeat},
		{Kind: sim.FaultPageLost}, {Kind: sim.FaultPageEnd},
		{Kind: sim.FaultRateLimit, Delay: time.Hour},
	} {
		for _, path := range s.listings() {
			if f.Kind == sim.FaultPageLost && path == s.People && !s.Counted {
				continue // without a count nobody can tell
			}
			for skip := range 2 {
				f.Path, f.Skip = path, skip
				t.Run(fmt.Sprintf("%s %d on %s after %d", f.Kind, f.Status, strings.Trim(path, "*/"), skip), func(t *testing.T) {
					bubble(t, sim.Config{People: 400, Groups: 130, Seed: 2}, func(t *testing.T, w *sim.World) {
						clean := s.Open(t, w, nil)
						want, err := Collect(t.Context(), clean)
						if err != nil {
							t.Fatal(err)
						}
						clean.Close()
						w.SetFaults(f)
						src := s.Open(t, w, nil)
						defer src.Close()
						got, err := Collect(t.Context(), src)
						if err != nil {
							s.knownError(t, err)
							return
						}
						s.complete(t, want, got)
					})
				})
			}
		}
	}
}

// knownError wants an error of the closed set, with words for the user.
func (s Subject) knownError(t *testing.T, err error) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Message == "" || e.Hint == "" {
		t.Errorf("not an error for a user: %#v", err)
	}
}

// complete accepts a read without an error only when nothing is missing, or the totals show that something is.
func (s Subject) complete(t *testing.T, want, got Got) {
	t.Helper()
	shown := (s.Counted && got.Totals.People > len(got.Users)) || got.Totals.Groups > len(got.Groups)
	for id, u := range want.Users {
		have, ok := got.Users[id]
		switch {
		case !ok && shown:
		case !ok:
			t.Fatalf("%s is missing and nothing shows it: %d of %d people, totals %+v", id, len(got.Users), len(want.Users), got.Totals)
		case !slices.Equal(have.GroupIDs, u.GroupIDs) && !shown:
			t.Fatalf("%s misses groups and nothing shows it: %v, want %v", id, have.GroupIDs, u.GroupIDs)
		}
	}
	for id := range want.Groups {
		if _, ok := got.Groups[id]; !ok && !shown {
			t.Fatalf("group %s is missing and nothing shows it: totals %+v", id, got.Totals)
		}
	}
}

// stops ends a read by the context and by an error of the receiver.
func (s Subject) stops(t *testing.T) {
	for _, after := range []time.Duration{0, 50 * time.Millisecond, 130 * time.Millisecond, 700 * time.Millisecond} {
		bubble(t, sim.Config{People: 2000, Latency: 100 * time.Millisecond}, func(t *testing.T, w *sim.World) {
			src := s.Open(t, w, nil)
			defer src.Close()
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			stop, cancelStop := context.WithCancel(t.Context())
			context.AfterFunc(ctx, cancelStop)
			start := time.Now()
			_, err := Collect(stop, src)
			if domain.CodeOf(err) != domain.Cancelled || time.Since(start) > after+time.Second {
				t.Errorf("stopped after %v: %v at %v", after, err, time.Since(start))
			}
		})
	}
	errFull := errors.New("disk full")
	bubble(t, sim.Config{People: 1000, Latency: 100 * time.Millisecond}, func(t *testing.T, w *sim.World) {
		src := s.Open(t, w, nil)
		defer src.Close()
		_, err := src.Read(t.Context(), func(b domain.Batch) error {
			if len(b.Users) > 0 {
				return errFull
			}
			return nil
		}, nil)
		if !errors.Is(err, errFull) {
			t.Errorf("%v, want the receiver's error", err)
		}
	})
}

// waits reads under a budget and wants neither a refusal that is not respected nor much time lost.
func (s Subject) waits(t *testing.T) {
	for _, form := range []sim.RetryAfterForm{sim.RetrySeconds, sim.RetryDate, sim.RetryNone, sim.RetryGarbage, sim.RetryPast} {
		for _, epoch := range []bool{false, true} {
			cfg := sim.Config{
				People: 2000, Groups: 60, RetryAfter: form, ResetEpoch: epoch,
				Rates: []sim.Rate{{Limit: 10, Window: time.Minute}},
			}
			bubble(t, cfg, func(t *testing.T, w *sim.World) {
				src := s.Open(t, w, nil)
				defer src.Close()
				got, err := Collect(t.Context(), src)
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				s.Check(t, w, got)
				refused := 0
				for _, e := range w.Journal() {
					if e.Status == http.StatusTooManyRequests {
						refused++
					}
				}
				if all := len(w.Journal()); refused*4 > all {
					t.Errorf("%s: %d of %d requests were refused", form, refused, all)
				}
				if !slices.ContainsFunc(got.Progress, func(p domain.ReadProgress) bool { return p.Waiting > time.Second }) {
					t.Errorf("%s: the progress never told of the wait", form)
				}
			})
		}
	}
}
