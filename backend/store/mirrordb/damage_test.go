package mirrordb

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// tried is a test whose failure is an answer.
type tried struct {
	testing.TB

	why string
}

func (t *tried) Helper()           {}
func (t *tried) Fatal(args ...any) { t.why = fmt.Sprint(args...); runtime.Goexit() }
func (t *tried) Fatalf(format string, args ...any) {
	t.why = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// try gives why fn failed, "" if it did not.
func try(t testing.TB, fn func(testing.TB)) string {
	t.Helper()
	answer, ended := &tried{TB: t}, make(chan struct{})
	go func() {
		defer close(ended)
		fn(answer)
	}()
	<-ended
	return answer.why
}

// left is a data folder as some session left it, and what its copy holds.
type left struct {
	files   map[string][]byte
	changed time.Time // the copy, as its seal says
	org     *organization
}

// leave makes a folder. The copy was written several times and has free pages; an unclean one ended in the middle.
func leave(t *testing.T, clean bool) left {
	t.Helper()
	dir := t.TempDir()
	s := openTest(t, dir)
	org := newOrganization(60)
	syncAll(t, s, testSource, newOrganization(160).batches(100))
	syncAll(t, s, testSource, org.batches(100))
	// leaves free pages
	for _, statement := range []string{"CREATE TABLE free AS SELECT * FROM users", "DROP TABLE free"} {
		if _, err := s.db.Write.SQL.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if clean {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	} else { // the file is whole, and the journal begins anew
		if _, err := s.db.Write.SQL.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
		syncAll(t, s, testSource, org.batches(100))
		org = org.clone()
		changed := org.users["acc:000007"]
		changed.Name = "Somebody Else"
		org.users[changed.AccountID] = changed
		syncAll(t, s, testSource, org.batches(100))
	}
	l := left{files: map[string][]byte{}, org: org}
	if info, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
		l.changed = info.ModTime()
	}
	for _, f := range []string{FileName, FileName + "-wal", FileName + ".seal"} {
		if b, err := os.ReadFile(filepath.Join(dir, f)); err == nil {
			l.files[f] = b
		}
	}
	if _, sealed := l.files[FileName+".seal"]; sealed != clean {
		t.Fatal("sealed:", sealed)
	}
	return l
}

// put writes the folder anew with some files as they are given.
func (l left) put(t testing.TB, dir string, instead map[string][]byte) {
	t.Helper()
	all := maps.Clone(l.files)
	maps.Copy(all, instead)
	old, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range old {
		_ = os.Remove(f)
	}
	for f, b := range all {
		if err := os.WriteFile(filepath.Join(dir, f), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, FileName), l.changed, l.changed); err != nil {
		t.Fatal(err)
	}
}

// hurt damages bytes in one of several ways and says how. page is the size of a page.
func hurt(r *rand.Rand, whole []byte, page int) ([]byte, string) {
	b := bytes.Clone(whole)
	at := r.IntN(len(b))
	switch r.IntN(7) {
	case 0:
		at = r.IntN(min(100, len(b)))
		b[at] ^= 1 << r.IntN(8)
		return b, fmt.Sprintf("a bit of the file's header, at %d", at)
	case 1:
		at = at/page*page + r.IntN(12)
		if at >= len(b) {
			at = len(b) - 1
		}
		b[at] ^= 1 << r.IntN(8)
		return b, fmt.Sprintf("a bit of a page's header, at %d", at)
	case 2:
		b[at] ^= 1 << r.IntN(8)
		return b, fmt.Sprintf("a bit at %d", at)
	case 3:
		for range 1 + r.IntN(30) {
			b[r.IntN(len(b))] = byte(r.UintN(256))
		}
		return b, "some bytes"
	case 4:
		end := min(len(b), at+1+r.IntN(3*page))
		clear(b[at:end])
		return b, fmt.Sprintf("zeros from %d to %d", at, end)
	case 5:
		return b, "nothing" // as when zeros are written over zeros
	default:
		return b[:at], fmt.Sprintf("cut at %d", at)
	}
}

// Whatever happens to the copy between two sessions: it is built again, or says what it said before.
func TestADamagedCopyIsBuiltAgainOrSaysTheSame(t *testing.T) {
	l := leave(t, true)
	whole, dir := l.files[FileName], t.TempDir()
	const seeds = 150
	damaged, rebuilt, same := 0, 0, 0
	for seed := range uint64(seeds) {
		b, how := hurt(rand.New(rand.NewPCG(seed, 1)), whole, 4096)
		if !bytes.Equal(b, whole) {
			damaged++
		}
		l.put(t, dir, map[string][]byte{FileName: b})
		o, lost := options(), false
		o.Lost = func(context.Context, []domain.LostImport) error {
			lost = true
			if now, err := os.ReadFile(filepath.Join(dir, FileName)); err != nil || !bytes.Equal(now, b) {
				t.Errorf("seed %d, %s: it was said that the copy is lost when it was moved already", seed, how)
			}
			return nil
		}
		s, err := Open(t.Context(), dir, o)
		if err != nil {
			t.Fatalf("seed %d, %s: %v", seed, how, err)
		}
		switch {
		case lost:
			rebuilt++
			n := 0
			if err := s.EachUser(t.Context(), testSource, func(domain.User) error { n++; return nil }); err != nil ||
				n > 0 {
				t.Fatalf("seed %d, %s: %d people, %v", seed, how, n, err)
			}
			if aside, err := os.ReadFile(filepath.Join(dir, FileName+".damaged")); err != nil ||
				!bytes.Equal(aside, b) {
				t.Fatalf("seed %d, %s: the damaged file was not kept: %v", seed, how, err)
			}
			if seed%20 == 0 {
				syncAll(t, s, testSource, l.org.batches(100))
				compare(t, s, testSource, l.org)
			}
		default:
			same++
			if why := try(t, func(t testing.TB) { compare(t, s, testSource, l.org) }); why != "" {
				t.Fatalf("seed %d, %s: %s", seed, how, why)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatalf("seed %d, %s: %v", seed, how, err)
		}
	}
	t.Logf("%d built again, %d as before", rebuilt, same)
	if rebuilt < 9*damaged/10 || same == 0 {
		t.Errorf("%d built again, %d as before", rebuilt, same)
	}
}

// After an end without a seal, by a kill or under an older version, nothing tells a flipped text from a right one. But
// nothing panics, a copy that cannot be read is built again, and a full sync that says it is done has made the lists
// right.
func TestAFullSyncAfterDamageMakesTheListsRight(t *testing.T) {
	crashed, plain := leave(t, false), leave(t, true)
	delete(plain.files, FileName+".seal")
	wal := FileName + "-wal"
	dir := t.TempDir()
	counts := map[string]int{}
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 2))
		l, file, page := crashed, FileName, 4096
		switch r.IntN(3) {
		case 0:
			file, page = wal, 4096+24
		case 1:
			l = plain
		}
		b, how := hurt(r, l.files[file], page)
		how = fmt.Sprintf("seed %d, %s: %s", seed, file, how)
		l.put(t, dir, map[string][]byte{file: b})
		for session := 1; ; session++ {
			s, err := tryOpen(dir)
			if err != nil || session > 3 {
				t.Fatalf("%s: session %d: %v", how, session, err)
			}
			why := try(t, func(t testing.TB) {
				syncAll(t, s, testSource, l.org.batches(100))
				if err := s.CheckCopy(t.Context()); err != nil {
					t.Fatal(err)
				}
			})
			if why == "" {
				why = try(t, func(t testing.TB) { compare(t, s, testSource, l.org) })
			}
			damaged := s.db.Usable() != nil
			if damaged {
				err := s.EachUser(t.Context(), testSource, func(domain.User) error { return nil })
				if _, errMake := s.BeginSync(t.Context(), testSource); domain.AsError(err).Reason != "damaged" ||
					domain.AsError(errMake).Reason != "damaged" {
					t.Fatalf("%s: a condemned copy answers: %v %v", how, err, errMake)
				}
			}
			s.db.Looked() // a look that an error has begun
			damaged = damaged || s.db.Usable() != nil
			_ = s.Close()
			if why == "" && !damaged {
				counts[fmt.Sprint("right in session ", session)]++
				break
			}
			if !damaged {
				t.Fatalf("%s: %s", how, why)
			}
		}
	}
	t.Log(counts)
}

// The first sign of damage while the program runs ends all work with the copy, also after a kill.
func TestDamageAtWork(t *testing.T) {
	dir := filled(t)
	s := openTest(t, dir)
	loss := domain.Import{SourceID: testSource, Kind: domain.ImportUsers, FileName: "export.csv"}
	if err := s.SaveImport(t.Context(), loss, nil); err != nil {
		t.Fatal(err)
	}
	before := syncAll(t, s, testSource, newOrganization(200).batches(100))
	var most int64
	if err := s.db.Read.SQL.QueryRow("SELECT max(id) FROM accounts").Scan(&most); err != nil {
		t.Fatal(err)
	}
	// as a bit in the row's head does
	if _, err := s.db.Write.SQL.Exec("UPDATE users SET status = 'x' WHERE id = 7"); err != nil {
		t.Fatal(err)
	}
	err := s.EachUser(t.Context(), testSource, func(domain.User) error { return nil })
	if e := domain.AsError(err); e == nil || e.Reason != "damaged" ||
		!strings.Contains(e.Message, "being built again") {
		t.Fatal(err)
	}
	select {
	case <-s.Damaged():
	case <-time.After(time.Minute):
		t.Fatal("nobody was told")
	}
	for what, err := range map[string]error{
		"groups": func() error { _, err := s.Groups(t.Context(), testSource); return err }(),
		"age":    func() error { _, err := s.Freshness(t.Context(), testSource); return err }(),
		"write":  s.PutUsers(t.Context(), testSource, []domain.User{person(1)}),
		"check":  s.CheckCopy(t.Context()),
	} {
		if e := domain.AsError(err); e == nil || e.Reason != "damaged" {
			t.Errorf("%s: %v", what, err)
		}
	}
	// The process is killed here: nothing but the mark tells.
	killed := t.TempDir()
	for _, f := range []string{FileName, FileName + "-wal", FileName + ".condemned"} {
		if b, err := os.ReadFile(filepath.Join(dir, f)); err == nil {
			if err := os.WriteFile(filepath.Join(killed, f), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	o := options()
	var lost []domain.LostImport
	o.Lost = func(_ context.Context, imports []domain.LostImport) error { lost = imports; return nil }
	again, err := Open(t.Context(), killed, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if len(lost) != 1 || lost[0] != (domain.LostImport{SourceID: testSource, Kind: domain.ImportUsers}) {
		t.Fatal(lost)
	}
	after := syncAll(t, again, testSource, newOrganization(200).batches(100))
	if after.ID <= before.ID {
		t.Errorf("sync %d follows %d: a plan of before would count as of now", after.ID, before.ID)
	}
	if err := again.EachUser(t.Context(), testSource, func(u domain.User) error {
		if u.ID <= most {
			return fmt.Errorf("person %d was somebody else before", u.ID)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// What cannot be told from damage has the copy looked through; a whole one stays.
func TestAnOddErrorHasTheCopyLookedThrough(t *testing.T) {
	s := openTest(t, filled(t))
	_ = s.db.Fault("try", fmt.Errorf("something odd"))
	s.db.Looked()
	if s.db.Usable() != nil {
		t.Fatal("a whole copy was condemned")
	}
	// An index that does not have what its table has.
	for _, statement := range []string{"PRAGMA writable_schema = 1",
		"UPDATE sqlite_schema SET sql = 'CREATE INDEX users_by_source ON users (source, status)' WHERE name = 'users_by_source'", "PRAGMA writable_schema = 0", "VACUUM"} {
		if _, err := s.db.Write.SQL.Exec(statement); err != nil {
			t.Log(statement, err)
		}
	}
	for _, statement := range []string{"PRAGMA writable_schema = 1",
		"UPDATE sqlite_schema SET sql = 'CREATE INDEX users_by_source ON users (source, removed_at)' WHERE name = 'users_by_source'", "PRAGMA schema_version = 12345"} {
		if _, err := s.db.Write.SQL.Exec(statement); err != nil {
			t.Log(statement, err)
		}
	}
	_ = s.db.Fault("try", fmt.Errorf("something odd"))
	s.db.Looked()
	if s.db.Usable() == nil {
		t.Fatal("a damaged copy was not condemned")
	}
}

// A file of another program of ours, which was newer, is not ours to move; what an older one has written since stays.
func TestWhatIsNotDamageIsNotMoved(t *testing.T) {
	dir := filled(t)
	if _, err := os.ReadFile(filepath.Join(dir, FileName+".seal")); err != nil {
		t.Fatal("not sealed:", err)
	}
	execIn(t, dir, "PRAGMA user_version = 99")
	execIn(t, dir, "CREATE TABLE newer (a INTEGER)")
	wantRefusal(t, dir, "newer")
	if sqlite.Exists(filepath.Join(dir, FileName+".damaged")) {
		t.Error("it was set aside")
	}
	dir = filled(t)
	execIn(t, dir, "UPDATE users SET name = 'Renamed' WHERE id = 5")
	s := openTest(t, dir)
	if users, err := s.UsersByID(t.Context(), testSource, []int64{5}); err != nil || len(users) != 1 ||
		users[0].Name != "Renamed" {
		t.Error(users, err)
	}
}

// The seal stands until the first change, so that a kill before one costs the next start nothing.
func TestTheSealStandsUntilTheFirstChange(t *testing.T) {
	dir := filled(t)
	seal := filepath.Join(dir, FileName+".seal")
	looked := openTest(t, dir)
	compare(t, looked, testSource, newOrganization(200))
	if !looked.db.AsLeft() || !sqlite.Exists(seal) {
		t.Error("reading broke the seal")
	}
	if err := looked.PutUsers(t.Context(), testSource, []domain.User{person(1)}); err != nil {
		t.Fatal(err)
	}
	if looked.db.AsLeft() || sqlite.Exists(seal) {
		t.Error("a change left the seal")
	}
	if err := looked.Close(); err != nil {
		t.Fatal(err)
	}
	if again := openTest(t, dir); !again.db.AsLeft() {
		t.Error("a closed copy was not sealed again")
	}
}
