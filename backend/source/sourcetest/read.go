package sourcetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

func isLater(skip int) bool { return skip > 0 }

// readsEverything compares complete reads with the truth.
func (s Subject) readsEverything(t *testing.T) {
	for _, cfg := range some(s, []sim.Config{
		{People: 10},
		{People: 101, MaxPage: 50},
		{People: 700, Seed: 3, Latency: 80 * time.Millisecond},
		{People: 400, Seed: 4, ExpandGroups: 2},
		{People: 300, Seed: 5, Sites: 3, Original: true, AppAccounts: true},
		{People: 300, Seed: 6, WorkspaceURL: true, HideUnused: true},
	}, func(cfg sim.Config) bool { return cfg.People <= 101 || cfg.Original }) {
		t.Run(fmt.Sprintf("%d people, seed %d", cfg.People, cfg.Seed), func(t *testing.T) {
			s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
				t.Helper()
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
	for _, f := range s.faults([]sim.Fault{
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
	}) {
		for _, path := range s.listings() {
			for _, skip := range some(s, []int{0, 1}, isLater) {
				f.Path, f.Skip = path, skip
				t.Run(fmt.Sprintf("%s %d on %s after %d", f.Kind, f.Status, strings.Trim(path, "*/"), skip), func(t *testing.T) {
					s.bubble(t, sim.Config{People: 130, Seed: 2}, func(t *testing.T, w *sim.World) {
						t.Helper()
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
	cfg := sim.Config{People: 150, Groups: 45, Seed: 2}
	var want Got // the same seed gives the same people
	s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		var err error
		if want, err = Collect(t.Context(), src); err != nil {
			t.Fatal(err)
		}
	})
	for _, f := range s.faults([]sim.Fault{
		{Kind: sim.FaultStatus, Status: 500}, {Kind: sim.FaultStatus, Status: 401}, {Kind: sim.FaultStatus, Status: 403},
		{Kind: sim.FaultCut}, {Kind: sim.FaultCutBody}, {Kind: sim.FaultHTML}, {Kind: sim.FaultRedirect, Location: "https://login.example/"},
		{Kind: sim.FaultBadJSON}, {Kind: sim.FaultWrongShape}, {Kind: sim.FaultPageEmpty, Count: 1}, {Kind: sim.FaultPageRepeat},
		{Kind: sim.FaultPageLost}, {Kind: sim.FaultPageEnd},
		{Kind: sim.FaultRateLimit, Delay: time.Hour},
	}) {
		for _, path := range s.listings() {
			if f.Kind == sim.FaultPageLost && path == s.People && !s.Counted {
				continue // without a count nobody can tell
			}
			for _, skip := range some(s, []int{0, 1}, isLater) {
				f.Path, f.Skip = path, skip
				t.Run(fmt.Sprintf("%s %d on %s after %d", f.Kind, f.Status, strings.Trim(path, "*/"), skip), func(t *testing.T) {
					s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
						t.Helper()
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

// complete accepts a read without an error only when nothing is missing, or the totals show or say that something is.
func (s Subject) complete(t *testing.T, want, got Got) {
	t.Helper()
	shown := (s.Counted && got.Totals.People > len(got.Users)) || got.Totals.Groups > len(got.Groups)
	for id, u := range want.Users {
		have, ok := got.Users[id]
		switch {
		case !ok && shown:
		case !ok:
			t.Fatalf("%s is missing and nothing shows it: %d of %d people, totals %+v", id, len(got.Users), len(want.Users), got.Totals)
		case !slices.Equal(have.GroupIDs, u.GroupIDs) && !shown && !strings.Contains(got.Totals.Note, "may lack members"):
			t.Fatalf("%s misses groups and nothing shows it: %v, want %v", id, have.GroupIDs, u.GroupIDs)
		}
	}
	for id := range want.Groups {
		if _, ok := got.Groups[id]; !ok && !shown {
			t.Fatalf("group %s is missing and nothing shows it: totals %+v", id, got.Totals)
		}
	}
}
