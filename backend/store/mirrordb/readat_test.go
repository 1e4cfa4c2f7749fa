package mirrordb

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

// TestAgesOfPeople: what is known of somebody is as old as the last full sync, unless the person was read alone since,
// or that sync's listing was cut off before the person.
func TestAgesOfPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openTest(t, t.TempDir())
		defer func() { _ = s.Close() }()
		began := time.Now().UTC()
		full := func(short bool, numbers ...int) {
			t.Helper()
			time.Sleep(time.Hour)
			sync, err := s.BeginSync(t.Context(), testSource)
			var b domain.Batch
			for _, n := range numbers {
				b.Users = append(b.Users, person(n))
			}
			if err == nil {
				err = s.StageBatch(t.Context(), sync.ID, b)
			}
			if err == nil {
				_, err = s.CommitSync(t.Context(), sync.ID, domain.Shortfall{FewerPeople: short})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		since := int64(0)
		// check reads everybody, in both ways, and that all of whom it differs are noted as changed: indexes are made
		// from that.
		before := map[string]string{}
		check := func(when string, want ...string) {
			t.Helper()
			all, ids := []string{}, []int64{}
			now := map[string]string{}
			if err := s.EachUser(t.Context(), testSource, func(u domain.User) error {
				said := "with all"
				if !u.ReadAt.IsZero() {
					said = fmt.Sprint(u.ReadAt.Sub(began).Hours(), " h")
				}
				if u.Unread {
					said += ", unread"
				}
				now[u.AccountID] = said
				all, ids = append(all, said), append(ids, u.ID)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(all, want) {
				t.Errorf("%s: %q, not %q", when, all, want)
			}
			changes, err := s.PeopleChanges(t.Context(), testSource, since)
			if err != nil {
				t.Fatal(err)
			}
			users, err := s.UsersByID(t.Context(), testSource, ids)
			if err != nil || len(users) != len(ids) {
				t.Fatal(users, err)
			}
			for _, u := range users {
				// Who falls back to the age of the copy needs no note: a newer sync is newer than what was kept.
				noted := changes.Whole || slices.Contains(changes.IDs, u.ID)
				if said := now[u.AccountID]; said != before[u.AccountID] && !noted && (said != "with all" || u.Unread) {
					t.Errorf("%s: %s is %q and was %q, but nobody is told", when, u.AccountID, said,
						before[u.AccountID])
				}
			}
			before, since = now, changes.Generation
		}
		full(false, 1, 2, 3, 4) // after 1 h
		check("the first sync", "with all", "with all", "with all", "with all")
		time.Sleep(time.Hour)
		if err := s.PutUsers(t.Context(), testSource, []domain.User{person(2)}); err != nil { // after 2 h
			t.Fatal(err)
		}
		check("one was read alone", "with all", "2 h", "with all", "with all")
		full(true, 1, 4) // after 3 h
		check("a list that was cut off", "with all", "2 h, unread", "1 h, unread", "with all")
		full(true, 1, 2) // after 4 h
		check("another", "with all", "with all", "1 h, unread", "3 h, unread")
		time.Sleep(time.Hour)
		if err := s.PutUsers(t.Context(), testSource, []domain.User{person(3)}); err != nil { // after 5 h
			t.Fatal(err)
		}
		check("one of them was read alone", "with all", "with all", "5 h, unread", "3 h, unread")
		time.Sleep(time.Hour)
		sync, err := s.BeginSync(t.Context(), testSource) // after 6 h
		if err == nil {
			err = s.StageBatch(t.Context(), sync.ID, domain.Batch{Users: []domain.User{person(1)}})
		}
		if err == nil {
			_, err = s.CommitChanges(t.Context(), sync.ID, domain.Changes{})
		}
		if err != nil {
			t.Fatal(err)
		}
		check("a sync of changes", "6 h", "with all", "5 h, unread", "3 h, unread")
		full(false, 1, 2, 3, 4)
		check("a whole list", "with all", "with all", "with all", "with all")
		if changes, err := s.PeopleChanges(t.Context(), testSource, since-1); err != nil || changes.Whole ||
			len(changes.IDs) == 0 {
			t.Errorf("%+v, %v: that somebody is no longer unread must be told", changes, err)
		}
	})
}

// Whoever was read afresh while the clock was a year ahead is not left as they were then by every sync of that year.
func TestReadAheadOfTheClock(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(20)
	syncAll(t, s, testSource, o.batches(10))
	changed, gone := person(7), person(8)
	if err := s.PutUsers(t.Context(), testSource, []domain.User{changed, gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Write.SQL.Exec("UPDATE users SET refreshed_at = refreshed_at + 31536000 WHERE refreshed_at <> 0"); err != nil {
		t.Fatal(err)
	}
	changed.Status = domain.StatusSuspended
	o.users[changed.AccountID] = changed
	delete(o.users, gone.AccountID)
	if done := syncAll(t, s, testSource, o.batches(10)); done.Changed != 1 || done.Removed != 1 {
		t.Errorf("%+v", done)
	}
	if got := stored(t, s, testSource)[changed.AccountID]; got.Status != domain.StatusSuspended {
		t.Errorf("%+v", got)
	}
}

// A slow answer to an older question does not put back what a newer reading has shown.
func TestSlowReadingIsOvertaken(t *testing.T) {
	s := openTest(t, t.TempDir())
	syncAll(t, s, testSource, newOrganization(20).batches(10))
	now := time.Now()
	read := func(n int, status domain.Status, ago time.Duration) domain.User {
		u := person(n)
		u.Status, u.ReadAt = status, now.Add(-ago)
		return u
	}
	for _, users := range [][]domain.User{
		{read(7, domain.StatusSuspended, 10*time.Second)},
		{read(7, domain.StatusActive, time.Minute), read(8, domain.StatusSuspended, time.Minute)},
	} {
		if err := s.PutUsers(t.Context(), testSource, users); err != nil {
			t.Fatal(err)
		}
	}
	users, err := s.UsersByAccount(t.Context(), testSource, []string{person(7).AccountID, person(8).AccountID})
	if err != nil || len(users) != 2 {
		t.Fatal(users, err)
	}
	for _, u := range users {
		if u.Status != domain.StatusSuspended {
			t.Errorf("%s is %s", u.Name, u.Status)
		}
	}
}
