package directory_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
)

// TestKeptAnswersAreThoseOfNow checks that an overview and a list of groups that are kept are what somebody is told who
// asks for the first time: whatever has happened to the copy, at whatever threshold, of one source and of another,
// today and tomorrow, and whatever was done to the answers that were given.
func TestKeptAnswersAreThoseOfNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := openCopied(t, 9, 120)
		other := *m
		other.source, other.c = "other", randomOrg(m.r, 80).now
		other.begin()
		bus := &events.Bus{}
		s := directory.New(directory.Options{Store: m.db.Mirror, Bus: bus})
		defer s.Close()
		sameAnswers(t, m, s, "at first")
		for i := range 12 {
			changed := []*copied{m, &other}[i%2]
			what := changed.step()
			if i >= 8 {
				what += " and groups that come from the identity provider"
				for g := range changed.c.groups {
					changed.c.groups[g].Synced = domain.Tri(1 + (g+i/2)%2)
				}
				changed.sync()
			}
			bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: changed.source})
			time.Sleep(time.Second)
			synctest.Wait()
			sameAnswers(t, m, s, "after "+what+" of "+changed.source)
		}
		for range 3 {
			time.Sleep(24 * time.Hour)
			sameAnswers(t, m, s, "on the next day")
		}
	})
}

// sameAnswers asks a service about both sources, each question again while its answer may be kept: the last one is the
// next one's first.
func sameAnswers(t *testing.T, m *copied, s *directory.Service, when string) {
	t.Helper()
	for _, source := range []string{"s", "other", "s"} {
		for _, days := range []int{30, 30, 200, 30} {
			sameAnswer(t, m, s, fmt.Sprintf("%s: the overview of %s at %d days", when, source, days), func(s *directory.Service) ([]directory.AppTile, error) {
				return s.Overview(t.Context(), source, days)
			}, func(tiles []directory.AppTile) { clear(tiles) })
		}
		for _, q := range []directory.GroupQuery{{}, {}, {Search: "a"}, {Kind: directory.GroupsLocked, Sort: directory.GroupsByMembers, Desc: true}} {
			q.SourceID, q.Count = source, 1000
			sameAnswer(t, m, s, fmt.Sprintf("%s: %+v", when, q), func(s *directory.Service) (directory.GroupPage, error) {
				return s.GroupList(t.Context(), q)
			}, func(page directory.GroupPage) {
				clear(page.Kinds)
				clear(page.Groups)
				clear(page.Directories)
			})
		}
	}
}

// sameAnswer compares an answer with that of a service that has nothing kept, and spoils it then.
func sameAnswer[T any](t *testing.T, m *copied, s *directory.Service, what string, ask func(*directory.Service) (T, error), spoil func(T)) {
	t.Helper()
	fresh := directory.New(directory.Options{Store: m.db.Mirror})
	defer fresh.Close()
	want, err := ask(fresh)
	m.must(err)
	got, err := ask(s)
	m.must(err)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n  got %+v\n want %+v", what, got, want)
	}
	spoil(got)
}

// TestGroupKinds checks how many groups of each kind are told, and which are listed.
func TestGroupKinds(t *testing.T) {
	apps := func(g directory.GroupInfo) int { return max(len(g.GrantsAccess), g.AppCount) }
	kinds := map[string]func(directory.GroupInfo) bool{
		directory.GroupsEmpty:    func(g directory.GroupInfo) bool { return g.MemberCount == 0 },
		directory.GroupsSynced:   func(g directory.GroupInfo) bool { return g.Synced == domain.Yes },
		directory.GroupsLocked:   func(g directory.GroupInfo) bool { return g.Locked() != "" },
		directory.GroupsOpen:     func(g directory.GroupInfo) bool { return g.Locked() == "" && g.Synced == domain.No },
		directory.GroupsUnsure:   func(g directory.GroupInfo) bool { return g.Locked() == "" && g.Synced == domain.Unknown },
		directory.GroupsManyApps: func(g directory.GroupInfo) bool { return apps(g) > 1 },
		directory.GroupsAdmin:    func(g directory.GroupInfo) bool { return g.AdminsOf() != "" },
		directory.GroupsDefault:  func(g directory.GroupInfo) bool { return g.IsDefault() },
		directory.GroupsLeaks:    func(g directory.GroupInfo) bool { return g.IsDefault() && apps(g) > 1 },
	}
	told := map[string]int{}
	for seed := range uint64(12) {
		s := openOn(randomOrg(rand.New(rand.NewPCG(seed, 12)), 40))
		list := func(search, kind string) directory.GroupPage {
			page, err := s.GroupList(context.Background(), directory.GroupQuery{SourceID: "s", Search: search, Kind: kind, Count: directory.MaxRows})
			if err != nil || len(page.Groups) != page.Total {
				t.Fatal(len(page.Groups), page.Total, err)
			}
			return page
		}
		for _, search := range []string{"", "a", "jira-users", "no such group"} {
			found := list(search, "")
			if k := found.Kinds; k[directory.GroupsLocked]+k[directory.GroupsOpen]+k[directory.GroupsUnsure] != found.Total {
				t.Errorf("seed %d: %q finds %d groups, which are %v", seed, search, found.Total, k)
			}
			for kind, is := range kinds {
				var want []directory.GroupInfo
				for _, g := range found.Groups {
					if is(g) {
						want = append(want, g)
					}
				}
				page := list(search, kind)
				told[kind] += len(want)
				if found.Kinds[kind] != len(want) || !reflect.DeepEqual(append([]directory.GroupInfo(nil), page.Groups...), want) {
					t.Errorf("seed %d: %q has %d groups that are %s, %d are listed, not %d", seed, search, found.Kinds[kind], kind, page.Total, len(want))
				}
			}
		}
		s.Close()
	}
	for kind := range kinds {
		if told[kind] == 0 {
			t.Errorf("no group is %s", kind)
		}
	}
}
