package mirrordb

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// historyOf gives a person's history in words, oldest first; groups as their ids' names.
func historyOf(t *testing.T, s *Store, u domain.User) []string {
	t.Helper()
	users, err := s.UsersByAccount(t.Context(), testSource, []string{u.AccountID})
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	events, err := s.PersonHistory(t.Context(), testSource, users[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	words := make([]string, len(events))
	for i, e := range events {
		if e.At.IsZero() || time.Since(e.At) > time.Hour {
			t.Errorf("%+v", e)
		}
		words[i] = string(e.Kind) + " " + e.Group + string(e.Status)
	}
	slices.Reverse(words)
	return words
}

// tick moves what was noted so far into the past, as syncs are not a second apart here.
func tick(t *testing.T, s *Store) {
	t.Helper()
	if _, err := s.db.Write.SQL.Exec("UPDATE history SET at = at - 60"); err != nil {
		t.Fatal(err)
	}
}

func TestHistory(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(60)
	mover, leaver := person(12), person(5)
	change := func(f func(u *domain.User)) {
		u := o.users[mover.AccountID]
		f(&u)
		o.users[mover.AccountID] = u
	}
	change(func(u *domain.User) { u.GroupIDs, u.Status = []string{"group-1", "group-2"}, domain.StatusActive })
	syncAll(t, s, testSource, o.batches(7))
	tick(t, s)
	change(func(u *domain.User) { u.GroupIDs, u.Status = []string{"group-2", "group-3"}, domain.StatusSuspended })
	delete(o.users, leaver.AccountID)
	came := person(900)
	o.users[came.AccountID] = came
	syncAll(t, s, testSource, o.batches(7))
	tick(t, s)
	o.users[leaver.AccountID] = leaver
	syncAll(t, s, testSource, o.batches(7))
	tick(t, s)
	// Read afresh after a run, then not found any more.
	fresh := o.users[mover.AccountID]
	fresh.GroupIDs, fresh.Status = []string{"group-3"}, domain.StatusActive
	if err := s.PutUsers(t.Context(), testSource, []domain.User{fresh}); err != nil {
		t.Fatal(err)
	}
	tick(t, s)
	if err := s.RemovePeople(t.Context(), testSource, []string{mover.AccountID}); err != nil {
		t.Fatal(err)
	}
	group := func(id string) string {
		for _, g := range o.groups {
			if g.GroupID == id {
				return g.Name
			}
		}
		return ""
	}
	for _, want := range []struct {
		who   domain.User
		words []string
	}{
		{mover, []string{
			"listed ", "newStatus suspended", "left " + group("group-1"), "joined " + group("group-3"),
			"newStatus active", "left " + group("group-2"), "gone ",
		}},
		{leaver, []string{"listed ", "gone ", "back "}},
		{came, []string{"came "}},
		{person(20), []string{"listed "}},
	} {
		if got := historyOf(t, s, want.who); fmt.Sprint(got) != fmt.Sprint(want.words) {
			t.Errorf("%s:\n got %q\nwant %q", want.who.AccountID, got, want.words)
		}
	}
}

// Reading somebody afresh brings apps that came and takes those that went; of one whose activity could not be read the
// known day stays.
func TestRefreshedApps(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	u := person(8)
	app := func(id string, on time.Time) domain.AppAccess {
		return domain.AppAccess{AppID: id, AppKey: "k", Known: true, LastActive: on}
	}
	u.Access, u.Billable = []domain.AppAccess{app("kept", day(20000)), app("gone", day(20001)),
		app("back", day(20002))}, domain.Yes
	o.users[u.AccountID] = u
	syncAll(t, s, testSource, o.batches(10))
	for _, step := range []struct {
		access   []domain.AppAccess
		want     []domain.AppAccess
		billable domain.Tri
	}{
		{
			[]domain.AppAccess{{AppID: "kept", AppKey: "k"}, app("back", day(20003)), app("new", time.Time{})},
			[]domain.AppAccess{app("back", day(20003)), app("kept", day(20000)), app("new", time.Time{})}, domain.Yes,
		},
		{nil, []domain.AppAccess{app("back", day(20003)), app("kept", day(20000)), app("new", time.Time{})},
			domain.Yes}, // no group opens anything
		{[]domain.AppAccess{}, nil, domain.Unknown},
	} {
		u.Access, u.Billable = step.access, domain.Unknown
		if err := s.PutUsers(t.Context(), testSource, []domain.User{u}); err != nil {
			t.Fatal(err)
		}
		got := stored(t, s, testSource)[u.AccountID]
		slices.SortFunc(got.Access, func(a, b domain.AppAccess) int { return strings.Compare(a.AppID, b.AppID) })
		if !slices.Equal(got.Access, step.want) || got.Billable != step.billable {
			t.Errorf("%+v: %+v, counts %v", step.access, got.Access, got.Billable)
		}
	}
}
