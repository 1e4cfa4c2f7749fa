package mirrordb

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// crashFolder names the folder in which this test binary, started as a child, syncs until it is killed.
const crashFolder = "SEATKEEPER_TEST_CRASH_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashFolder); dir != "" {
		syncForever(dir)
	}
	os.Exit(m.Run())
}

// two are the contents between which the child goes back and forth: each sync adds, removes and changes many people.
func two() [2]*organization {
	a := newOrganization(400)
	b := a.clone()
	for i := range 400 {
		u := person(i)
		switch i % 4 {
		case 0:
			delete(b.users, u.AccountID)
			continue
		case 1:
			u.Name += " (changed)"
			u.GroupIDs = []string{"group-7"}
		case 2:
			u.Access = []domain.AppAccess{{AppID: "ari:app/4", AppKey: "app-4", Known: true, LastActive: day(20900)}}
		}
		b.users[u.AccountID] = u
	}
	for i := range 70 {
		u := person(9000 + i)
		b.users[u.AccountID] = u
	}
	b.groups = b.groups[:15]
	return [2]*organization{a, b}
}

// linesPerSync is how many lines the child prints for one sync: one before each step.
var linesPerSync = len(two()[0].batches(100)) + 2

// syncForever is the child. It prints a line before each step.
func syncForever(dir string) {
	s, err := tryOpen(dir)
	if err != nil {
		fmt.Fprintln(os.Stdout, "error", err)
		os.Exit(1)
	}
	ctx := context.Background()
	contents := two()
	for i := 0; ; i++ {
		fmt.Fprintln(os.Stdout, "sync", i)
		begun, err := s.BeginSync(ctx, testSource)
		for _, b := range contents[i%2].batches(100) {
			fmt.Fprintln(os.Stdout, "batch")
			if err == nil {
				err = s.StageBatch(ctx, begun.ID, b)
			}
		}
		fmt.Fprintln(os.Stdout, "commit")
		if err == nil {
			_, err = s.CommitSync(ctx, begun.ID, domain.Shortfall{})
		}
		if err != nil {
			fmt.Fprintln(os.Stdout, "error", err)
			os.Exit(1)
		}
	}
}

// killAfter starts the child and kills it with SIGKILL a moment after it has printed so many lines.
func killAfter(t *testing.T, dir string, lines int, moment time.Duration) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashFolder+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	read := bufio.NewScanner(out)
	fail := func() {
		if strings.HasPrefix(read.Text(), "error") {
			t.Fatal(read.Text())
		}
	}
	for range 1 + lines {
		read.Scan()
		fail()
	}
	<-time.After(moment)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for read.Scan() {
		fail()
	}
	_ = child.Wait()
}

// checkAfterCrash opens the files and looks at everything.
func checkAfterCrash(t *testing.T, dir string, contents [2]*organization) (which string) {
	t.Helper()
	s := openTest(t, dir)
	defer func() { _ = s.Close() }()
	var answer string
	if err := s.db.Write.SQL.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		t.Fatal(answer, err)
	}
	last, err := s.LastSync(t.Context(), testSource)
	if err != nil || last.State == domain.SyncRunning {
		t.Fatalf("%+v %v", last, err)
	}
	if last.State == domain.SyncFailed && (last.Error == nil || last.Error.Reason != "interrupted") {
		t.Fatalf("%+v", last)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) > 3 {
		t.Fatal("something was left", files, err)
	}
	f, err := s.Freshness(t.Context(), testSource)
	if err != nil {
		t.Fatal(err)
	}
	if f.Revision == 0 {
		if f.Partial != (f.People+f.Groups > 0) {
			t.Fatalf("%+v", f)
		}
		stored(t, s, testSource) // can be read
		return "partial"
	}
	diffA := difference(t, s, testSource, contents[0])
	diffB := difference(t, s, testSource, contents[1])
	switch {
	case diffA == "":
		return "old"
	case diffB == "":
		return "new"
	default:
		t.Fatalf("neither the old nor the new content\n%s\n%s", diffA, diffB)
		return ""
	}
}

// A program that is killed at any moment of a sync leaves the old content or the new one, never a mixture, and the next
// sync works.
func TestKilledSync(t *testing.T) {
	contents := two()
	random := rand.New(rand.NewPCG(rand.Uint64(), 1))
	moment := func() time.Duration { return time.Duration(random.IntN(15_000)) * time.Microsecond }
	dir := t.TempDir()
	s := openTest(t, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for range 8 { // during the first sync
		killAfter(t, dir, random.IntN(linesPerSync-1), moment())
		seen[checkAfterCrash(t, dir, contents)]++
	}
	s = openTest(t, dir)
	syncAll(t, s, testSource, contents[0].batches(100))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 32 {
		killAfter(t, dir, linesPerSync/2+random.IntN(2*linesPerSync), moment())
		seen[checkAfterCrash(t, dir, contents)]++
	}
	t.Log(seen)
	if seen["old"] == 0 || seen["new"] == 0 {
		t.Errorf("the kills did not meet both contents: %v", seen)
	}
	s = openTest(t, dir)
	for _, o := range contents {
		syncAll(t, s, testSource, o.batches(500))
		compare(t, s, testSource, o)
	}
}

// A full disk at any point of a sync is a clear error, leaves the old content, and after room was made the next sync
// works.
func TestDiskFull(t *testing.T) {
	contents := two()
	s := openTest(t, t.TempDir())
	syncAll(t, s, testSource, contents[0].batches(100))
	limit := func(schema string, n int) {
		t.Helper()
		if _, err := s.db.Write.SQL.Exec(fmt.Sprintf("PRAGMA %s.max_page_count = %d", schema, n)); err != nil {
			t.Fatal(err)
		}
	}
	const unlimited = 1 << 30
	failed, i := 0, 0
	for extra := 0; ; extra++ {
		// Alternately the copy's and the sync's own file are full.
		i++
		begun, err := s.BeginSync(t.Context(), testSource)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			pages, err := sqlite.Pragma(t.Context(), s.db.Write.SQL, "page_count")
			if err != nil {
				t.Fatal(err)
			}
			limit("main", pages+extra)
		} else {
			limit(fmt.Sprintf("sync%d", begun.ID), 12+2*extra)
		}
		for _, b := range contents[1].batches(100) {
			if err == nil {
				err = s.StageBatch(t.Context(), begun.ID, b)
			}
		}
		if err == nil {
			_, err = s.CommitSync(t.Context(), begun.ID, domain.Shortfall{})
		}
		limit("main", unlimited)
		if err == nil && i%2 == 0 {
			break
		}
		if err == nil {
			syncAll(t, s, testSource, contents[0].batches(100))
			continue
		}
		failed++
		e := domain.AsError(err)
		if e.Reason != "disk_full" || e.Hint == "" {
			t.Fatalf("%+v", err)
		}
		if err := s.AbortSync(t.Context(), begun.ID, domain.Sync{State: domain.SyncFailed, Error: e}); err != nil {
			t.Fatal(err)
		}
		compare(t, s, testSource, contents[0])
	}
	t.Logf("full at %d points", failed)
	if failed < 4 {
		t.Error("the disk was full too rarely")
	}
	compare(t, s, testSource, contents[1])
}
