package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// twin are two local copies to which the same happens. One has no digests when a full sync begins, and so takes
// everything for different.
type twin struct {
	t      *testing.T
	random *rand.Rand
	fast   *Store
	slow   *Store
	org    *organization
	next   int
	staged int // people whom the last full sync of fast has staged
}

// both does something to both copies and expects the same result.
func (w *twin) both(doing string, do func(s *Store) string) {
	w.t.Helper()
	if a, b := do(w.fast), do(w.slow); a != b {
		w.t.Fatalf("%s: %s with digests, %s without", doing, a, b)
	}
	for _, s := range []*Store{w.fast, w.slow} { // syncs are not a second apart here
		for _, statement := range []string{
			"UPDATE history SET at = at - 60",
			"UPDATE users SET refreshed_at = refreshed_at - 60 WHERE refreshed_at > 0",
			"UPDATE users SET removed_at = removed_at - 60 WHERE removed_at > 0",
		} {
			if _, err := s.db.Write.SQL.Exec(statement); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if a, b := contents(w.t, w.fast), contents(w.t, w.slow); a != b {
		w.t.Fatalf("after %s the copies differ:\n%s", doing, firstDifference(a, b))
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "with digests    " + x[i] + "\nwithout digests " + y[i]
		}
	}
	return fmt.Sprintf("%d and %d rows", len(x), len(y))
}

// contents gives everything that the copy tells about people and things, by Atlassian's ids.
func contents(t *testing.T, s *Store) string {
	t.Helper()
	var all []string
	for i, part := range []string{
		"SELECT " + userNames("") + ", removed_at > 0, refreshed_at > 0 FROM users",
		"SELECT a.account_id, r.ref, f.status FROM user_directories f JOIN accounts a ON a.id = f.user_id JOIN refs r ON r.id = f.directory_id",
		"SELECT a.account_id, role FROM user_roles f JOIN accounts a ON a.id = f.user_id",
		"SELECT a.account_id, r.ref, f.day FROM access f JOIN accounts a ON a.id = f.user_id JOIN refs r ON r.id = f.app_id",
		"SELECT a.account_id, r.ref FROM memberships f JOIN accounts a ON a.id = f.user_id JOIN refs r ON r.id = f.group_id",
		`SELECT a.account_id, h.kind, iif(h.kind IN (5, 6), (SELECT r.ref FROM refs r
			WHERE r.id = h.ref), ref), count(*)
			FROM history h LEFT JOIN accounts a ON a.id = h.user_id GROUP BY 1, 2, 3`,
		"SELECT a.account_id, 'unread' FROM unread_people f JOIN accounts a ON a.id = f.user_id",
		"SELECT directory_id, name, removed_at > 0 FROM directories",
		"SELECT app_id, name, usage, removed_at > 0 FROM apps",
		"SELECT group_id, name, description, removed_at > 0 FROM groups",
	} {
		rows, err := s.db.Write.SQL.Query(part)
		if err != nil {
			t.Fatal(part, err)
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		for rows.Next() {
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			err = errors.Join(err, rows.Scan(into...))
			all = append(all, fmt.Sprint(i, values))
		}
		if err := errors.Join(err, rows.Err()); err != nil {
			t.Fatal(part, err)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// delivery is what a source would deliver of the organization: some people in several pieces, with facts after them;
// again is how likely it delivers a piece twice, shuffled whether the order is another one than the last time.
func (w *twin) delivery(shuffled bool, again float64) []domain.Batch {
	var pieces []domain.User
	var facts []domain.AccountFact
	for _, id := range slices.Sorted(maps.Keys(w.org.users)) {
		u := w.org.users[id]
		if u.Billable != domain.Unknown && len(id)%2 == 0 {
			facts = append(facts, domain.AccountFact{AccountID: id, Billable: u.Billable})
			u.Billable = domain.Unknown
		}
		if n := len(u.GroupIDs) / 2; len(u.GroupIDs)%3 == 2 { // as from a second directory
			other := u
			u.GroupIDs, other.GroupIDs = u.GroupIDs[:n], u.GroupIDs[n:]
			other.Access = nil
			if len(u.GroupIDs)%2 == 0 {
				other = domain.User{AccountID: id, Nickname: "other " + u.Nickname, GroupIDs: other.GroupIDs}
			}
			pieces = append(pieces, other)
		}
		pieces = append(pieces, u)
		if w.random.Float64() < again {
			pieces = append(pieces, u)
		}
	}
	if shuffled {
		w.random.Shuffle(len(pieces), func(i, j int) { pieces[i], pieces[j] = pieces[j], pieces[i] })
		for i := range pieces {
			u := &pieces[i]
			u.GroupIDs, u.Access = slices.Clone(u.GroupIDs), slices.Clone(u.Access)
			w.random.Shuffle(len(u.GroupIDs), func(i, j int) {
				u.GroupIDs[i], u.GroupIDs[j] = u.GroupIDs[j],
					u.GroupIDs[i]
			})
			slices.Reverse(u.Access)
		}
	}
	all := []domain.Batch{{Directories: w.org.directories, Apps: w.org.apps, Domains: w.org.domains}}
	for chunk := range slices.Chunk(pieces, 17) {
		all = append(all, domain.Batch{Users: chunk})
	}
	return append(all, domain.Batch{Groups: w.org.groups, Accounts: facts})
}

// full does a full sync; meanwhile runs before it is saved. With stop it is cancelled at a step of being saved.
func (w *twin) full(doing string, batches []domain.Batch, short domain.Shortfall, meanwhile func(s *Store), stop int) {
	w.t.Helper()
	w.both(doing, func(s *Store) string {
		if s == w.slow {
			if _, err := s.db.Write.SQL.Exec("DELETE FROM digests"); err != nil {
				w.t.Fatal(err)
			}
		}
		begun, err := s.BeginSync(w.t.Context(), testSource)
		for _, b := range batches {
			err = errors.Join(err, s.StageBatch(w.t.Context(), begun.ID, b))
		}
		people, _, errCounts := s.StagedCounts(w.t.Context(), begun.ID)
		g, errStager := s.stager(begun.ID)
		if err := errors.Join(err, errCounts, errStager); err != nil {
			w.t.Fatal(err)
		}
		if meanwhile != nil {
			meanwhile(s)
		}
		if stop > 0 {
			before := digests(w.t, s)
			ctx := newStepContext(stop)
			if _, err := s.CommitSync(ctx, begun.ID, short); err != nil {
				if err := s.AbortSync(w.t.Context(), begun.ID, domain.Sync{State: domain.SyncCancelled}); err != nil {
					w.t.Fatal(err)
				}
				if s == w.fast && !maps.Equal(before, digests(w.t, s)) {
					w.t.Fatal("a sync that was not saved has left digests")
				}
				return "stopped"
			}
			w.t.Fatal("was not stopped")
		}
		err = s.prepare(w.t.Context(), g, false)
		staged, errStaged := count(s, g.sql("SELECT count(*) FROM staged.users"))
		done, errSave := s.save(w.t.Context(), g, short, nil)
		if err := errors.Join(err, errStaged, errSave); err != nil {
			w.t.Fatal(err)
		}
		s.forget(w.t.Context(), g)
		if s == w.fast {
			w.staged = staged
		} else if staged != people {
			w.t.Fatal("the slow one was not slow")
		}
		return fmt.Sprint(people, done.People, done.Groups, done.Added, done.Changed, done.Removed)
	})
}

func digests(t *testing.T, s *Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	rows, err := s.db.Write.SQL.Query("SELECT a.account_id, hex(d.digest) FROM digests d JOIN accounts a ON a.id = d.user_id")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var account, sum string
	for rows.Next() {
		err = errors.Join(err, rows.Scan(&account, &sum))
		all[account] = sum
	}
	if err := errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	return all
}

// chosen picks a few people.
func (w *twin) chosen(most int) []string {
	ids := slices.Sorted(maps.Keys(w.org.users))
	w.random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(len(ids), 1+w.random.IntN(most))]
}

// change changes the organization a little.
func (w *twin) change() {
	w.org = w.org.clone()
	for _, id := range w.chosen(4) {
		u := w.org.users[id]
		switch w.random.IntN(9) {
		case 0:
			u.Name += "'"
		case 1:
			u.GroupIDs = append(slices.Clone(u.GroupIDs), fmt.Sprint("group-", w.random.IntN(25)))
		case 2:
			if len(u.GroupIDs) > 0 {
				u.GroupIDs = u.GroupIDs[1:]
			}
		case 3:
			u.Access = append(slices.Clone(u.Access), domain.AppAccess{
				AppID: fmt.Sprint("ari:app/", w.random.IntN(8)), AppKey: "k", Known: true,
				LastActive: day(int64(w.random.IntN(2)) * 20000),
			})
		case 4:
			u.Status = domain.StatusSuspended
		case 5:
			u.Billable = domain.Tri(w.random.IntN(3))
		case 6:
			u.PlatformRoles = []string{domain.RoleOrgAdmin, domain.RoleSiteAdmin}[w.random.IntN(2):]
		case 7:
			u.Memberships = append(slices.Clone(u.Memberships), domain.DirectoryMembership{DirectoryID: "dir-1",
				Status: domain.StatusSuspended})
		case 8:
			delete(w.org.users, id)
			continue
		}
		w.org.users[id] = u
	}
	if w.random.IntN(3) == 0 {
		w.next++
		u := person(1000 + w.next)
		w.org.users[u.AccountID] = u
	}
	if w.random.IntN(4) == 0 {
		w.org.groups[w.random.IntN(len(w.org.groups))].Description += "."
	}
}

// read is what a source tells of chosen people when they are read alone.
func (w *twin) read(ids []string) []domain.User {
	var users []domain.User
	for _, id := range ids {
		u := w.org.users[id]
		u.Billable, u.Access = domain.Unknown, nil
		users = append(users, u)
	}
	return users
}

// step does one thing that happens to a copy.
func (w *twin) step() {
	none := domain.Shortfall{}
	refresh := func(s *Store, users []domain.User) {
		if err := s.PutUsers(w.t.Context(), testSource, users); err != nil {
			w.t.Fatal(err)
		}
	}
	if w.random.IntN(3) > 0 {
		w.change()
	}
	switch w.random.IntN(11) {
	case 0, 1:
		w.full("a full sync", w.delivery(false, 0), none, nil, 0)
	case 2:
		w.full("a full sync in another order", w.delivery(true, 0), none, nil, 0)
	case 3:
		w.full("a full sync with pages that overlap", w.delivery(false, 0.2), none, nil, 0)
	case 4:
		batches := w.delivery(false, 0)
		w.full("a full sync that was cut off", slices.Delete(batches, 2, 3), domain.Shortfall{FewerPeople: true}, nil,
			0)
	case 5:
		users := w.read(w.chosen(5))
		w.full("a full sync with a refresh in it", w.delivery(false, 0), none, func(s *Store) { refresh(s, users) }, 0)
	case 6:
		w.full("a full sync that was stopped", w.delivery(false, 0), none, nil, 1+w.random.IntN(25))
	case 7:
		users := w.read(w.chosen(5))
		w.both("a refresh", func(s *Store) string { refresh(s, users); return "" })
	case 8:
		ids := w.chosen(2)
		w.both("people who were not found", func(s *Store) string {
			return fmt.Sprint(s.RemovePeople(w.t.Context(),
				testSource, ids))
		})
	case 9:
		users, gone := w.read(w.chosen(5)), w.chosen(2)
		w.both("a sync of changes", func(s *Store) string {
			begun, err := s.BeginSync(w.t.Context(), testSource)
			frame := domain.Batch{Directories: w.org.directories, Apps: w.org.apps, Domains: w.org.domains}
			err = errors.Join(err, s.StageBatch(w.t.Context(), begun.ID, frame),
				s.StageBatch(w.t.Context(), begun.ID, domain.Batch{Users: users}))
			done, errCommit := s.CommitChanges(w.t.Context(), begun.ID, domain.Changes{GonePeople: gone})
			if err := errors.Join(err, errCommit); err != nil {
				w.t.Fatal(err)
			}
			return fmt.Sprint(done.People, done.Added, done.Changed, done.Removed)
		})
	case 10:
		id := w.chosen(1)[0]
		w.both("a write that does not say whom it is about", func(s *Store) string {
			return fmt.Sprint(s.db.Update(w.t.Context(), "scribble", func(tx *sql.Tx) error {
				_, err := sqlite.Exec(w.t.Context(), tx, "UPDATE users SET name = 'scribbled' WHERE account_id = ?", id)
				return err
			}))
		})
	}
}

// Whatever happens to a copy between full syncs, and in whatever way they are delivered, comparing digests brings the
// same rows, counts and history as staging everybody.
func TestDigestsChangeNothing(t *testing.T) {
	seeds := 3
	if testing.Short() {
		seeds = 1
	}
	syncs, staged, delivered := 0, 0, 0
	for seed := range seeds {
		w := &twin{
			t: t, random: rand.New(rand.NewPCG(uint64(seed), 1)), org: newOrganization(70),
			fast: openTest(t, t.TempDir()), slow: openTest(t, t.TempDir()),
		}
		w.both("the first sync", func(s *Store) string {
			done := syncAll(t, s, testSource, w.delivery(false, 0.1))
			return fmt.Sprint(done.People, done.Added)
		})
		for range 40 {
			w.staged = -1
			if w.step(); w.staged >= 0 {
				syncs, staged, delivered = syncs+1, staged+w.staged, delivered+len(w.org.users)
			}
		}
		// In the end it is the organization, and an equal delivery is known again.
		last := w.delivery(false, 0)
		w.full("the last full sync", last, domain.Shortfall{}, nil, 0)
		fresh := openTest(t, t.TempDir())
		syncAll(t, fresh, testSource, last)
		if got, want := stored(t, w.fast, testSource), stored(t, fresh, testSource); !reflect.DeepEqual(ageless(got),
			ageless(want)) {
			t.Fatalf("seed %d: not what a first sync makes of it", seed)
		}
		w.full("the same again", last, domain.Shortfall{}, nil, 0)
		if w.staged != 0 {
			t.Errorf("%d people were staged though nothing changed", w.staged)
		}
		_, _ = w.fast.Close(), w.slow.Close()
	}
	t.Logf("%d full syncs staged %d of %d people", syncs, staged, delivered)
	if syncs == 0 || staged*2 > delivered {
		t.Error("the digests were of no use")
	}
}

// ageless leaves out when people were read.
func ageless(all map[string]domain.User) map[string]domain.User {
	for id, u := range all {
		all[id] = normal(u)
	}
	return all
}

// The order within a person's groups, apps and roles counts for nothing in the digest, and every field that stands in a
// row counts.
func TestDigestIsOfTheRows(t *testing.T) {
	s := openTest(t, t.TempDir())
	sums := func(users []domain.User) map[string]string {
		syncAll(t, s, testSource, []domain.Batch{{Apps: newOrganization(0).apps, Users: users}})
		return digests(t, s)
	}
	var users, turned []domain.User
	for i := range 300 {
		u := person(i)
		u.Status = []domain.Status{u.Status, "", "something new"}[i%3]
		users = append(users, u)
		u.GroupIDs, u.Access, u.PlatformRoles = slices.Clone(u.GroupIDs), slices.Clone(u.Access),
			slices.Clone(u.PlatformRoles)
		slices.Reverse(u.GroupIDs)
		slices.Reverse(u.Access)
		slices.Reverse(u.PlatformRoles)
		turned = append(turned, u)
	}
	if !maps.Equal(sums(users), sums(turned)) {
		t.Error("the order within a set counts")
	}
	// Each field by itself, so that a column that is added to the rows is not forgotten in the digest.
	for _, field := range reflect.VisibleFields(reflect.TypeFor[domain.User]()) {
		plain := domain.User{AccountID: "x"}
		other := plain
		switch v := reflect.ValueOf(&other).Elem().FieldByIndex(field.Index).Addr().Interface().(type) {
		case *string:
			*v = "x"
		case *domain.Status:
			*v = domain.StatusActive
		case *domain.Tri:
			*v = domain.No
		case *time.Time:
			*v = day(3)
		}
		before := sums([]domain.User{plain})["x"]
		if told := stored(t, s, testSource)["x"]; sums([]domain.User{other})["x"] == before &&
			!reflect.DeepEqual(stored(t, s, testSource)["x"], told) {
			t.Error("not in the digest:", field.Name)
		}
	}
}

// Each way of writing about somebody other than by a full sync drops that person's digest, and only that.
func TestOtherWritesDropDigests(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	u := o.users[person(7).AccountID]
	u.Name = "Another name"
	for name, c := range map[string]struct {
		write func(ctx context.Context) error
		left  int
	}{
		"refresh": {func(ctx context.Context) error { return s.PutUsers(ctx, testSource, []domain.User{u}) }, 29},
		"gone": {func(ctx context.Context) error { return s.RemovePeople(ctx, testSource, []string{u.AccountID}) },
			29},
		"changes": {func(ctx context.Context) error {
			begun, err := s.BeginSync(ctx, testSource)
			err = errors.Join(err, s.StageBatch(ctx, begun.ID, domain.Batch{Users: []domain.User{u}}))
			_, errCommit := s.CommitChanges(ctx, begun.ID, domain.Changes{})
			return errors.Join(err, errCommit)
		}, 29},
		"image": {func(ctx context.Context) error {
			return s.SaveImage(ctx, testSource, 1, 1, func(io.Writer) error { return nil })
		}, 30},
		"a write that says nothing": {func(ctx context.Context) error {
			return s.db.Update(ctx, "write", func(tx *sql.Tx) error {
				_, err := sqlite.Exec(ctx, tx, "UPDATE users SET name = 'x' WHERE id = 1")
				return err
			})
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			syncAll(t, s, testSource, o.batches(10))
			syncAll(t, s, testSource, o.batches(10))
			if n := len(digests(t, s)); n != 30 {
				t.Fatal(n, "digests after a full sync")
			}
			if err := c.write(t.Context()); err != nil {
				t.Fatal(err)
			}
			kept := digests(t, s)
			if _, there := kept[u.AccountID]; len(kept) != c.left || there != (c.left == 30) {
				t.Errorf("%d digests are left", len(kept))
			}
			tick(t, s)
			if _, err := s.db.Write.SQL.Exec("UPDATE users SET refreshed_at = 0, removed_at = min(removed_at, 1)"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Somebody who was read afresh while the first sync was running has other rows than it delivered, and so no digest.
func TestRefreshInAFirstSyncLeavesNoDigest(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	begun, err := s.BeginSync(t.Context(), testSource)
	for _, b := range o.batches(10) {
		err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
	}
	fresh, gone := o.users[person(7).AccountID], person(8).AccountID
	fresh.Name = "Another name"
	err = errors.Join(err, s.PutUsers(t.Context(), testSource, []domain.User{fresh}),
		s.RemovePeople(t.Context(), testSource, []string{gone}))
	_, errCommit := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{})
	if err := errors.Join(err, errCommit); err != nil {
		t.Fatal(err)
	}
	kept := digests(t, s)
	if len(kept) != 28 || kept[fresh.AccountID]+kept[gone] != "" {
		t.Errorf("%d digests", len(kept))
	}
}

// What was read afresh while a full sync was running stays, whether the sync has seen the person unchanged or
// otherwise, and the next one brings what it delivers.
func TestRefreshInAFullSyncStays(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	syncAll(t, s, testSource, o.batches(10))
	changed := o.clone()
	u := o.users[person(8).AccountID]
	u.Name, u.GroupIDs = "Delivered", []string{"group-19"}
	changed.users[u.AccountID] = u
	begun, err := s.BeginSync(t.Context(), testSource)
	for _, b := range changed.batches(10) {
		err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
	}
	fresh := []domain.User{o.users[person(7).AccountID], u}
	for i := range fresh {
		fresh[i].Name, fresh[i].GroupIDs = "Read afresh", []string{"group-3"}
	}
	g, errStager := s.stager(begun.ID)
	// Between comparing and saving, which is as late as can be.
	if err := errors.Join(err, errStager, s.prepare(t.Context(), g, false),
		s.PutUsers(t.Context(), testSource, fresh)); err != nil {
		t.Fatal(err)
	}
	if row, err := s.save(t.Context(), g, domain.Shortfall{}, nil); err != nil || row.Changed != 0 {
		t.Fatal(row, err)
	}
	s.forget(t.Context(), g)
	kept, now := digests(t, s), stored(t, s, testSource)
	for _, u := range fresh {
		if got := now[u.AccountID]; got.Name != u.Name || !slices.Equal(got.GroupIDs, u.GroupIDs) ||
			kept[u.AccountID] != "" {
			t.Errorf("%+v %s", got, kept[u.AccountID])
		}
	}
	if _, err := s.db.Write.SQL.Exec("UPDATE users SET refreshed_at = refreshed_at - 60"); err != nil {
		t.Fatal(err)
	}
	if done := syncAll(t, s, testSource, changed.batches(10)); done.Changed != 2 {
		t.Fatalf("%+v", done)
	}
	compare(t, s, testSource, changed)
}

// A first sync leaves who was read afresh while it ran as that reading found them, and adds the apps that only its list
// knows.
func TestRefreshInAFirstSyncStays(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	begun, err := s.BeginSync(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	batches := o.batches(10)
	fresh := o.users[person(25).AccountID] // comes in the last batch
	fresh.Name, fresh.Status, fresh.Access = "Read afresh", domain.StatusSuspended, nil
	for i, b := range batches {
		if i == 1 {
			err = errors.Join(err, s.PutUsers(t.Context(), testSource, []domain.User{fresh}))
		}
		err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
	}
	if _, errCommit := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{}); errors.Join(err, errCommit) != nil {
		t.Fatal(err, errCommit)
	}
	got, listed := stored(t, s, testSource)[fresh.AccountID], o.users[fresh.AccountID]
	if got.Name != fresh.Name || got.Status != fresh.Status || len(got.Access) != len(listed.Access) ||
		digests(t, s)[fresh.AccountID] != "" {
		t.Errorf("%+v", got)
	}
}

// A write that does not say whom it was about has a running sync refused, since nothing can be said of those who were
// taken for unchanged; the next one makes everything right. An imported file is none of their rows.
func TestCopyThatMovedIsNotSaved(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	syncAll(t, s, testSource, o.batches(10))
	staged := func() domain.Sync {
		begun, err := s.BeginSync(t.Context(), testSource)
		for _, b := range o.batches(10) {
			err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
		}
		if err != nil {
			t.Fatal(err)
		}
		return begun
	}
	begun := staged()
	if err := s.db.Update(t.Context(), "write", func(tx *sql.Tx) error {
		_, err := sqlite.Exec(t.Context(), tx, "UPDATE users SET name = 'x' WHERE id = 1")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{}); domain.CodeOf(err) != domain.Conflict {
		t.Fatal(err)
	}
	if err := s.AbortSync(t.Context(), begun.ID, domain.Sync{State: domain.SyncFailed}); err != nil {
		t.Fatal(err)
	}
	if done := syncAll(t, s, testSource, o.batches(10)); done.Changed != 1 {
		t.Fatalf("%+v", done)
	}
	compare(t, s, testSource, o)

	begun = staged()
	kept := digests(t, s)
	file := domain.Import{SourceID: testSource, Kind: domain.ImportUsers, FileName: "export.csv", AsOf: day(20000),
		ImportedAt: day(20000)}
	if err := s.SaveImport(t.Context(), file, nil); err != nil {
		t.Fatal(err)
	}
	if done, err := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{}); err != nil || done.Changed != 0 ||
		!maps.Equal(kept, digests(t, s)) {
		t.Fatal(done, err)
	}
}

// Somebody of whom a second piece comes after the first was the copy's has both.
func TestASecondPieceOfAnUnchangedPerson(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	syncAll(t, s, testSource, o.batches(10))
	u := person(8)
	other := domain.User{AccountID: u.AccountID, GroupIDs: []string{"group-19"}}
	u.GroupIDs = append(slices.Clone(u.GroupIDs), other.GroupIDs...)
	pieces := slices.Insert(o.batches(10), 2, domain.Batch{Users: []domain.User{other}})
	o.users[u.AccountID] = u
	if done := syncAll(t, s, testSource, pieces); done.Changed != 1 {
		t.Fatalf("%+v", done)
	}
	compare(t, s, testSource, o)
	if done := syncAll(t, s, testSource, pieces); done.Changed != 0 {
		t.Fatalf("%+v", done)
	}
	compare(t, s, testSource, o)
}

// A piece of somebody who was taken for unchanged and then written by a reading from before the sync is not half of
// what that person has.
func TestASecondPieceAfterAnOldReading(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(30)
	u := person(8)
	other := domain.User{AccountID: u.AccountID, GroupIDs: []string{"group-19"}}
	pieces := append(o.batches(10), domain.Batch{Users: []domain.User{other}})
	syncAll(t, s, testSource, o.batches(10))
	begun, err := s.BeginSync(t.Context(), testSource)
	for i, b := range pieces {
		if i == len(pieces)-1 {
			old := u
			old.ReadAt = time.Now().Add(-time.Hour)
			err = errors.Join(err, s.PutUsers(t.Context(), testSource, []domain.User{old}))
		}
		err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
	}
	done, errCommit := s.CommitSync(t.Context(), begun.ID, domain.Shortfall{})
	if err := errors.Join(err, errCommit); err != nil || done.Changed != 0 {
		t.Fatal(done, err)
	}
	if got := stored(t, s, testSource)[u.AccountID]; len(got.GroupIDs) != len(u.GroupIDs) ||
		len(got.Access) != len(u.Access) {
		t.Errorf("%+v", got)
	}
	u.GroupIDs = append(slices.Clone(u.GroupIDs), other.GroupIDs...)
	o.users[u.AccountID] = u
	if done := syncAll(t, s, testSource, pieces); done.Changed != 1 {
		t.Fatalf("%+v", done)
	}
	compare(t, s, testSource, o)
}

// The files of a sync hold people: nobody else may read them, and they are gone when it has ended, however it did.
func TestFilesOfASyncGo(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	o := newOrganization(30)
	syncAll(t, s, testSource, o.batches(10))
	files := func(want int) {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(dir, stagingPrefix+"*"))
		if err != nil || len(found) != want {
			t.Fatal(found, err)
		}
		for _, f := range found {
			if info, err := os.Stat(f); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Fatal(info, err)
			}
		}
	}
	for _, end := range []func(id int64) error{
		func(id int64) error { _, err := s.CommitSync(t.Context(), id, domain.Shortfall{}); return err },
		func(id int64) error { return s.AbortSync(t.Context(), id, domain.Sync{State: domain.SyncCancelled}) },
		func(int64) error { // as after a crash
			if err := s.Close(); err != nil {
				return err
			}
			s = openTest(t, dir)
			return nil
		},
	} {
		begun, err := s.BeginSync(t.Context(), testSource)
		for _, b := range o.batches(10) {
			err = errors.Join(err, s.StageBatch(t.Context(), begun.ID, b))
		}
		if err != nil {
			t.Fatal(err)
		}
		files(1)
		if err := end(begun.ID); err != nil {
			t.Fatal(err)
		}
		files(0)
	}
}

// A disk on which a file of the sync finds no room is said to be full, and the sync after it works.
func TestSyncOnAFullDisk(t *testing.T) {
	s := openTest(t, t.TempDir())
	o := newOrganization(2000)
	syncAll(t, s, testSource, o.batches(100))
	renamed := o.clone()
	for id, u := range renamed.users {
		u.Name += "'"
		renamed.users[id] = u
	}
	for _, name := range []string{"while staging", "while comparing"} {
		t.Run(name, func(t *testing.T) {
			begun, err := s.BeginSync(t.Context(), testSource)
			if err != nil {
				t.Fatal(err)
			}
			fill := func() { // SQLite makes no file smaller for it
				if _, err := s.db.Write.SQL.Exec(fmt.Sprintf("PRAGMA sync%d.max_page_count = 1",
					begun.ID)); err != nil {
					t.Fatal(err)
				}
			}
			if name == "while staging" {
				fill()
			}
			for _, b := range renamed.batches(100) {
				if err == nil {
					err = s.StageBatch(t.Context(), begun.ID, b)
				}
			}
			if (err == nil) != (name == "while comparing") {
				t.Fatal(err)
			}
			fill()
			if err == nil {
				_, err = s.CommitSync(t.Context(), begun.ID, domain.Shortfall{})
			}
			if e := domain.AsError(err); e == nil || e.Reason != "disk_full" {
				t.Fatal(err)
			}
			if err := s.AbortSync(t.Context(), begun.ID, domain.Sync{State: domain.SyncFailed}); err != nil {
				t.Fatal(err)
			}
			if left, err := filepath.Glob(filepath.Join(s.dir, stagingPrefix+"*")); err != nil || len(left) > 0 {
				t.Error(left, err)
			}
			syncAll(t, s, testSource, o.batches(100))
			compare(t, s, testSource, o)
		})
	}
}

func count(s *Store, query string) (n int, err error) {
	err = s.db.Write.SQL.QueryRow(query).Scan(&n)
	return n, err
}
