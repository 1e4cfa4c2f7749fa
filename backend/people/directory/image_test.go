package directory_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
)

// copied is a real local copy with what its source would deliver now.
type copied struct {
	t      *testing.T
	r      *rand.Rand
	dir    string
	db     *store.Databases
	source string
	c      *content
}

func openCopied(t *testing.T, seed uint64, people int) *copied {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 31))
	m := &copied{t: t, r: r, dir: t.TempDir(), source: "s", c: randomOrg(r, people).now}
	m.open()
	m.begin()
	return m
}

// begin adds the source and does its first sync.
func (m *copied) begin() {
	m.t.Helper()
	m.must(m.db.Records.SaveSource(m.t.Context(), domain.Source{ID: m.source, Kind: domain.KindAtlassianOrg, Name: "Acme"}))
	m.sync()
}

func (m *copied) open() {
	m.t.Helper()
	var err error
	if m.db, err = store.Open(m.t.Context(), m.dir, slog.New(slog.DiscardHandler)); err != nil {
		m.t.Fatal(err)
	}
	db := m.db
	m.t.Cleanup(func() { _ = db.Close() })
}

func (m *copied) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *copied) sync() {
	m.t.Helper()
	m.syncShort(domain.Shortfall{})
}

func (m *copied) syncShort(short domain.Shortfall) {
	m.t.Helper()
	sync, err := m.db.Mirror.BeginSync(m.t.Context(), m.source)
	m.must(err)
	m.must(m.db.Mirror.StageBatch(m.t.Context(), sync.ID, domain.Batch{Directories: m.c.directories, Apps: m.c.apps, Groups: m.c.groups, Users: m.c.users}))
	_, err = m.db.Mirror.CommitSync(m.t.Context(), sync.ID, short)
	m.must(err)
}

// someone changes a few people and gives them.
func (m *copied) someone() []domain.User {
	var changed []domain.User
	for range 1 + m.r.IntN(4) {
		i := m.r.IntN(len(m.c.users))
		u := randomUser(m.r, m.c, m.c.users[i].ID, i)
		u.AccountID = m.c.users[i].AccountID
		m.c.users[i] = u
		changed = append(changed, u)
	}
	return changed
}

// step does one of the things that happen to a local copy, and names it.
func (m *copied) step() string {
	m.t.Helper()
	ctx := m.t.Context()
	time.Sleep(time.Duration(1+m.r.IntN(5)) * time.Hour)
	switch m.r.IntN(9) {
	case 8:
		all := m.c.users
		m.c.users = slices.DeleteFunc(slices.Clone(all), func(domain.User) bool { return m.r.IntN(10) == 0 })
		m.syncShort(domain.Shortfall{FewerPeople: true})
		m.c.users = all
		return "a list that was cut off"
	case 0:
		m.someone()
		m.sync()
		return "a sync with changes"
	case 1:
		m.sync()
		return "a sync without changes"
	case 2, 3:
		m.must(m.db.Mirror.PutUsers(ctx, m.source, m.someone()))
		return "people read afresh"
	case 4:
		m.must(m.db.Mirror.PutUsers(ctx, m.source, []domain.User{randomUser(m.r, m.c, 0, 100_000+m.r.IntN(1000))}))
		return "somebody new"
	case 5:
		m.must(m.db.Mirror.RemovePeople(ctx, m.source, []string{pick(m.r, m.c.users).AccountID, pick(m.r, m.c.users).AccountID}))
		return "people who are gone"
	case 6:
		m.c.groups = append(slices.Clone(m.c.groups[:len(m.c.groups)-1]), domain.Group{
			GroupID: fmt.Sprint("new", m.r.IntN(1000)), Name: fmt.Sprint("New ", m.r.IntN(1000)), GrantsAccess: []string{},
		})
		m.c.users[0].GroupIDs = []string{m.c.groups[0].GroupID, m.c.groups[len(m.c.groups)-1].GroupID}
		m.sync()
		return "a sync with other groups"
	default:
		users, err := m.db.Mirror.UsersByAccount(ctx, m.source, []string{m.c.users[0].AccountID, m.c.users[1].AccountID})
		m.must(err)
		var people []domain.ImportedPerson
		for _, u := range users {
			people = append(people, domain.ImportedPerson{UserID: u.ID, ImportedFacts: domain.ImportedFacts{LastDay: int32(20_000 + m.r.IntN(200)), Status: domain.StatusActive}})
		}
		m.must(m.db.Mirror.SaveImport(ctx, domain.Import{SourceID: m.source, Kind: domain.ImportUsers, ImportedAt: time.Now(), AsOf: time.Now()}, people))
		return "an imported file"
	}
}

// sameIndex compares two indexes of the copy in everything that can be asked.
func (m *copied) sameIndex(what string, got, want *index.Index) {
	m.t.Helper()
	if got.Len() != want.Len() || len(got.Groups) != len(want.Groups) || len(got.Apps) != len(want.Apps) || got.Freshness != want.Freshness {
		m.t.Fatalf("%s: %d people, %d groups, %d apps of %+v, not %d, %d, %d of %+v", what, got.Len(), len(got.Groups), len(got.Apps), got.Freshness,
			want.Len(), len(want.Groups), len(want.Apps), want.Freshness)
	}
	for p := range want.Len() {
		q, there := got.Position(want.ID(p))
		if !there || !index.SamePerson(got, q, want, p) || got.AccountID.At(q) != want.AccountID.At(p) || got.Email(q) != want.Email(p) ||
			!got.ReadAt(q).Equal(want.ReadAt(p)) {
			m.t.Fatalf("%s: %s (%d) is not the same", what, want.AccountID.At(p), want.ID(p))
		}
	}
	idsIn := func(ix *index.Index, positions []int32) []int64 {
		ids := make([]int64, len(positions))
		for i, pos := range positions {
			ids[i] = ix.ID(int(pos))
		}
		return ids
	}
	for _, order := range [][]filter.Order{nil, {{Field: "email"}}, {{Field: "lastActive", Desc: true}}} {
		if !slices.Equal(idsIn(got, got.Sorted(order)), idsIn(want, want.Sorted(order))) {
			m.t.Fatalf("%s: another order by %v", what, order)
		}
	}
	found := func(ix *index.Index, q *filter.Query, search string) []int64 {
		set, _, err := ix.Evaluate(q)
		if err != nil {
			return []int64{-1} // the same mistake in both
		}
		var ids []int64
		ix.Search(set, search).Each(func(pos int) { ids = append(ids, ix.ID(pos)) })
		slices.Sort(ids)
		return ids
	}
	s := directory.New(directory.Options{Store: m.db.Mirror})
	defer s.Close()
	for range 25 {
		parsed := s.Format(randomFilter(m.r, m.c, s.Fields()))
		if parsed.Error != nil {
			continue
		}
		search := pick(m.r, []string{"", "a", "no", "müller", "712020"})
		if a, b := found(got, parsed.Tree, search), found(want, parsed.Tree, search); !slices.Equal(a, b) {
			m.t.Fatalf("%s: %s (search %q):\n  got %v\n want %v", what, parsed.Canonical, search, a, b)
		}
	}
}

// TestImagesAndPatchesEqualRows checks that an index from the image, and one made from the last one, are what the rows
// say, whatever happened to the copy in between.
func TestImagesAndPatchesEqualRows(t *testing.T) {
	steps := 0
	for seed := range uint64(4) {
		synctest.Test(t, func(t *testing.T) { steps += imagesAndPatches(t, seed) })
	}
	t.Logf("%d steps", steps)
}

func imagesAndPatches(t *testing.T, seed uint64) (steps int) {
	t.Helper()
	m := openCopied(t, seed, 150)
	last, err := index.Open(t.Context(), m.db.Mirror, "s")
	m.must(err)
	m.must(last.SaveImage(t.Context(), m.db.Mirror, "s"))
	history := ""
	for range 25 {
		for range 1 + m.r.IntN(2) {
			history += m.step() + "; "
			steps++
		}
		want, err := index.Build(t.Context(), m.db.Mirror, "s")
		m.must(err)
		opened, err := index.Open(t.Context(), m.db.Mirror, "s")
		m.must(err)
		m.sameIndex(fmt.Sprintf("seed %d: from the image after %s", seed, history), opened, want)
		next, err := last.Next(t.Context(), m.db.Mirror, "s")
		m.must(err)
		m.sameIndex(fmt.Sprintf("seed %d: from the last one after %s", seed, history), next, want)
		if last = next; m.r.IntN(3) == 0 {
			m.must(last.SaveImage(t.Context(), m.db.Mirror, "s"))
			history = ""
		}
		if m.r.IntN(8) == 0 {
			m.must(m.db.Close())
			m.open()
		}
	}
	return steps
}

// TestImagesAreUsed checks that rows are not read where the image or the last index will do: without that the test
// above says nothing.
func TestImagesAreUsed(t *testing.T) {
	m := openCopied(t, 3, 150)
	rows := &rowCounter{Store: m.db.Mirror}
	first, err := index.Open(t.Context(), rows, "s")
	m.must(err)
	m.must(first.SaveImage(t.Context(), rows, "s"))
	if rows.reads != 1 {
		t.Fatal("there was no image yet")
	}
	for _, step := range []func(){
		func() {}, m.sync, func() { m.must(m.db.Mirror.PutUsers(t.Context(), "s", m.someone())) }, func() { m.someone(); m.sync() },
		func() { m.must(m.db.Mirror.RemovePeople(t.Context(), "s", []string{m.c.users[0].AccountID})) },
		func() {
			m.must(m.db.Records.SaveSource(t.Context(), domain.Source{ID: "other", Kind: domain.KindJiraCloud, Name: "Other"}))
		},
	} {
		step()
		_, err := index.Open(t.Context(), rows, "s")
		m.must(err)
		_, err = first.Next(t.Context(), rows, "s")
		m.must(err)
	}
	if rows.reads != 1 {
		t.Errorf("the rows were read %d times", rows.reads)
	}
}

// TestAGroupThatComesAfterItsMembers checks that rows about a group that was not known are not forgotten when it is:
// its members have not changed then.
func TestAGroupThatComesAfterItsMembers(t *testing.T) {
	m := openCopied(t, 4, 20)
	m.c.users[3].GroupIDs = append(m.c.users[3].GroupIDs, "late")
	m.must(m.db.Mirror.PutUsers(t.Context(), "s", m.c.users[3:4]))
	last, err := index.Build(t.Context(), m.db.Mirror, "s")
	m.must(err)
	m.must(last.SaveImage(t.Context(), m.db.Mirror, "s"))
	m.c.groups = append(m.c.groups, domain.Group{GroupID: "late", Name: "Late"})
	m.sync()
	want, err := index.Build(t.Context(), m.db.Mirror, "s")
	m.must(err)
	if late := want.FindGroups("late"); len(late) != 1 || want.MemberCount(late[0]) != 1 {
		t.Fatal("the group has no member")
	}
	opened, err := index.Open(t.Context(), m.db.Mirror, "s")
	m.must(err)
	m.sameIndex("from the image", opened, want)
	next, err := last.Next(t.Context(), m.db.Mirror, "s")
	m.must(err)
	m.sameIndex("from the last one", next, want)
}

// rowCounter counts how often all rows are read.
type rowCounter struct {
	*mirrordb.Store
	reads int
}

func (c *rowCounter) EachUser(ctx context.Context, src string, fn func(domain.User) error) error {
	c.reads++
	return c.Store.EachUser(ctx, src, fn)
}

// TestDamagedImages checks that an image that is not what was written is passed over without a word.
func TestDamagedImages(t *testing.T) {
	for name, statement := range map[string]string{
		"a changed byte":        `UPDATE image_parts SET data = substr(data, 1, 2000) || x'55' || substr(data, 2002)`,
		"cut off":               `UPDATE image_parts SET data = substr(data, 1, length(data) / 2)`,
		"a part that is gone":   `DELETE FROM image_parts`,
		"a part too many":       `INSERT INTO image_parts (id, checksum, data) SELECT id + 1, checksum, data FROM image_parts; UPDATE images SET parts = parts + 1`,
		"another form":          `UPDATE images SET version = version + 1`,
		"another schema":        `UPDATE images SET schema = schema - 1`,
		"of another generation": `UPDATE images SET generation = 0`,
		"empty":                 `UPDATE image_parts SET data = x'', checksum = 0`,
	} {
		t.Run(name, func(t *testing.T) {
			m := openCopied(t, 5, 120)
			ix, err := index.Build(t.Context(), m.db.Mirror, "s")
			m.must(err)
			m.must(ix.SaveImage(t.Context(), m.db.Mirror, "s"))
			m.must(m.db.Close())
			raw, err := sql.Open("sqlite", filepath.Join(m.dir, mirrordb.FileName))
			m.must(err)
			_, err = raw.ExecContext(t.Context(), statement)
			m.must(err)
			m.must(raw.Close())
			m.open()
			rows := &rowCounter{Store: m.db.Mirror}
			got, err := index.Open(t.Context(), rows, "s")
			m.must(err)
			m.sameIndex(name, got, ix)
			if rows.reads != 1 {
				t.Errorf("the rows were read %d times", rows.reads)
			}
			m.must(got.SaveImage(t.Context(), rows, "s"))
			if _, err := index.Open(t.Context(), rows, "s"); err != nil || rows.reads != 1 {
				t.Errorf("the new image is not used: %d, %v", rows.reads, err)
			}
		})
	}
}
