package mirrordb

import (
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// TestImportsFillInOnly: what the source told always wins over a file, whatever is written after; without the file
// nothing of it is left.
func TestImportsFillInOnly(t *testing.T) {
	s := openTest(t, t.TempDir())
	told, silent := person(1), person(2)
	told.Billable, told.MFA, told.Status, told.AddedAt = domain.No, domain.No, domain.StatusActive, day(15000)
	told.Access = []domain.AppAccess{{AppID: "ari:app/1", AppKey: "jira", Known: true, LastActive: day(20000)},
		{AppID: "ari:app/2", AppKey: "wiki", Known: true}}
	silent.Billable, silent.MFA, silent.Status, silent.AddedAt = domain.Unknown, domain.Unknown, domain.StatusUnknown,
		time.Time{}
	silent.Access = []domain.AppAccess{{AppID: "ari:app/1", AppKey: "jira"}, {AppID: "ari:app/2", AppKey: "wiki"}}
	silent.Memberships = nil
	users := []domain.User{told, silent}
	read := func() map[string]domain.User {
		t.Helper()
		all := map[string]domain.User{}
		found, err := s.UsersByAccount(t.Context(), testSource, []string{told.AccountID, silent.AccountID})
		if err != nil || len(found) != 2 {
			t.Fatal(found, err)
		}
		for _, u := range found {
			all[u.AccountID] = u
		}
		days := map[int64]map[int64]int32{}
		if err := s.EachAccess(t.Context(), testSource, func(user, app int64, d int32) error {
			if days[user] == nil {
				days[user] = map[int64]int32{}
			}
			days[user][app] = d
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, u := range found { // the index and the details are one answer
			known := 0
			for _, d := range days[u.ID] {
				if d >= 0 {
					known++
				}
			}
			for _, a := range u.Access {
				if a.Known {
					known--
				}
			}
			if known != 0 {
				t.Errorf("%s: %v, %+v", u.AccountID, days[u.ID], u.Access)
			}
		}
		return all
	}
	syncAll(t, s, testSource, []domain.Batch{{Users: users}})
	before := read()
	apps, err := s.Apps(t.Context(), testSource)
	if err != nil || len(apps) != 2 {
		t.Fatal(apps, err)
	}
	var facts []domain.ImportedPerson
	for _, u := range before {
		facts = append(facts, domain.ImportedPerson{
			UserID: u.ID, Apps: map[int64]int32{apps[0].ID: 20500, apps[1].ID: domain.DayUnknown},
			ImportedFacts: domain.ImportedFacts{Status: domain.StatusSuspended, LastDay: 20600, AddedAt: day(10000),
				Billable: domain.Yes, MFA: domain.Yes, Policy: "Staff"},
		})
	}
	i := domain.Import{SourceID: testSource, Kind: domain.ImportUsers, FileName: "users.csv", AsOf: day(20700),
		ImportedAt: day(20701), Rows: 2, Matched: 2, Activity: true}
	if err := s.SaveImport(t.Context(), i, facts); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		now := read()
		a, b := now[told.AccountID], now[silent.AccountID]
		if a.Billable != domain.No || a.MFA != domain.No || a.Status != domain.StatusActive ||
			!a.AddedAt.Equal(day(15000)) || !a.Access[0].LastActive.Equal(day(20000)) ||
			!a.Access[1].LastActive.IsZero() {
			t.Errorf("%s the file has taken the place of what the source told: %+v", when, a)
		}
		if b.Billable != domain.Yes || b.MFA != domain.Yes || b.Status != domain.StatusSuspended ||
			!b.AddedAt.Equal(day(10000)) || b.Policy != "Staff" || !b.SeenKnown || !b.Seen.Equal(day(20600)) {
			t.Errorf("%s the file does not fill in: %+v", when, b)
		}
		if known := b.Access[0].Known != b.Access[1].Known; !known {
			t.Errorf("%s one app is told by the file, one is not: %+v", when, b.Access)
		}
	}
	check("at once")
	syncAll(t, s, testSource, []domain.Batch{{Users: users}})
	check("after a sync")
	if err := s.PutUsers(t.Context(), testSource, users); err != nil {
		t.Fatal(err)
	}
	check("after people were read afresh")
	if err := s.RemoveImport(t.Context(), testSource, domain.ImportUsers); err != nil {
		t.Fatal(err)
	}
	if b := read()[silent.AccountID]; b.Billable != domain.Unknown || b.SeenKnown || b.Access[0].Known ||
		b.Access[1].Known {
		t.Errorf("something of a removed file is left: %+v", b)
	}
	if err := s.SaveImport(t.Context(), i, facts); err != nil {
		t.Fatal(err)
	}
	if err := s.DropSource(t.Context(), testSource); err != nil {
		t.Fatal(err)
	}
	for _, table := range importTables {
		var n int
		if err := s.db.Read.SQL.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil ||
			n != 0 {
			t.Errorf("%s has %d rows of a source that was removed (%v)", table, n, err)
		}
	}
}
