package mirrordb

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

func TestSyncStoresWhatWasDelivered(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(2500)
	first := syncAll(t, s, testSource, o.batches(100))
	if first.State != domain.SyncDone || first.People != 2500 || first.Groups != 20 || first.Added != 2500 ||
		first.Changed != 0 || first.Removed != 0 {
		t.Fatalf("%+v", first)
	}
	compare(t, s, testSource, o)
	f, err := s.Freshness(t.Context(), testSource)
	if err != nil || f.Revision != first.ID || f.Partial || f.People != 2500 || f.Groups != 20 ||
		time.Since(f.CompleteAt) > time.Minute {
		t.Fatalf("%+v %v", f, err)
	}
}

func TestSecondSyncIsExact(t *testing.T) {
	s := openTest(t, t.TempDir())
	other := newOrganization(300)
	syncAll(t, s, "S2", other.batches(100))
	o := newOrganization(1000)
	syncAll(t, s, testSource, o.batches(70))
	old := stored(t, s, testSource)

	// Four people leave, three come, and of each kind of fact something changes, comes and goes.
	n := o.clone()
	for i := range 4 {
		delete(n.users, person(i*100+5).AccountID)
	}
	for i := range 3 {
		u := person(5000 + i)
		n.users[u.AccountID] = u
	}
	change := func(i int, f func(u *domain.User)) {
		u := n.users[person(i).AccountID]
		f(&u)
		n.users[u.AccountID] = u
	}
	change(10, func(u *domain.User) { u.Name = "Renamed" })
	change(11, func(u *domain.User) { u.GroupIDs = nil })
	change(12, func(u *domain.User) { u.GroupIDs = []string{"group-1", "group-new"} })
	change(15, func(u *domain.User) { u.Access = u.Access[:1] })
	change(19, func(u *domain.User) { u.Access[2].LastActive, u.Access[2].Known = day(20555), true })
	change(20, func(u *domain.User) {
		u.Access = []domain.AppAccess{{AppID: "ari:app/5", AppKey: "app-5", Known: true}}
	})
	change(50, func(u *domain.User) { u.PlatformRoles = nil })
	change(51, func(u *domain.User) { u.PlatformRoles = []string{domain.RoleUserAccessAdmin} })
	change(52, func(u *domain.User) {
		u.Status = domain.StatusSuspended
		u.Memberships = []domain.DirectoryMembership{{DirectoryID: "dir-0", Status: domain.StatusSuspended}}
	})
	change(53, func(u *domain.User) { u.Memberships = nil })
	n.groups = append(n.groups[1:], domain.Group{GroupID: "group-new", Name: "new", MemberCount: -1, AppCount: -1})
	n.groups[3].Description = "other"
	n.apps[2].Usage = 12345
	n.directories = n.directories[:2]
	n.domains = n.domains[:1]

	done := syncAll(t, s, testSource, n.batches(90))
	if done.Added != 3 || done.Removed != 4 || done.Changed != 10 || done.People != 999 {
		t.Fatalf("%+v", done)
	}
	compare(t, s, testSource, n)
	compare(t, s, "S2", other)

	// Those who left are kept, with what was known last.
	gone := person(105)
	users, err := s.UsersByAccount(t.Context(), testSource, []string{gone.AccountID})
	if err != nil || len(users) != 1 || users[0].RemovedAt.IsZero() {
		t.Fatal(users, err)
	}
	users[0].RemovedAt = time.Time{}
	if got, want := fmt.Sprint(normal(users[0])), fmt.Sprint(old[gone.AccountID]); got != want {
		t.Fatalf("\n got %s\nwant %s", got, want)
	}
	// And are themselves again when they come back.
	id := users[0].ID
	back := syncAll(t, s, testSource, o.batches(64))
	if back.Added != 4 || back.Removed != 3 {
		t.Fatalf("%+v", back)
	}
	compare(t, s, testSource, o)
	users, err = s.UsersByAccount(t.Context(), testSource, []string{gone.AccountID})
	if err != nil || users[0].ID != id || !users[0].RemovedAt.IsZero() {
		t.Fatal(users, err)
	}
}

func TestUnchangedSyncWritesNothing(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(2000)
	syncAll(t, s, testSource, o.batches(100))
	sync, err := s.BeginSync(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range o.batches(130) {
		if err := s.StageBatch(t.Context(), sync.ID, b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.db.Write.SQL.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	before := totalChanges(t, s)
	done, err := s.CommitSync(t.Context(), sync.ID, domain.Shortfall{})
	if err != nil || done.Changed+done.Added+done.Removed != 0 {
		t.Fatal(done, err)
	}
	if n := totalChanges(t, s) - before; n > 2 { // the revision, and how the sync ended
		t.Errorf("%d rows were written", n)
	}
	var busy, pages, moved int
	if err := s.db.Write.SQL.QueryRow("PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &moved); err != nil ||
		pages > 4 {
		t.Errorf("%d pages were written: %v", pages, err)
	}
}

func totalChanges(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.db.Write.SQL.QueryRow("SELECT total_changes()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// In the original experience of Atlassian's administration an account comes once for each directory that it is in.
func TestOnePersonInSeveralDirectories(t *testing.T) {
	for _, round := range []string{"first sync", "second sync"} {
		t.Run(round, func(t *testing.T) {
			s := openTest(t, t.TempDir())
			if round == "second sync" {
				o := newOrganization(10)
				syncAll(t, s, testSource, o.batches(5))
			}
			part := func(dir string, st domain.Status, apps, groups []string, roles ...string) domain.Batch {
				u := domain.User{
					AccountID: "x", Name: "X", Status: st, PlatformRoles: roles,
					Memberships: []domain.DirectoryMembership{{DirectoryID: dir, Status: st}}, GroupIDs: groups,
				}
				for _, a := range apps {
					u.Access = append(u.Access, domain.AppAccess{AppID: a, AppKey: "k-" + a, Known: true,
						LastActive: day(20000 + int64(len(dir)))})
				}
				return domain.Batch{Users: []domain.User{u}}
			}
			first := part("d1", domain.StatusSuspended, []string{"a1"}, []string{"g1", "g2"})
			first.Users[0].Email = "x@acme.test"
			first.Users[0].JobTitle = "Boss"
			done := syncAll(t, s, testSource, []domain.Batch{
				first,
				part("d22", domain.StatusActive, []string{"a1", "a2"}, []string{"g2", "g3"}, domain.RoleOrgAdmin),
				part("d333", domain.StatusSuspended, nil, nil),
			})
			if done.People != 1 {
				t.Fatalf("%+v", done)
			}
			want := normal(domain.User{
				AccountID: "x", Name: "X", Email: "x@acme.test", Profile: domain.Profile{JobTitle: "Boss"}, Status: domain.StatusActive,
				PlatformRoles: []string{domain.RoleOrgAdmin},
				Memberships: []domain.DirectoryMembership{
					{DirectoryID: "d1", Status: domain.StatusSuspended},
					{DirectoryID: "d22", Status: domain.StatusActive},
					{DirectoryID: "d333", Status: domain.StatusSuspended},
				},
				Access: []domain.AppAccess{{AppID: "a1", AppKey: "k-a1", Known: true, LastActive: day(20003)},
					{AppID: "a2", AppKey: "k-a2", Known: true, LastActive: day(20003)}},
				GroupIDs: []string{"g1", "g2", "g3"},
			})
			if got := stored(t, s, testSource)["x"]; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("\n got %+v\nwant %+v", got, want)
			}
			apps, err := s.Apps(t.Context(), testSource)
			if err != nil || len(apps) != 2 || apps[0].Name != "k-a1" || apps[0].Usage != -1 {
				t.Fatal("apps that people have, but which were not listed, must be seen", apps, err)
			}
		})
	}
}

// A source that is deleted leaves no row and no byte of its people; others stay.
func TestDropSourceForgetsItsPeople(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	o := newOrganization(200)
	syncAll(t, s, "S2", o.batches(100))
	leaving := domain.User{AccountID: "secret-account-id", Name: "Secret Person", Email: "secret@acme.test",
		GroupIDs: []string{"secret-group"}}
	syncAll(t, s, testSource, []domain.Batch{{Users: []domain.User{leaving}}})
	for range 2 { // the second time there is nothing to delete
		if err := s.DropSource(t.Context(), testSource); err != nil {
			t.Fatal(err)
		}
	}
	compare(t, s, "S2", o)
	if last, err := s.LastSync(t.Context(), testSource); err != nil || last.State != domain.SyncNever {
		t.Fatal(last, err)
	}
	for _, f := range []string{FileName, FileName + "-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("secret")) || bytes.Contains(content, []byte("Secret")) {
			t.Errorf("%s still holds the person", f)
		}
	}
}

// TestKeysFollowTheDelivery delivers things in an order and expects them in it: the same delivery makes the same local
// copy.
func TestKeysFollowTheDelivery(t *testing.T) {
	s := openTest(t, t.TempDir())
	u := person(1)
	u.Access, u.GroupIDs = nil, nil
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprint("app-", (i*7)%20))
		u.Access = append(u.Access, domain.AppAccess{AppID: want[i], AppKey: "app"})
	}
	syncAll(t, s, testSource, []domain.Batch{{Users: []domain.User{u}}})
	found, err := s.UsersByAccount(t.Context(), testSource, []string{u.AccountID})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	for i, a := range found[0].Access {
		if a.AppID != want[i] {
			t.Fatalf("access %d is %s, want %s", i, a.AppID, want[i])
		}
	}
}
